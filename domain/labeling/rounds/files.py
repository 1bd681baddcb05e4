"""What a run in rounds keeps in the bucket: what the functions hand to the jobs, and what the jobs decide.

assist/<dataset>/<run>/objects.jsonl, assist.json      names of the objects; labels, seed and settings
assist/<dataset>/<run>/input.manifest, earlier.npz     the images as a job's input; embeddings of an earlier run
assist/<dataset>/<run>/embeddings.npz, features.npy, unreadable.jsonl
assist/<dataset>/<run>/rounds/<number>/answers.jsonl   people's answers before this round
assist/<dataset>/<run>/rounds/<number>/questions.jsonl, machine.jsonl, state.json, summary.json
assist/<dataset>/<run>/rounds/<number>/ask.jsonl       the manifest of the round's run of `label`
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from domain.jsonlines import JsonLines
from domain.labeling.rows import ended_early
from domain.labels.rows import UNLABELED, LabelRow, each_label
from domain.workflow.names import assist_prefix, labels_key, round_prefix, round_run_id
from domain.workflow.ports import ObjectStore
from domain.workflow.states import LabelRun

OBJECTS, GIVEN, SOURCES, EARLIER = "objects.jsonl", "assist.json", "input.manifest", "earlier.npz"
EMBEDDINGS, UNREADABLE = "embeddings.npz", "unreadable.jsonl"
ANSWERS, ASK = "answers.jsonl", "ask.jsonl"
QUESTIONS, MACHINE, STATE, SUMMARY = "questions.jsonl", "machine.jsonl", "state.json", "summary.json"
"""Of each question `source`, `suggestion` (what is shown, or null), `guess` (what the machine expects, or null),
`random`, `audit`; of each label of the machine what `MachineLabel` in learning/state.py says."""


def of_run(run: LabelRun, name: str) -> str:
    """The key of a file of the run."""
    return f"{assist_prefix(run.dataset, run.run_id)}{name}"


def of_round(run: LabelRun, number: int, name: str) -> str:
    """The key of a file of one round."""
    return f"{round_prefix(run.dataset, run.run_id, number)}{name}"


def rows_of(key: str, store: ObjectStore) -> Iterator[dict[str, Any]]:
    """Of JSON Lines; none where there is no such object."""
    if not store.exists(key):
        return iter(())
    return iter(JsonLines[dict[str, Any]](store.lines(key), f"s3://{store.bucket}/{key}"))


class Answered(NamedTuple):
    """By the object's name: the row that settles it and the number of its round; and what became of the others."""

    settled: dict[str, tuple[int, LabelRow]]
    open: dict[str, LabelRow]


def answered(run: LabelRun, rounds: int, store: ObjectStore) -> Answered:
    """Of the first so many rounds. An object of a job that was ended early is open still, and so is one that nobody
    said anything of: once, for the team may have been away; of a second time it is left alone."""
    found, silent = Answered({}, {}), set[str]()
    for number in range(rounds):
        for row in answers_of(run, number, store):
            if ended_early(row) or (_is_silent(row) and row.source not in silent):
                found.open[row.source] = row
                silent.update([row.source] if not ended_early(row) else [])
            elif row.source not in found.settled or not _is_silent(row):
                found.settled[row.source] = number, row
    return found


def _is_silent(row: LabelRow) -> bool:
    return row.status == UNLABELED and not row.votes and row.decided_by is None


def answers_of(run: LabelRun, number: int, store: ObjectStore) -> Iterator[LabelRow]:
    """What became of the objects that people were asked in a round; nothing where it has not ended."""
    key = labels_key(run.dataset, round_run_id(run.run_id, number))
    return each_label(store.lines(key), f"s3://{store.bucket}/{key}") if store.exists(key) else iter(())
