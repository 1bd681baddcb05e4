"""What the votes of a whole job come to, where the majority of each object's own is not to decide.

By how often each worker is right: by Dawid and Skene's method where the answers are a fixed list, by votes with weights
where they are boxes, transcripts or records. Without those below the floor; and never against a known answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from domain.labeling.answers import answer_of, choice_of
from domain.labeling.figures import Beliefs, Choices, figures_of
from domain.labeling.gold import Gold, below_floor, scores
from domain.labeling.port import Answer, LabelingResult
from domain.labeling.weighing import weighed
from domain.labels.dawid_skene import dawid_skene
from domain.labels.matching import common
from domain.labels.workers import Workers
from domain.task_types import task_type
from domain.task_types.closed import Closed, Posteriors
from domain.task_types.model import Choice, Outcome
from domain.workflow.inputs import LabelingTask

BELOW_FLOOR = "only workers whose votes do not count, below gold_floor, have answered"


def is_weighed(task: LabelingTask) -> bool:
    """Whether anything but the back end's own answer decides."""
    return task.consensus != "majority" or task.gold is not None


def reach(result: LabelingResult, task: LabelingTask, gold: Gold) -> tuple[LabelingResult, Workers]:
    """The same votes, those of workers below the floor marked, with other answers; and what `workers.json` says.

    What a machine has labeled stays as it is.
    """
    choices: Choices = {
        ref: {vote.worker: choice_of(vote) for vote in votes} for ref, votes in sorted(result.votes.items())
    }
    scored = scores(choices, gold, task)
    below = below_floor(scored, task.gold_floor)
    counted = {ref: _without(chosen, below) for ref, chosen in choices.items()}
    kind, estimated = task_type(task.type), task.consensus == "dawid_skene"
    beliefs = _beliefs(counted, task, gold, kind.closed) if kind.closed and estimated else {}
    open_ones = {ref: chosen for ref, chosen in counted.items() if chosen} if kind.weighed and estimated else {}
    outcomes = weighed(open_ones, kind.weighed, gold)[0] if kind.weighed else {}
    answers, changed = dict(result.answers), 0
    for ref, chosen in counted.items():
        given = answers.get(ref)
        if given is not None and given.method == "machine":
            continue
        if ref in outcomes:
            answers[ref] = _weighed(outcomes[ref], chosen, task)
            changed += not _same(answers[ref], answer_of(chosen, task))
            continue
        answers[ref] = _answer(given, choices[ref], chosen, task, beliefs.get(ref))
        changed += answers[ref].majority is not None
    answers.update({ref: _known(choice) for ref, choice in gold.items()})
    votes = {
        ref: tuple(vote.model_copy(update={"counted": vote.worker not in below}) for vote in given)
        for ref, given in result.votes.items()
    }
    made = replace(result, answers=answers, votes=votes)
    return made, Workers(
        consensus=task.consensus,
        objects=len(choices),
        changed=changed,
        gold_objects=len(gold),
        gold_floor=task.gold_floor,
        counts=kind.weighed.counts if kind.weighed else None,
        workers=figures_of(choices, beliefs, made, task, scored, below),
    )


def _without(chosen: Mapping[str, Choice], below: frozenset[str]) -> dict[str, Choice]:
    return {worker: choice for worker, choice in chosen.items() if worker not in below}


def _beliefs(counted: Choices, task: LabelingTask, gold: Gold, closed: Closed) -> Beliefs:
    labels, found = task.labels, defaultdict[str, dict[str, list[float]]](dict)
    answers = {
        ref: {worker: closed.answers(choice, labels) for worker, choice in chosen.items()}
        for ref, chosen in counted.items()
        if chosen
    }
    known = {ref: closed.answers(right, labels) for ref, right in gold.items()}
    for question, possible in closed.questions(labels).items():
        votes = {ref: {worker: one[question] for worker, one in given.items()} for ref, given in answers.items()}
        right = {ref: one[question] for ref, one in known.items()}
        for ref, shares in dawid_skene(votes, len(possible), right).posteriors.items():
            found[ref][question] = list(shares)
    return found


def _answer(
    given: Answer | None,
    chosen: Mapping[str, Choice],
    counted: Mapping[str, Choice],
    task: LabelingTask,
    belief: Posteriors | None,
) -> Answer:
    if not counted:
        return Answer(None, reason=BELOW_FLOOR)
    closed = task_type(task.type).closed
    if belief is None or closed is None:
        return given if given is not None and len(counted) == len(chosen) else answer_of(counted, task)
    own = next((choice.labels[0] for choice in chosen.values() if choice.labels), "")
    outcome = closed.outcome(belief, task.labels, own)
    labels = outcome.choice.labels if outcome.choice else ()
    most = answer_of(counted, task).chosen
    return Answer(
        labels[0] if len(labels) == 1 else None,
        round(outcome.confidence, 4) if outcome.confidence is not None else None,
        "human",
        reason=outcome.reason,
        labels=labels,
        decided_by="dawid_skene",
        majority=None if set(most) == set(labels) else most,
    )


def _weighed(outcome: Outcome, counted: Mapping[str, Choice], task: LabelingTask) -> Answer:
    choice = outcome.choice or Choice(())
    most = answer_of(counted, task).chosen
    return Answer(
        choice.labels[0] if len(choice.labels) == 1 else None,
        None if outcome.confidence is None else round(outcome.confidence, 4),
        "human",
        outcome.reason,
        choice.labels,
        choice.boxes,
        choice.transcript,
        choice.record,
        outcome.box_confidences,
        decided_by="weighed_votes",
        majority=None if set(most) == set(choice.labels) else most,
    )


def _same(one: Answer, other: Answer) -> bool:
    """Boxes may be moved a little, words are heard or not."""
    if one.boxes is not None and other.boxes is not None:
        return common(one.boxes, other.boxes) == len(one.boxes) == len(other.boxes)
    return (one.chosen, one.transcript, one.record) == (other.chosen, other.transcript, other.record)


def _known(choice: Choice) -> Answer:
    return Answer(
        choice.labels[0] if len(choice.labels) == 1 else None,
        1.0,
        "human",
        labels=choice.labels,
        boxes=choice.boxes,
        transcript=choice.transcript,
        decided_by="gold",
    )
