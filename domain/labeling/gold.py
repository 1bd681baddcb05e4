"""Gold objects: real objects of the run whose right answer is known, mixed in among the others.

They are asked as all others are, and nothing that workers or back ends see tells them apart. Their answer is the known
one, whatever is answered; what is answered tells how often a worker is right: labels all or none, boxes by their F1,
transcripts by their words.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from domain.errors import InvalidInput
from domain.jsonlines import JsonLines, dump_line
from domain.labeling.manifest.input_manifest import group_of
from domain.labeling.manifest.objects import Objects
from domain.labels.answers import LABEL, read_answers
from domain.labels.boxes import BoxLabel
from domain.labels.rows import LABELED, LabelRow, each_label, write_labels
from domain.task_types import task_type
from domain.task_types.audio_transcript.agreement import ACCEPTED, CORRECTED
from domain.task_types.model import Choice
from domain.task_types.weighed import Agreement
from domain.text import plain
from domain.workflow.inputs import LabelingTask
from domain.workflow.names import digest, gold_key
from domain.workflow.object_keys import relative_to
from domain.workflow.ports import ObjectStore
from domain.workflow.s3_uri import S3Uri
from domain.workflow.states import LabelRun

ENOUGH = 5
"""Gold objects that a worker must have answered before her votes can be set aside."""
Gold = Mapping[str, Choice]
"""The right answers, by the object's URI."""


@dataclass(frozen=True)
class Score:
    """`right` of `of` answers to so many gold objects, or of what the task type counts in them."""

    right: float
    of: float
    objects: int


def mix_in(objects: Objects, run: LabelRun, store: ObjectStore) -> None:
    """Of the gold objects that have no label yet, people are asked for so many as make up `gold_share` of all that they
    are asked for at most, and for one at least; the run's seed fixes which. The others have their label now.

    Raises:
        InvalidInput: the file is not there or cannot be read, an answer is none that the task can have, or no object
            of the run is in it.
    """
    if run.task.gold is None:
        return
    gold = _read(run.task.gold, run.task, store, objects.root)
    if not any(objects.has(ref) for ref in gold):
        raise InvalidInput(
            f"task.gold: none of the {len(gold):,} objects of {run.task.gold} is one of the run's in {objects.root}"
        )
    still_open = sorted((ref for ref in gold if objects.is_open(ref)), key=_drawn(run.seed, objects.root))
    others = objects.count() - len(still_open)
    share = run.task.gold_share
    asked = still_open[: max(1, int(share / (1 - share) * others))]
    known = {ref: _of_object(gold[ref], json.loads(objects.given(ref) or "{}")) for ref in still_open}
    objects.take_over([(ref, _line(ref, known[ref], objects)) for ref in still_open[len(asked) :]])
    rows = (f"{dump_line({'source_ref': ref, **_told(known[ref])})}\n" for ref in asked)
    store.write_pieces(gold_key(run.dataset, run.run_id), rows)


def asked_gold(run: LabelRun, store: ObjectStore) -> Gold:
    """As `mix_in` has written it: what happens to the user's file meanwhile changes nothing."""
    if run.task.gold is None:
        return {}
    rows = JsonLines[dict[str, Any]](store.lines(gold_key(run.dataset, run.run_id)), "gold.jsonl")
    return {str(row["source_ref"]): _choice(row) for row in rows}


def scores(choices: Mapping[str, Mapping[str, Choice]], gold: Gold, task: LabelingTask) -> dict[str, Score]:
    """By worker who has answered a gold object. Of several labels all must be the right ones."""
    how = task_type(task.type).weighed
    found = defaultdict[str, list[Agreement]](list)
    for ref, right in gold.items():
        for worker, choice in choices.get(ref, {}).items():
            same = Agreement(set(choice.labels) == set(right.labels), 1)
            found[worker].append(how.agreement(choice, right) if how else same)
    return {
        worker: Score(sum(one.right for one in given), sum(one.of for one in given), len(given))
        for worker, given in found.items()
    }


