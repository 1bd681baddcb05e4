"""What comes next in a run in rounds: a job that decides whom to ask, people who answer, or the end.

It is read off what lies in the bucket, so that a second start of the run goes on where the first one was, with the same
result: a round's files are written once, and what was decided is not decided again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from domain.errors import RoundIncomplete
from domain.jsonlines import JsonLines, dump_line
from domain.labeling.collect import reused_rows
from domain.labeling.manifest.input_manifest import line_of, object_of
from domain.labeling.rounds.files import (
    ANSWERS,
    ASK,
    EARLIER,
    EMBEDDINGS,
    GIVEN,
    MACHINE,
    OBJECTS,
    QUESTIONS,
    SOURCES,
    STATE,
    SUMMARY,
    UNREADABLE,
    answered,
    of_round,
    of_run,
    rows_of,
)
from domain.labels.rows import LABELED, LabelRow
from domain.task_types.suggested import SUGGESTION
from domain.workflow.embedding_model import freeze_model
from domain.workflow.inputs import LabelInput
from domain.workflow.job_files import input_manifest
from domain.workflow.names import assist_prefix, job_name, kept_embeddings_key, labels_key, round_run_id
from domain.workflow.object_keys import relative_to
from domain.workflow.ports import ObjectStore
from domain.workflow.s3_uri import S3Uri
from domain.workflow.states import (
    AskRound,
    DecideRound,
    JobInput,
    LabelRun,
    RoundAnswered,
    RoundRequest,
    RoundsDone,
    RoundStep,
)

FIRST_SECONDS, LATER_SECONDS = 4 * 3600, 3600
"""The longest that a job may take: the first one embeds all images."""
_INPUT, _OUTPUT = "/opt/ml/processing/input", "/opt/ml/processing/output"


def next_step(request: RoundRequest, store: ObjectStore, job_prefix: str, model: str = "") -> RoundStep:
    """What the round that the request is about needs; asking again gives the same answer. `model` is the key of the
    stage's own embedding model, if it has one.

    Raises:
        InvalidInput: that model or its card is not there or is wrong.
        RoundIncomplete: its job has ended well and left nothing.
    """
    run, number = request.run, request.number
    if not request.manifest.accepted:
        return RoundsDone()  # every object has a label from an earlier run
    if not _is_decided(run, number, store):
        if request.decided:
            raise RoundIncomplete(
                f"the job of round {number} has ended, and its files are not in "
                f"s3://{store.bucket}/{of_round(run, number, '')}; see the processing job's log"
            )
        _prepare(request, store, model)
        return _job(run, number, store, job_prefix)
    asked = _write_manifest(request, store)
    if not asked:
        return RoundsDone()
    if store.exists(labels_key(run.dataset, round_run_id(run.run_id, number))):
        return RoundAnswered()
    return AskRound(asked=asked, input=_input(run, number, store))


def _is_decided(run: LabelRun, number: int, store: ObjectStore) -> bool:
    """Whether all is there that the job's summary tells of. Files without a line need not be."""
    text = store.find(of_round(run, number, SUMMARY))
    if text is None:
        return False
    told = json.loads(text)
    files = [of_round(run, number, STATE), of_run(run, EMBEDDINGS)]
    files += [of_round(run, number, QUESTIONS)] if told["asked"] else []
    files += [of_round(run, number, MACHINE)] if told["machine"] else []
    files += [of_run(run, UNREADABLE)] if told["unreadable"] else []
    return all(store.exists(key) for key in files)


