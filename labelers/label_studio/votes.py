"""People's votes in a project's tasks: each person once an object, the last answer counts, a skip is none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from domain.labels.rows import Vote
from domain.workflow.names import digest
from labelers.label_studio.question import ANSWER

_KEPT = ("id", "result", "was_cancelled", "lead_time", "created_at", "updated_at")
"""What is kept of an annotation: the rest is the server's book-keeping, and people's e-mail addresses."""
_WORKER_DIGITS = 16


@dataclass
class Votes:
    """By source URI. `raw` are all annotations as they came, `ignored` counts those that could not be read."""

    by_source: dict[str, tuple[Vote, ...]] = field(default_factory=dict)
    raw: list[dict[str, object]] = field(default_factory=list)
    ignored: int = 0

    def finished(self, needed: int) -> int:
        """Objects with answers of so many people."""
        return sum(len(votes) >= needed for votes in self.by_source.values())


def worker_id(url: str, user: int) -> str:
    """The same person of the same server has the same one in every run; it tells nobody who that is."""
    return f"label-studio.{digest(url, str(user))[:_WORKER_DIGITS]}"


def read_votes(url: str, tasks: Iterable[Mapping[str, Any]], labels: Collection[str]) -> Votes:
    """An object may have several tasks: a batch whose import seemed to fail is sent again."""
    votes = Votes()
    found: dict[str, dict[str, tuple[tuple[str, int], str]]] = defaultdict(dict)
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
            label = _chosen(annotation.get("result"))
            if label not in labels:
                votes.ignored += 1
                continue
            vote = ((str(annotation.get("updated_at")), int(annotation["id"])), str(label))
            found[source][worker] = max(vote, found[source].get(worker, vote))
    for source, given in found.items():
        votes.by_source[source] = tuple(Vote(worker=worker, label=given[worker][1]) for worker in sorted(given))
    return votes


def source_of(task: Mapping[str, Any]) -> str:
    """The object that the task asks about; empty for a task that somebody else added."""
    return str((task.get("meta") or {}).get("source_ref") or "")


def _chosen(result: Any) -> str | None:
    """Of the one answer to the one question."""
    answers = [part for part in result or () if isinstance(part, dict) and part.get("from_name") == ANSWER]
    choices = (answers[-1].get("value") or {}).get("choices") if answers else None
    return str(choices[0]) if isinstance(choices, list) and len(choices) == 1 else None
