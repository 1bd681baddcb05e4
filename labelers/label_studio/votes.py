"""What people answered in a project's tasks: each person once an object, the last answer counts, a skip is none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from domain.task_types.model import Choice
from domain.workflow.names import digest
from labelers.label_studio.note import Note
from labelers.label_studio.questions import choice_of
from labelers.label_studio.questions.model import Part

_KEPT = ("id", "result", "was_cancelled", "lead_time", "created_at", "updated_at", "parent_prediction")
"""What is kept of an annotation: the rest is the server's book-keeping, and people's e-mail addresses."""
_WORKER_DIGITS = 16
_Latest = tuple[tuple[str, int], Choice]


@dataclass
class Votes:
    """Each person's choice, by source URI and worker; `given` is what the manifest says of the object. `raw` are all
    annotations as they came, `ignored` counts those that could not be read."""

    by_source: dict[str, dict[str, Choice]] = field(default_factory=dict)
    given: dict[str, dict[str, Any]] = field(default_factory=dict)
    raw: list[dict[str, object]] = field(default_factory=list)
    ignored: int = 0

    @property
    def seconds(self) -> dict[str, list[float]]:
        """How long each answer took, by worker, as the server measured it."""
        found = defaultdict[str, list[float]](list)
        for one in self.raw:
            if isinstance(one["lead_time"], (int, float)) and not one["was_cancelled"]:
                found[str(one["worker"])].append(float(one["lead_time"]))
        return dict(found)

    def finished(self, needed: int) -> int:
        """Objects with answers of so many people."""
        return sum(len(choices) >= needed for choices in self.by_source.values())


def worker_id(url: str, user: int) -> str:
    """The same person of the same server has the same one in every run; it tells nobody who that is."""
    return f"label-studio.{digest(url, str(user))[:_WORKER_DIGITS]}"


def read_votes(url: str, tasks: Iterable[Mapping[str, Any]], note: Note) -> Votes:
    """An object may have several tasks: a batch whose import seemed to fail is sent again."""
    votes = Votes()
    found: dict[str, dict[str, _Latest]] = defaultdict(dict)
    for task in tasks:
        source = source_of(task)
        for annotation in task.get("annotations") or ():
            if not source or not isinstance(annotation.get("completed_by"), int):
                votes.ignored += 1
                continue
            worker = worker_id(url, annotation["completed_by"])
            kept = {name: annotation.get(name) for name in _KEPT}
            votes.raw.append({"source_ref": source, "worker": worker, "task": task["id"], **kept})
            if annotation.get("was_cancelled"):
                continue
            choice = None if _is_copy(annotation) else _choice(annotation, note, given_of(task))
            if choice is None:
                votes.ignored += 1
                continue
            vote = ((str(annotation.get("updated_at")), int(annotation["id"])), choice)
            votes.given[source] = given_of(task)
            found[source][worker] = max(vote, found[source].get(worker, vote), key=lambda one: one[0])
    for source, latest in found.items():
        votes.by_source[source] = {worker: choice for worker, (_, choice) in latest.items()}
    return votes


def source_of(task: Mapping[str, Any]) -> str:
    """The object that the task asks about; empty for a task that somebody else added."""
    return str((task.get("meta") or {}).get("source_ref") or "")


def given_of(task: Mapping[str, Any]) -> dict[str, Any]:
    """What the manifest says of the object besides."""
    return dict((task.get("meta") or {}).get("given") or {})


def _is_copy(annotation: Mapping[str, Any]) -> bool:
    """The server made it of a suggestion, for many tasks at once; who looks at one takes time."""
    return bool(annotation.get("parent_prediction")) and annotation.get("lead_time") is None


def _choice(annotation: Mapping[str, Any], note: Note, given: Mapping[str, Any]) -> Choice | None:
    result = annotation.get("result")
    parts: list[Part] = [part for part in result if isinstance(part, dict)] if isinstance(result, list) else []
    return choice_of(parts, note.type, note.labels, given)
