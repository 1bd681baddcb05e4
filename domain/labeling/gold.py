"""Gold objects: real objects of the run whose right answer is known, mixed in among the others.

They are asked as all others are, and nothing that workers or back ends see tells them apart. Their label is the known
one, whatever is answered; what is answered tells how often a worker is right.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from domain.errors import InvalidInput
from domain.jsonlines import JsonLines, dump_line
from domain.labeling.manifest.input_manifest import group_of
from domain.labeling.manifest.objects import Objects
from domain.labels.answers import read_answers
from domain.labels.rows import LABELED, LabelRow, each_label, write_labels
from domain.task_types.model import Choice
from domain.workflow.inputs import LabelingTask
from domain.workflow.names import digest, gold_key
from domain.workflow.object_keys import relative_to
from domain.workflow.ports import ObjectStore
from domain.workflow.s3_uri import S3Uri
from domain.workflow.states import LabelRun

ENOUGH = 5
"""Gold objects that a worker must have answered before her votes can be set aside."""
Gold = Mapping[str, tuple[str, ...]]
"""The right labels, by the object's URI."""


@dataclass(frozen=True)
class Score:
    """`right` of `of` answers to gold objects."""

    right: int
    of: int


def mix_in(objects: Objects, run: LabelRun, store: ObjectStore) -> None:
    """Of the gold objects that have no label yet, people are asked for so many as make up `gold_share` of all that they
    are asked for at most, and for one at least; the run's seed fixes which. The others have their label now.

    Raises:
        InvalidInput: the file is not there or cannot be read, a label is none of the task's, or no object of the run is
            in it.
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
    objects.take_over([(ref, _line(ref, gold[ref], objects)) for ref in still_open[len(asked) :]])
    rows = (f"{dump_line({'source_ref': ref, 'labels': list(gold[ref])})}\n" for ref in asked)
    store.write_pieces(gold_key(run.dataset, run.run_id), rows)


def asked_gold(run: LabelRun, store: ObjectStore) -> Gold:
    """As `mix_in` has written it: what happens to the user's file meanwhile changes nothing."""
    if run.task.gold is None:
        return {}
    rows = JsonLines[dict[str, list[str]]](store.lines(gold_key(run.dataset, run.run_id)), "gold.jsonl")
    return {str(row["source_ref"]): tuple(row["labels"]) for row in rows}


def scores(choices: Mapping[str, Mapping[str, Choice]], gold: Gold) -> dict[str, Score]:
    """By worker who has answered a gold object. Of several labels all must be the right ones."""
    right, of = defaultdict[str, int](int), defaultdict[str, int](int)
    for ref, labels in gold.items():
        for worker, choice in choices.get(ref, {}).items():
            of[worker] += 1
            right[worker] += set(choice.labels) == set(labels)
    return {worker: Score(right[worker], count) for worker, count in of.items()}


def below_floor(scored: Mapping[str, Score], floor: float | None) -> frozenset[str]:
    """The workers whose votes do not count."""
    if floor is None:
        return frozenset()
    return frozenset(
        worker for worker, score in scored.items() if score.of >= ENOUGH and score.right / score.of < floor
    )


def _read(key_or_uri: str, task: LabelingTask, store: ObjectStore, root: str) -> dict[str, tuple[str, ...]]:
    key = S3Uri(key_or_uri).key_in(store.bucket, "task.gold") if key_or_uri.startswith("s3://") else key_or_uri
    if not store.exists(key):
        raise InvalidInput(f"task.gold: there is no s3://{store.bucket}/{key}")
    found = dict(_answers(key, store, root))
    for ref, labels in found.items():
        strange = [label for label in labels if label not in task.labels]
        if strange:
            raise InvalidInput(
                f"task.gold: {key}: {relative_to(ref, root)!r} has the label {strange[0]!r}, which is none of the "
                f"task's: {', '.join(task.labels)}"
            )
        if len(labels) != 1 and task.type != "image-multi-label":
            raise InvalidInput(
                f"task.gold: {key}: {relative_to(ref, root)!r} has several labels; {task.type} takes one"
            )
    if not found:
        raise InvalidInput(f"task.gold: {key} has no object with a label")
    return found


def _answers(key: str, store: ObjectStore, root: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    try:
        if key.endswith(".csv"):
            for file, label in read_answers(store.lines(key), key).items():
                yield f"{root}{file}", (label,)
            return
        for row in each_label(store.lines(key), key):
            if row.status == LABELED:
                yield row.source_ref, row.labels
    except (InvalidInput, UnicodeDecodeError) as error:
        raise InvalidInput(f"task.gold: {error}") from error


def _drawn(seed: int, root: str) -> Callable[[str], str]:
    return lambda ref: digest("gold", str(seed), relative_to(ref, root))


def _line(ref: str, labels: tuple[str, ...], objects: Objects) -> str:
    row = LabelRow(
        source=relative_to(ref, objects.root),
        source_ref=ref,
        status=LABELED,
        label=labels[0] if len(labels) == 1 else None,
        labels=labels,
        confidence=1.0,
        method="human",
        decided_by="gold",
        group=group_of(json.loads(objects.given(ref) or "{}")),
    )
    return write_labels([row])
