"""How often each worker is right, how fast she is, and what the consensus changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.labels.workers import WorkerFigures, Workers
from domain.report.agreement import WORKERS_SHOWN, short_names
from domain.report.html import percent, rendered
from domain.text import counted

if TYPE_CHECKING:
    from markupsafe import Markup


_COUNTED = {
    "boxes": "Right is F1: boxes that overlap by half with one of those that stand, of hers and of those.",
    "words": "Right are the words that stand; the word error rate counts what is left out, heard otherwise or added.",
    "fields": "Right are fields of a record.",
}


def workers_section(workers: Workers | None, noun: str = "image") -> Markup:
    """A row a worker, the least often right first; empty without `workers.json`."""
    found = sorted(workers.workers if workers else (), key=lambda one: (one.accuracy.share, one.worker))
    names = short_names([one.worker for one in found])
    return rendered(
        "workers.html",
        workers=[
            {
                "name": names[one.worker],
                "accuracy": one.accuracy,
                "gold": one.gold,
                "seconds": one.median_seconds,
                "counted": one.counted,
                "mistaken": _mistaken(one),
                "word_errors": one.word_error_rate,
            }
            for one in found[:WORKERS_SHOWN]
        ],
        more=len(found) - WORKERS_SHOWN,
        known=any(one.gold for one in found),
        counts=workers.counts or "answers" if workers else "answers",
        note=_note(workers, noun) if workers else "",
    )


def _note(workers: Workers, noun: str) -> str:
    told = []
    if workers.consensus == "dawid_skene":
        how = "Dawid and Skene's method" if workers.counts is None else "answers by the weight of those who gave them"
        told.append(
            f"Estimated from the votes alone, and known answers where there are some: {how}. It gave "
            f"{counted(workers.changed, noun)} another {'label' if workers.counts is None else 'answer'} than most "
            "votes would have."
        )
    else:
        told.append("Held against the labels that the objects have now.")
    if workers.counts is not None:
        told.append(_COUNTED[workers.counts])
    if workers.gold_objects:
        floor = workers.gold_floor
        below = "" if floor is None else f"; who is right on less than {percent(floor)} of them does not count"
        told.append(f"{counted(workers.gold_objects, noun)} had a known answer, which nobody could see{below}.")
    return " ".join(told)


def _mistaken(worker: WorkerFigures) -> str:
    """What she most often takes for what."""
    errors = [
        (count, truth, hers)
        for truth, row in worker.confusion.items()
        for hers, count in row.items()
        if hers != truth and count >= 1
    ]
    if not errors:
        return ""
    count, truth, hers = max(errors)
    return f"{truth} for {hers} ({round(count)} times)"
