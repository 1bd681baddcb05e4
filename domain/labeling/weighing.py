"""Answers that people write or draw, by the weight of each worker: how near hers come to what all answers come to.

Votes with yes and no are best weighed by the logarithm of the odds that their voter is right: S. Nitzan and J. Paroush,
Optimal Decision Rules in Uncertain Dichotomous Choice Situations, International Economic Review 23 (1982) 289-297. Of
more answers each wrong one is rarer, and two who give the same say more. How often she is right is estimated from the
answers and the weights, and the weights from it, in turns, as Dawid and Skene do where the answers are a fixed list.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from math import log

from domain.labels.consolidation import WORKER_ACCURACY
from domain.task_types.model import Choice, Outcome
from domain.task_types.weighed import Weighed, Weighing

ROUNDS = 10
"""At most; most jobs stand still after three."""
ENOUGH = 3
"""Answers to an object that say something of its workers: of two who differ, either could be the one who is right."""
_PRIOR = 10.0  # boxes, words or fields, of WORKER_ACCURACY, that every worker begins with
_MOST = 0.99  # so that no worker's word becomes what she is measured by
_LEAST = 0.05  # of a weight: whoever is right in half of all says nothing, but has answered

Choices = Mapping[str, Mapping[str, Choice]]


def weighed(
    choices: Choices, how: Weighed, known: Mapping[str, Choice] | None = None
) -> tuple[dict[str, Outcome], dict[str, float]]:
    """What each object's answers come to, one at least, and the weights of the workers; whatever the order. Of `known`
    answers, where there are some, workers' weights are told too."""
    right = {ref: Outcome(choice) for ref, choice in (known or {}).items() if ref in choices}
    workers = {ref: sorted(given) for ref, given in choices.items()}
    matched: dict[str, Weighing] = {
        ref: how.matched([given[worker] for worker in workers[ref]]) for ref, given in choices.items() if len(given) > 1
    }
    weights = dict.fromkeys(sorted({worker for names in workers.values() for worker in names}), 1.0)
    outcomes: dict[str, Outcome] = {}
    for _ in range(ROUNDS):
        before = outcomes
        outcomes = {ref: weigh([weights[one] for one in workers[ref]]) for ref, weigh in matched.items()}
        if outcomes.keys() == before.keys() and all(one.choice == before[ref].choice for ref, one in outcomes.items()):
            break
        told = {ref: one for ref, one in outcomes.items() if len(choices[ref]) >= ENOUGH} | right
        weights = _weights(weights, choices, told, how)
    alone = {ref: _alone(*given.values()) for ref, given in choices.items() if len(given) == 1}
    return {**outcomes, **alone}, weights


def _weights(
    workers: Mapping[str, float], choices: Choices, outcomes: Mapping[str, Outcome], how: Weighed
) -> dict[str, float]:
    right, of = defaultdict[str, float](float), defaultdict[str, float](float)
    for ref, outcome in sorted(outcomes.items()):
        if outcome.choice is None:
            continue
        for worker, choice in choices[ref].items():
            found = how.agreement(choice, outcome.choice)
            right[worker] += found.right
            of[worker] += found.of
    found_right = {name: (right[name] + _PRIOR * WORKER_ACCURACY) / (of[name] + _PRIOR) for name in workers}
    return {name: max(_weight(min(share, _MOST), how.answers), _LEAST) for name, share in found_right.items()}


def _weight(share: float, answers: int) -> float:
    """The logarithm of how much more likely she gives the right answer than a certain wrong one."""
    return log(share * (answers - 1) / (1 - share))


def _alone(choice: Choice) -> Outcome:
    """One worker is believed, with confidence 0, as with the majority."""
    return Outcome(choice, 0.0, box_confidences=None if choice.boxes is None else (0.0,) * len(choice.boxes))