def _prepare(request: RoundRequest, store: ObjectStore, model: str) -> None:
    """Writes what the round's job reads, if no earlier start has."""
    run, number = request.run, request.number
    if number == 0 and not store.exists(of_run(run, GIVEN)):
        refs = sorted({ref for ref, _ in _asked(request, store)} | {row.source_ref for row in _reused(request, store)})
        root = f"s3://{store.bucket}/{run.source_prefix}"
        names = ({"source": relative_to(ref, root)} for ref in refs)
        store.write_pieces(of_run(run, OBJECTS), (f"{dump_line(row)}\n" for row in names))
        store.write_pieces(of_run(run, SOURCES), input_manifest((S3Uri(ref).key for ref in refs), store.bucket))
        if store.exists(kept_embeddings_key(run.dataset)):
            store.copy(kept_embeddings_key(run.dataset), of_run(run, EARLIER))
        settings = run.assist.chosen if run.assist else {}
        own = freeze_model(model, of_run(run, ""), store) if model else None
        given = {"labels": list(run.task.labels), "seed": run.seed, "settings": settings, "embedding": own}
        # Last, for it says that the others are there.
        store.write(of_run(run, GIVEN), json.dumps(given, ensure_ascii=False))
    if not store.exists(of_round(run, number, ANSWERS)):
        lines = _answers(request, store)
        if lines:  # whether SageMaker copies an empty object is not documented
            store.write_pieces(of_round(run, number, ANSWERS), lines)


def _answers(request: RoundRequest, store: ObjectStore) -> list[str]:
    """An object for which people could give no label is not asked again: its label is null. One whose job was ended
    before they answered is open still."""
    earlier = {row.source: row.label for row in _reused(request, store)}
    for source, (_, row) in answered(request.run, request.number, store).settled.items():
        earlier[source] = row.label if row.status == LABELED else None
    return [f"{dump_line({'source': source, 'label': label})}\n" for source, label in sorted(earlier.items())]


def _job(run: LabelRun, number: int, store: ObjectStore, job_prefix: str) -> DecideRound:
    config = f"{_INPUT}/config"
    prefix = S3Uri.of(store.bucket, assist_prefix(run.dataset, run.run_id))
    inputs, images = [JobInput(name="config", uri=prefix)], []
    if number == 0:
        sources = S3Uri.of(store.bucket, of_run(run, SOURCES))
        inputs.append(JobInput(name="images", uri=sources, type="ManifestFile"))
        images = ["--input", f"{_INPUT}/images/{run.source_prefix.removesuffix('/')}"]
    return DecideRound(
        job_name=job_name(job_prefix, "assist", run.dataset, run.run_id, str(number)),
        inputs=inputs,
        output_uri=prefix,
        run_arguments=[
            *("assist", *images, "--work", config, "--round", str(number), "--output", _OUTPUT),
            *("--host-config", "/opt/ml/config/resourceconfig.json"),
        ],
        deadline_seconds=FIRST_SECONDS if number == 0 else LATER_SECONDS,
    )


def _write_manifest(request: RoundRequest, store: ObjectStore) -> int:
    """How many objects people are asked. What the run's own manifest says of them stays, but for its suggestions."""
    run, number = request.run, request.number
    shown = {row["source"]: row["suggestion"] for row in rows_of(of_round(run, number, QUESTIONS), store)}
    key, root = of_round(run, number, ASK), f"s3://{store.bucket}/{run.source_prefix}"
    if shown and not store.exists(key):
        lines = (
            line_of(ref, _with_suggestion(given, shown[source]))
            for ref, given in _asked(request, store)
            if (source := relative_to(ref, root)) in shown
        )
        store.write_pieces(key, lines)
    return len(shown)


def _with_suggestion(given: dict[str, Any], suggestion: str | None) -> dict[str, Any]:
    own = {name: value for name, value in given.items() if name != SUGGESTION}
    return own if suggestion is None else {**own, SUGGESTION: suggestion}


def _input(run: LabelRun, number: int, store: ObjectStore) -> LabelInput:
    """The execution of `label` is told what the run was told, but which objects are meant: that is decided."""
    fields = run.model_dump(exclude={"execution", "assist", "filter", "sample"})
    manifest = S3Uri.of(store.bucket, of_round(run, number, ASK))
    return LabelInput(
        **{**fields, "run_id": round_run_id(run.run_id, number), "round_of": run.run_id, "manifest": manifest}
    )


def _asked(request: RoundRequest, store: ObjectStore) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each object that the whole run may ask people about, with what its manifest says of it."""
    key = request.manifest.manifest_uri.key_in(store.bucket)
    return (object_of(row) for row in JsonLines[dict[str, Any]](store.lines(key), "input manifest"))


def _reused(request: RoundRequest, store: ObjectStore) -> Iterator[LabelRow]:
    return reused_rows(request.run, request.manifest, store)
