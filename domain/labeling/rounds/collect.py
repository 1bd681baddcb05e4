"""The end of a run in rounds: people's labels of all rounds and the machine's become the run's own `labels.jsonl`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain
from typing import Any, NamedTuple

from domain.labeling.collect import manifest_of, newest, reused_rows
from domain.labeling.manifest.input_manifest import SourceObject
from domain.labeling.rounds.figures import Question, Rounds, figures_of
from domain.labeling.rounds.files import (
    EMBEDDINGS,
    MACHINE,
    QUESTIONS,
    STATE,
    SUMMARY,
    UNREADABLE,
    Answered,
    answered,
    of_round,
    of_run,
    rows_of,
)
from domain.labels.assisted import MachineFacts
from domain.labels.rows import LABELED, REJECTED, UNLABELED, LabelRow, label_lines
from domain.labels.tally import Tally
from domain.workflow.inputs import AUTO, LabelOutput
from domain.workflow.names import assisted_key, kept_embeddings_key, labels_key
from domain.workflow.ports import Ledger, ObjectStore
from domain.workflow.s3_uri import S3Uri
from domain.workflow.states import CollectRoundsRequest, LabelRun

NOT_ASKED = "the rounds were ended before anybody was asked about it"


class _Decided(NamedTuple):
    """What people answered; by the object's name what the machine labeled, and why an image could not be read."""

    people: Answered
    machine: dict[str, dict[str, Any]]
    unreadable: dict[str, str]


def collect_rounds(request: CollectRoundsRequest, store: ObjectStore, ledger: Ledger) -> LabelOutput:
    """Each object exactly once; doing it again writes the same.

    The machine's labels are final only where the rounds came to their end: of a run that was stopped none is used.
    """
    run, built = request.run, request.manifest
    decided = _decided(request, store)
    key, tally = labels_key(run.dataset, run.run_id), Tally()
    rounds = _rounds(request, decided.people, store) if built.accepted else None
    rows = tally.each(chain(_rows(request, decided, store), reused_rows(run, built, store)))
    store.write_pieces(key, label_lines(rounds.each(rows) if rounds else rows))
    figures = figures_of(rounds) if rounds else None
    if figures:
        store.write(assisted_key(run.dataset, run.run_id), figures.model_dump_json(indent=2))
    if store.exists(of_run(run, EMBEDDINGS)):
        store.copy(of_run(run, EMBEDDINGS), kept_embeddings_key(run.dataset))
    uri = S3Uri.of(store.bucket, key)
    if tally.counts.labeled:
        ledger.record_labels(newest(run, uri))
    return LabelOutput(
        dataset=run.dataset,
        run_id=run.run_id,
        labels_uri=uri,
        job_name=request.job_name,
        job_status="Stopped" if request.stopped else "Completed",
        counts=tally.counts,
        classes=dict.fromkeys(run.task.labels, 0) | tally.classes,
        reused=built.reused,
        left_out=built.left_out,
        backend="" if run.backend == AUTO else run.backend,
        cost=built.cost,
        assist=figures,
    )


def _decided(request: CollectRoundsRequest, store: ObjectStore) -> _Decided:
    run, last = request.run, request.number
    people = answered(run, last + 1, store)
    final = [] if request.stopped else rows_of(of_round(run, last, MACHINE), store)
    unreadable = rows_of(of_run(run, UNREADABLE), store)
    return _Decided(people, {row["source"]: row for row in final}, {row["source"]: row["reason"] for row in unreadable})


def _rows(request: CollectRoundsRequest, decided: _Decided, store: ObjectStore) -> Iterator[LabelRow]:
    manifest = manifest_of(request.run, request.manifest, store)
    for item in manifest.accepted:
        yield _row(item, decided, request)
    for item in manifest.rejected:
        yield LabelRow(source=item.source, source_ref=item.source_ref, status=REJECTED, reason=item.reason)


def _row(item: SourceObject, decided: _Decided, request: CollectRoundsRequest) -> LabelRow:
    """What a person has said of it comes first."""
    same: dict[str, Any] = {"source": item.source, "source_ref": item.source_ref, "group": item.group}
    if item.source in decided.people.settled:
        return decided.people.settled[item.source][1]
    if item.source in decided.machine:
        return LabelRow(**same, status=LABELED, **_by_machine(decided.machine[item.source], request.number))
    if item.source in decided.unreadable:
        return LabelRow(**same, status=REJECTED, reason=f"cannot be read: {decided.unreadable[item.source]}")
    return decided.people.open.get(item.source) or LabelRow(**same, status=UNLABELED, reason=NOT_ASKED)


def _by_machine(label: dict[str, Any], number: int) -> dict[str, Any]:
    facts = MachineFacts(
        model=label["model"], threshold=_share(label["threshold"]), accuracy=_share(label["accuracy"]), round=number
    )
    return {
        "label": label["label"],
        "labels": (label["label"],),
        "confidence": _share(label["confidence"]),
        "method": "machine",
        "decided_by": "machine",
        "machine": facts,
    }


def _share(value: float) -> float:
    """Four decimals, and none upward: 0.99996 is not 1."""
    return int(value * 10_000) / 10_000


def _rounds(request: CollectRoundsRequest, people: Answered, store: ObjectStore) -> Rounds:
    run, last = request.run, request.number
    return Rounds(
        count=sum(1 for number in range(last + 1) if _has_asked(run, number, store)),
        questions=_questions(run, last, people, store),
        people={source: row for source, (_, row) in people.settled.items()},
        summary=json.loads(store.read(of_round(run, last, SUMMARY))),
        withdrawn=len(json.loads(store.read(of_round(run, last, STATE)))["withdrawn"]),
        reused=request.manifest.reused,
        stopped=request.stopped,
    )


def _questions(run: LabelRun, last: int, people: Answered, store: ObjectStore) -> list[Question]:
    """Of each object one: that of the round in which it was answered, or the first."""
    found: dict[str, Question] = {}
    for number in range(last + 1):
        for row in rows_of(of_round(run, number, QUESTIONS), store):
            source = row["source"]
            if source not in found or (source in people.settled and people.settled[source][0] == number):
                found[source] = row
    return list(found.values())


def _has_asked(run: LabelRun, number: int, store: ObjectStore) -> bool:
    return next(rows_of(of_round(run, number, QUESTIONS), store), None) is not None
