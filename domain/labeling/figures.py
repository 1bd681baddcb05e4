"""How often each worker of a job is right, what she takes for what, and how fast she is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from domain.labeling.gold import Score
from domain.labeling.port import Answer, LabelingResult
from domain.labels.workers import Accuracy, WorkerFigures, median_of
from domain.task_types import task_type
from domain.task_types.closed import Closed
from domain.task_types.model import Choice
from domain.task_types.weighed import Weighed
from domain.workflow.inputs import LabelingTask

Choices = Mapping[str, Mapping[str, Choice]]
"""By the object's URI and the worker."""
Beliefs = Mapping[str, Mapping[str, Sequence[float]]]
"""How likely each answer is, by the object's URI and the question (`domain/task_types/closed.py`)."""
_SHOWN = 0.05  # answers; what is less is no entry of a confusion matrix


@dataclass
class _Tally:
    """Of one worker; `right` is an expectation, `of` so many answers, boxes, words or fields."""

    right: float = 0.0
    of: float = 0
    errors: float = 0.0
    confusion: Counter[tuple[str, str]] = field(default_factory=Counter)


def figures_of(
    choices: Choices,
    beliefs: Beliefs,
    result: LabelingResult,
    task: LabelingTask,
    scored: Mapping[str, Score],
    below: frozenset[str],
) -> tuple[WorkerFigures, ...]:
    """By name. Without beliefs the labels are held to be right; objects that have none say nothing then."""
    kind = task_type(task.type)
    closed, how = kind.closed, kind.weighed
    tallies = defaultdict[str, _Tally](_Tally)
    for ref, chosen in choices.items():
        answer = result.answers.get(ref)
        belief = beliefs.get(ref) or (_certain(answer, closed, task.labels) if closed and answer else None)
        for worker, choice in chosen.items():
            tally = tallies[worker]
            if how is not None:
                _compare(tally, how, choice, answer)
            elif closed is not None and belief is not None:
                _weigh(tally, closed, choice, belief, task.labels)
    return tuple(
        WorkerFigures(
            worker=worker,
            accuracy=Accuracy.counted(tally.right, tally.of),
            gold=Accuracy.counted(scored[worker].right, scored[worker].of) if worker in scored else None,
            median_seconds=median_of(result.seconds.get(worker, ())),
            confusion=_matrix(tally.confusion),
            word_error_rate=round(tally.errors / tally.of, 4) if how and how.counts == "words" and tally.of else None,
            counted=worker not in below,
        )
        for worker, tally in sorted(tallies.items())
    )


def _certain(answer: Answer, closed: Closed, labels: Sequence[str]) -> dict[str, list[float]] | None:
    if not answer.chosen or not set(answer.chosen) <= set(labels):
        return None
    right = closed.answers(Choice(answer.chosen), labels)
    return {
        question: [float(number == right[question]) for number in range(len(possible))]
        for question, possible in closed.questions(labels).items()
    }


def _weigh(
    tally: _Tally, closed: Closed, choice: Choice, belief: Mapping[str, Sequence[float]], labels: Sequence[str]
) -> None:
    """An answer to several questions is one answer, as right as they are on average."""
    questions = closed.questions(labels)
    for question, hers in closed.answers(choice, labels).items():
        tally.right += belief[question][hers] / len(questions)
        answers = questions[question]
        for truth, share in enumerate(belief[question]):
            tally.confusion[answers[truth], answers[hers]] += share  # type: ignore[assignment]
    tally.of += 1


def _compare(tally: _Tally, how: Weighed, choice: Choice, answer: Answer | None) -> None:
    if answer is None or not answer.chosen:
        return
    found = how.agreement(choice, Choice(answer.chosen, answer.boxes, answer.transcript, answer.record))
    tally.right += found.right
    tally.of += found.of
    tally.errors += found.errors


def _matrix(confusion: Mapping[tuple[str, str], float]) -> dict[str, dict[str, float]]:
    rows = defaultdict[str, dict[str, float]](dict)
    for (truth, hers), count in sorted(confusion.items()):
        if count >= _SHOWN:
            rows[truth][hers] = round(count, 1)
    return dict(rows)
