"""The same workers where they draw boxes or write what they hear: a part of `python -m bench.consensus`.

Three of five are careful and two are not, and three answer each object. Careless ones move the edges of their boxes
farther, miss things and see some that are not there; they leave words out, and hear others.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from domain.labeling.weighing import weighed
from domain.labels.boxes import BoxLabel
from domain.labels.matching import common
from domain.labels.overlap import overlap
from domain.labels.word_network import network, word_errors
from domain.task_types import task_type
from domain.task_types.model import Choice, Outcome, TaskType

ASKED, WORKERS, CAREFUL = 3, 5, 3
LABELS = ("cat", "dog")
WORDS = tuple(f"word{number}" for number in range(500))
WIDTH, HEIGHT = 640, 480
Truth = Mapping[str, Choice]
Choices = dict[str, dict[str, Choice]]


@dataclass(frozen=True)
class Habits:
    """`moved`: of an edge, in sides of the box (a normal distribution's deviation). `missed` of the things or words,
    `wrong` of the labels or words; `invented` things an image, or words beside a word."""

    moved: float
    missed: float
    wrong: float
    invented: float


DRAW = {True: Habits(0.03, 0.05, 0.02, 0.05), False: Habits(0.10, 0.35, 0.10, 0.50)}
HEAR = {True: Habits(0, 0.01, 0.04, 0.01), False: Habits(0, 0.08, 0.22, 0.04)}


def boxes(objects: int, seed: int) -> dict[str, float]:
    """F1 at an overlap of 0.5 and the mean overlap of what is found, by who decides; and the worst error of a worker's
    F1."""
    draw = random.Random(f"boxes {seed}")  # noqa: S311
    truth = {f"o{number:05}": _scene(draw) for number in range(objects)}
    choices = _asked(truth, draw, lambda right, careful: _drawn(right, DRAW[careful], draw))
    kind = task_type("image-bounding-box")
    found = {
        "first": {name: next(iter(given.values())) for name, given in choices.items()},
        "majority": {name: _chosen(kind.consolidate(list(given.values()), LABELS)) for name, given in choices.items()},
        "weighed": _weighed(choices, kind),
    }
    return {
        **{f"{arm} F1": _f1(answers, truth) for arm, answers in found.items()},
        **{f"{arm} overlap": _mean_overlap(answers, truth) for arm, answers in found.items()},
        "worker_error": max(
            abs(_f1(hers, found["weighed"]) - _f1(hers, truth)) for hers in _by_worker(choices).values()
        ),
    }


def transcripts(objects: int, seed: int) -> dict[str, float]:
    """Word error rate, by who decides, and the worst error of a worker's."""
    draw = random.Random(f"transcripts {seed}")  # noqa: S311
    truth = {f"o{number:05}": _said(" ".join(draw.choices(WORDS, k=draw.randint(5, 20)))) for number in range(objects)}
    choices = _asked(truth, draw, lambda right, careful: _heard(right, HEAR[careful], draw))
    kind = task_type("audio-transcript")
    found = {
        "first": {name: next(iter(given.values())) for name, given in choices.items()},
        "majority": {name: _chosen(kind.consolidate(list(given.values()), ())) for name, given in choices.items()},
        "words": {name: _voted(list(given.values())) for name, given in choices.items()},
        "weighed": _weighed(choices, kind),
    }
    workers = _by_worker(choices).values()
    return {
        **{arm: _error_rate(answers, truth) for arm, answers in found.items()},
        "worker_error": max(abs(_error_rate(hers, found["weighed"]) - _error_rate(hers, truth)) for hers in workers),
    }


def figures(objects: int, seeds: int) -> dict[str, dict[str, float]]:
    """Means over the seeds, and the processor time of one weighing of each kind, all included."""
    found = {}
    for name, one in {"boxes": boxes, "transcripts": transcripts}.items():
        began = time.process_time()
        runs = [one(objects, seed) for seed in range(seeds)]
        spent = (time.process_time() - began) / seeds
        means = {key: round(fmean(run[key] for run in runs), 4) for key in runs[0]}
        found[name] = {**means, "seconds": round(spent, 2)}
    return found


def _asked(truth: Truth, draw: random.Random, answer: Callable[[Choice, bool], Choice]) -> Choices:
    return {
        name: {f"w{who}": answer(right, who < CAREFUL) for who in draw.sample(range(WORKERS), ASKED)}
        for name, right in truth.items()
    }


def _by_worker(choices: Choices) -> dict[str, dict[str, Choice]]:
    found: dict[str, dict[str, Choice]] = {}
    for name, given in choices.items():
        for worker, choice in given.items():
            found.setdefault(worker, {})[name] = choice
    return found


def _weighed(choices: Choices, kind: TaskType) -> dict[str, Choice]:
    found = weighed(choices, kind.weighed)[0] if kind.weighed else {}
    return {name: _chosen(outcome) for name, outcome in found.items()}


def _chosen(outcome: Outcome) -> Choice:
    return outcome.choice or Choice(())


def _scene(draw: random.Random) -> Choice:
    return _with([_any_box(draw) for _ in range(draw.randint(0, 5))])


def _any_box(draw: random.Random) -> BoxLabel:
    width, height = draw.uniform(40, 160), draw.uniform(40, 160)
    left, top = draw.uniform(0, WIDTH - width), draw.uniform(0, HEIGHT - height)
    return BoxLabel(label=draw.choice(LABELS), left=left, top=top, width=width, height=height)


def _with(drawn: Sequence[BoxLabel]) -> Choice:
    return Choice(tuple(sorted({box.label for box in drawn})) or ("no object",), tuple(drawn))


def _drawn(right: Choice, habits: Habits, draw: random.Random) -> Choice:
    seen = [_moved(box, habits, draw) for box in right.boxes or () if draw.random() >= habits.missed]
    return _with([*seen, *([_any_box(draw)] if draw.random() < habits.invented else [])])


def _moved(box: BoxLabel, habits: Habits, draw: random.Random) -> BoxLabel:
    left, right = (edge + draw.gauss(0, habits.moved * box.width) for edge in (box.left, box.left + box.width))
    top, bottom = (edge + draw.gauss(0, habits.moved * box.height) for edge in (box.top, box.top + box.height))
    label = draw.choice(LABELS) if draw.random() < habits.wrong else box.label
    return BoxLabel(label=label, left=left, top=top, width=max(1.0, right - left), height=max(1.0, bottom - top))


def _f1(answers: Truth, truth: Truth) -> float:
    both = sum(common(answers[name].boxes or (), truth[name].boxes or ()) for name in answers)
    return 2 * both / sum(len(answers[name].boxes or ()) + len(truth[name].boxes or ()) for name in answers)


def _mean_overlap(answers: Truth, truth: Truth) -> float:
    """Of each thing that is found with the nearest box of its label."""
    nearest = [
        max((overlap(box, one) for one in answers[name].boxes or () if one.label == box.label), default=0.0)
        for name, right in truth.items()
        for box in right.boxes or ()
    ]
    return fmean(one for one in nearest if one >= 0.5)


def _said(text: str) -> Choice:
    return Choice(("corrected",), transcript=text)


def _words(choice: Choice) -> tuple[str, ...]:
    return tuple((choice.transcript or "").split())


def _heard(right: Choice, habits: Habits, draw: random.Random) -> Choice:
    said = []
    for word in _words(right):
        if draw.random() >= habits.missed:
            said.append(draw.choice(WORDS) if draw.random() < habits.wrong else word)
        if draw.random() < habits.invented:
            said.append(draw.choice(WORDS))
    return _said(" ".join(said))


def _voted(given: Sequence[Choice]) -> Choice:
    """Word by word, everybody's vote the same."""
    texts = [_words(choice) for choice in given]
    weights = {text: float(texts.count(text)) for text in texts}
    return _said(" ".join(network(texts).voted(weights)[0]))


def _error_rate(answers: Truth, truth: Truth) -> float:
    errors = sum(word_errors(_words(truth[name]), _words(answers[name])) for name in answers)
    return errors / sum(len(_words(truth[name])) for name in answers)
