"""Simulated workers, five of whom two are right six times of ten, and ten classes: `python -m bench.consensus`.

What Dawid and Skene's estimate gains over the majority, how near a worker's accuracy comes to the truth, and how much
of what asking about all again would give comes of asking about the doubtful only. The limit is what one would find who
knew all workers' true confusion matrices. Boxes and transcripts: `bench/consensus_open.py`. The result goes to
.local/bench/consensus.json.
"""

from __future__ import annotations

import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from statistics import fmean
from typing import Annotated, Literal

import typer

from bench.consensus_open import figures
from bench.results import keep_and_show
from domain.labels.asking import doubtful
from domain.labels.consolidation import image_multi_class
from domain.labels.dawid_skene import dawid_skene
from domain.labels.rows import LabelRow, Vote

CLASSES, ASKED, ROUNDS = 10, 3, 2
ACCURACIES = (0.9, 0.9, 0.9, 0.6, 0.6)
BELOW, AT_MOST = 0.99, 0.15
Habit = Literal["own", "any", "common"]
HABITS: dict[Habit, str] = {
    "own": "each takes a class for one other class of hers",
    "any": "who is wrong chooses any other class",
    "common": "all take a class for the same other class",
}
Votes = dict[str, dict[str, int]]


@dataclass(frozen=True)
class Crowd:
    """`answers`: of every worker to every object, in the order in which an object's workers are asked. `confusion`:
    P(worker chooses k | it is t) by worker, t and k."""

    truth: Mapping[str, int]
    answers: Votes
    confusion: Mapping[str, Sequence[Sequence[float]]]

    def first(self, count: Mapping[str, int]) -> Votes:
        """So many answers of each object."""
        return {name: dict(list(given.items())[: count[name]]) for name, given in self.answers.items()}

    def right(self, chosen: Mapping[str, int]) -> float:
        return fmean(chosen[name] == right for name, right in self.truth.items())


def crowd(objects: int, habit: Habit, seed: int, accuracies: Sequence[float] = ACCURACIES) -> Crowd:
    draw = random.Random(f"{habit} {seed}")  # noqa: S311
    workers = [f"w{number}" for number in range(len(accuracies))]
    confusion = {worker: _matrix(habit, draw, own) for worker, own in zip(workers, accuracies, strict=True)}
    truth = {f"o{number:05}": draw.randrange(CLASSES) for number in range(objects)}
    answers = {
        name: {
            worker: draw.choices(range(CLASSES), confusion[worker][right])[0]
            for worker in draw.sample(workers, len(workers))
        }
        for name, right in truth.items()
    }
    return Crowd(truth, answers, confusion)


def _matrix(habit: Habit, draw: random.Random, accuracy: float) -> list[list[float]]:
    rows = []
    for right in range(CLASSES):
        wrong = (1 - accuracy) / (CLASSES - 1)
        row = [wrong] * CLASSES
        if habit != "any":
            others = [number for number in range(CLASSES) if number != right]
            row = [0.0] * CLASSES
            row[draw.choice(others) if habit == "own" else right ^ 1] = 1 - accuracy
        row[right] = accuracy
        rows.append(row)
    return rows


def majority(votes: Votes) -> dict[str, int]:
    return {name: image_multi_class(list(given.values()), CLASSES).index for name, given in votes.items()}


def likeliest(posteriors: Mapping[str, Sequence[float]]) -> dict[str, int]:
    return {name: list(shares).index(max(shares)) for name, shares in posteriors.items()}


def limit(made: Crowd, votes: Votes) -> dict[str, int]:
    """With the true confusion matrices."""
    return likeliest(
        {
            name: [
                prod(made.confusion[worker][right][one] for worker, one in given.items()) for right in range(CLASSES)
            ]
            for name, given in votes.items()
        }
    )


def asked_again(made: Crowd) -> tuple[dict[str, int], float]:
    """The classes after rounds in which the doubtful get one worker more, and the share of objects asked again: of the
    least sure below `BELOW` no more than `AT_MOST` of all."""
    count = dict.fromkeys(made.truth, ASKED)
    asked: dict[str, None] = {}
    for _ in range(ROUNDS):
        found = dawid_skene(made.first(count), CLASSES).posteriors
        rows = [_row(name, given, max(found[name])) for name, given in made.first(count).items()]
        for name in doubtful(rows, BELOW, len(ACCURACIES)).again:
            if name in asked or len(asked) < AT_MOST * len(made.truth):
                asked[name] = None
                count[name] += 1
    return likeliest(dawid_skene(made.first(count), CLASSES).posteriors), len(asked) / len(made.truth)


def _row(name: str, given: Mapping[str, int], confidence: float) -> LabelRow:
    votes = tuple(Vote(worker=worker, label=str(one)) for worker, one in given.items())
    return LabelRow(
        source=name, source_ref=name, status="labeled", labels=("any",), confidence=min(1, confidence), votes=votes
    )


def worker_error(made: Crowd, votes: Votes, posteriors: Mapping[str, Sequence[float]]) -> float:
    """How far the estimated accuracy is from the share of right answers, at the worst of the workers."""
    errors = []
    for worker in made.confusion:
        own = [(posteriors[name][given[worker]], given[worker] == made.truth[name])
               for name, given in votes.items() if worker in given]  # fmt: skip
        errors.append(abs(fmean(share for share, _ in own) - fmean(right for _, right in own)))
    return max(errors)


def one(objects: int, habit: Habit, seed: int) -> dict[str, float]:
    made = crowd(objects, habit, seed)
    votes = made.first(dict.fromkeys(made.truth, ASKED))
    posteriors = dawid_skene(votes, CLASSES).posteriors
    again, share = asked_again(made)
    everything = dawid_skene(made.answers, CLASSES).posteriors
    return {
        "majority": made.right(majority(votes)),
        "dawid_skene": made.right(likeliest(posteriors)),
        "limit": made.right(limit(made, votes)),
        "worker_error": worker_error(made, votes, posteriors),
        "asked_again": share,
        "after_asking_again": made.right(again),
        "after_asking_all_again": made.right(likeliest(everything)),
    }


def seconds(objects: int, workers: int) -> float:
    """Processor time of the estimate alone."""
    made = crowd(objects, "any", 0, [ACCURACIES[number % len(ACCURACIES)] for number in range(workers)])
    votes = made.first(dict.fromkeys(made.truth, ASKED))
    began = time.process_time()
    dawid_skene(votes, CLASSES)
    return time.process_time() - began


def main(
    objects: Annotated[int, typer.Option(help="Objects of a simulated job.")] = 1_000,
    seeds: Annotated[int, typer.Option(help="Jobs of each kind.")] = 12,
    many: Annotated[int, typer.Option(help="Objects of the job whose time is taken.")] = 100_000,
) -> None:
    kinds = {}
    for habit, told in HABITS.items():
        runs = [one(objects, habit, seed) for seed in range(seeds)]
        means = {name: round(fmean(run[name] for run in runs), 4) for name in runs[0]}
        kinds[habit] = {"about": told, **means, "worst_worker_error": round(max(r["worker_error"] for r in runs), 4)}
    result = {
        "objects": objects,
        "seeds": seeds,
        "workers": ACCURACIES,
        "votes": ASKED,
        "kinds": kinds,
        "open": figures(objects, seeds),
        "seconds": {f"{many} objects, {count} workers": round(seconds(many, count), 1) for count in (5, 60)},
    }
    keep_and_show("consensus", result)


if __name__ == "__main__":
    typer.run(main)
