"""Which answer is right and how often each worker is, both estimated from the votes alone, by expectation maximization.

A. P. Dawid and A. M. Skene, Maximum Likelihood Estimation of Observer Error-Rates Using the EM Algorithm, Journal of
the Royal Statistical Society C 28 (1979) 20-28, doi.org/10.2307/2346806. Two things are added. Each row of a worker's
confusion matrix begins with some answers of a worker like all others together (a Dirichlet prior), so that few votes
say little. And an object with one vote, whose right answer nobody knows, says nothing of how often its worker is right:
the votes alone would take her at her word.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum, log
from operator import add, mul

from domain.labels.consolidation import WORKER_ACCURACY

ROUNDS = 100
"""At most; a round goes through all votes once."""
STEADY = 1e-6
"""So little changes the mean log-likelihood of an object in the last round."""
SMOOTHING = 1.0
"""Answers of a worker like all others that a confusion matrix begins with: so many times its classes, in each row."""
_LEAST, _TINY = 1e-10, 1e-100
_PRIOR_ANSWERS = 10.0  # of WORKER_ACCURACY, from which the workers' common accuracy is estimated

Votes = Mapping[str, Mapping[str, int]]
"""The number of the class that each worker chose, by object and worker."""
Shares = list[float]
_Column = tuple[int, int]  # the numbers of a worker and of the class that she chose


@dataclass(frozen=True)
class Estimate:
    """`posteriors`: how likely each class is, by object. After so many `rounds` nothing changed any more."""

    posteriors: Mapping[str, Sequence[float]]
    rounds: int


@dataclass(frozen=True, slots=True)
class _Case:
    """Objects with the same votes, which are one and the same to the estimate. `votes` are places in the columns."""

    votes: tuple[int, ...]
    known: int | None
    count: int


@dataclass(frozen=True)
class _Model:
    """`errors`: P(the worker chooses this class | it is class k) for each k, a row for each column."""

    prior: Shares
    errors: Sequence[Shares]


def dawid_skene(
    votes: Votes, classes: int, known: Mapping[str, int] | None = None, smoothing: float = SMOOTHING
) -> Estimate:
    """The same for the same votes in whichever order. `known`: the right classes of some objects, which stand as they
    are. Without smoothing this is the method of 1979, but for objects with one vote.

    Raises:
        ValueError: an object has no vote, or one that is for none of the classes.
    """
    _check(votes, classes)
    columns = sorted({vote for given in votes.values() for vote in given.items()})
    groups = _grouped(votes, {column: place for place, column in enumerate(columns)}, known or {})
    cases = [_Case(pattern, None if right < 0 else right, len(names)) for (pattern, right), names in groups]
    row = smoothing * classes
    workers = sorted({worker for worker, _ in columns})
    numbered = [(workers.index(worker), chosen) for worker, chosen in columns]
    beliefs = [_first(case, numbered, classes) for case in cases]
    before, rounds = -float("inf"), 0
    while rounds < ROUNDS and cases:
        rounds += 1
        model = _model(cases, beliefs, numbered, row)
        found = [_belief(case, model) for case in cases]
        beliefs = [belief for belief, _ in found]
        likelihood = fsum(case.count * one for case, (_, one) in zip(cases, found, strict=True)) / len(votes)
        if abs(likelihood - before) < STEADY:
            break
        before = likelihood
    posteriors = {name: belief for (_, names), belief in zip(groups, beliefs, strict=True) for name in names}
    return Estimate(posteriors, rounds)


def _check(votes: Votes, classes: int) -> None:
    for name, given in votes.items():
        if not given:
            raise ValueError(f"{name!r} has no vote")
        if min(given.values()) < 0 or max(given.values()) >= classes:
            raise ValueError(f"a vote for {name!r} is for none of the {classes} classes: {dict(given)}")


def _grouped(
    votes: Votes, places: Mapping[tuple[str, int], int], known: Mapping[str, int]
) -> list[tuple[tuple[tuple[int, ...], int], list[str]]]:
    """The objects with the same votes and the same known class (or -1), in an order that is always the same."""
    groups: dict[tuple[tuple[int, ...], int], list[str]] = defaultdict(list)
    for name, given in votes.items():
        groups[tuple(sorted(places[vote] for vote in given.items())), known.get(name, -1)].append(name)
    return sorted(groups.items())


def _first(case: _Case, columns: Sequence[_Column], classes: int) -> Shares:
    """The shares of the votes, where the method begins."""
    if case.known is not None:
        return _certain(case.known, classes)
    shares = [0.0] * classes
    for place in case.votes:
        shares[columns[place][1]] += 1 / len(case.votes)
    return shares


def _certain(right: int, classes: int) -> Shares:
    return [float(number == right) for number in range(classes)]


def _model(cases: Sequence[_Case], beliefs: Sequence[Shares], columns: Sequence[_Column], smoothing: float) -> _Model:
    """The M step: what the beliefs say of classes and workers. `smoothing` is that of a row."""
    classes = len(beliefs[0])
    sizes, found = [0.0] * classes, [[0.0] * classes for _ in columns]
    for case, belief in zip(cases, beliefs, strict=True):
        weighed = belief if case.count == 1 else [case.count * share for share in belief]
        sizes = list(map(add, sizes, weighed))
        if len(case.votes) > 1 or case.known is not None:
            for place in case.votes:
                found[place] = list(map(add, found[place], weighed))
    right, wrong = _like_all(found, columns)
    totals: dict[int, Shares] = {}
    for row, (worker, _) in zip(found, columns, strict=True):
        totals[worker] = list(map(add, totals.get(worker, [smoothing] * classes), row))
    errors = [
        [
            max((number + smoothing * (right if truth == chosen else wrong)) / (total or 1.0), _LEAST)
            for truth, (number, total) in enumerate(zip(row, totals[worker], strict=True))
        ]
        for row, (worker, chosen) in zip(found, columns, strict=True)
    ]
    whole = sum(sizes) + smoothing
    return _Model([max((size + smoothing / classes) / whole, _LEAST) for size in sizes], errors)


def _like_all(found: Sequence[Shares], columns: Sequence[_Column]) -> tuple[float, float]:
    """How often all workers together choose the right class, and each other one."""
    right = fsum(row[chosen] for row, (_, chosen) in zip(found, columns, strict=True))
    accuracy = (right + _PRIOR_ANSWERS * WORKER_ACCURACY) / (fsum(map(fsum, found)) + _PRIOR_ANSWERS)
    return accuracy, (1 - accuracy) / max(len(found[0]) - 1, 1)


def _belief(case: _Case, model: _Model) -> tuple[Shares, float]:
    """The E step: the posterior of each class, and the log-likelihood of the object's votes."""
    weights, scale = model.prior, 0.0
    for place in case.votes:
        weights = list(map(mul, weights, model.errors[place]))
        if max(weights) < _TINY:  # of very many votes the product would vanish
            scale += log(_TINY)
            weights = [weight / _TINY for weight in weights]
    if case.known is not None:
        return _certain(case.known, len(weights)), scale + log(weights[case.known] or _LEAST)
    total = sum(weights)
    return [weight / total for weight in weights], scale + log(total)