def below_floor(scored: Mapping[str, Score], floor: float | None) -> frozenset[str]:
    """The workers whose votes do not count."""
    if floor is None:
        return frozenset()
    return frozenset(
        worker
        for worker, score in scored.items()
        if score.objects >= ENOUGH and score.of and score.right / score.of < floor
    )


def _read(key_or_uri: str, task: LabelingTask, store: ObjectStore, root: str) -> dict[str, Choice]:
    key = S3Uri(key_or_uri).key_in(store.bucket, "task.gold") if key_or_uri.startswith("s3://") else key_or_uri
    if not store.exists(key):
        raise InvalidInput(f"task.gold: there is no s3://{store.bucket}/{key}")
    found = dict(_answers(key, task, store, root))
    for ref, known in found.items():
        _check(known, task, f"task.gold: {key}: {relative_to(ref, root)!r}")
    if not found:
        raise InvalidInput(f"task.gold: {key} has no object with a label")
    return found


def _check(known: Choice, task: LabelingTask, where: str) -> None:
    kind = task_type(task.type)
    strange = [label for label in known.labels if label not in (*task.labels, *kind.own_labels)]
    if strange:
        wanted = ", ".join(task.labels or kind.own_labels)
        raise InvalidInput(f"{where} has the label {strange[0]!r}, which is none of the task's: {wanted}")
    if kind.closed and len(known.labels) != 1 and task.type != "image-multi-label":
        raise InvalidInput(f"{where} has several labels; {task.type} takes one")
    if kind.weighed and kind.weighed.counts == "boxes" and known.boxes is None:
        raise InvalidInput(f"{where} has no boxes; give known boxes as a labels.jsonl, an empty list for no object")
    if kind.weighed and kind.weighed.counts == "words" and known.transcript is None:
        raise InvalidInput(f"{where} has no transcript; give a CSV file with file,transcript, or a labels.jsonl")


def _answers(key: str, task: LabelingTask, store: ObjectStore, root: str) -> Iterator[tuple[str, Choice]]:
    how = task_type(task.type).weighed
    heard = how is not None and how.counts == "words"
    try:
        if key.endswith(".csv"):
            for file, said in read_answers(store.lines(key), key, "transcript" if heard else LABEL).items():
                yield f"{root}{file}", Choice((CORRECTED,), transcript=said) if heard else Choice((said,))
            return
        for row in each_label(store.lines(key), key):
            if row.status == LABELED:
                labels = (CORRECTED,) if heard else row.labels
                yield row.source_ref, Choice(labels, row.boxes, row.transcript)
    except (InvalidInput, UnicodeDecodeError) as error:
        raise InvalidInput(f"task.gold: {error}") from error


def _of_object(known: Choice, given: Mapping[str, Any]) -> Choice:
    """A known transcript that is the object's own is no correction of it."""
    own = given.get("transcript")
    if known.transcript is None or own is None or plain(known.transcript) != plain(str(own)):
        return known
    return Choice((ACCEPTED,), transcript=str(own))


def _told(known: Choice) -> dict[str, Any]:
    """A line of `gold.jsonl`; of labels nothing but these, as ever."""
    boxes = None if known.boxes is None else [box.model_dump() for box in known.boxes]
    told = {"labels": list(known.labels), "boxes": boxes, "transcript": known.transcript}
    return {name: value for name, value in told.items() if value is not None}


def _choice(row: Mapping[str, Any]) -> Choice:
    boxes = row.get("boxes")
    drawn = None if boxes is None else tuple(BoxLabel.model_validate(box) for box in boxes)
    return Choice(tuple(row["labels"]), drawn, row.get("transcript"))


def _drawn(seed: int, root: str) -> Callable[[str], str]:
    return lambda ref: digest("gold", str(seed), relative_to(ref, root))


def _line(ref: str, known: Choice, objects: Objects) -> str:
    row = LabelRow(
        source=relative_to(ref, objects.root),
        source_ref=ref,
        status=LABELED,
        label=known.labels[0] if len(known.labels) == 1 else None,
        labels=known.labels,
        boxes=known.boxes,
        transcript=known.transcript,
        confidence=1.0,
        method="human",
        decided_by="gold",
        group=group_of(json.loads(objects.given(ref) or "{}")),
    )
    return write_labels([row])
