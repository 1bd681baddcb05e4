"""Nested cross-validation of the candidates: each probe is fitted on what a run of the recipe makes of the images."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from augmentation.errors import UsageError
from augmentation.processes import chunked, in_processes
from augmentation.tune.copies import Copies, plain_share
from domain.labels.rows import LabelRow
from domain.plan.plan import Plan, make_plan
from learning.compare import Judged, Places, balanced_accuracy, folds, nested
from learning.features import Floats, Projection
from learning.probe import Classes
from learning.soft_probe import SoftProbe

OUTER, INNER = 5, 3
DIMENSIONS = 128


@dataclass(frozen=True)
class Way:
    """A candidate: the plan of all images, and the copies that were made by it."""

    plan: Plan
    copies: Copies


@dataclass(frozen=True)
class Examples:
    """Row i: the image called `names[i]`, its class, its group and the vector of its plain output."""

    names: Sequence[str]
    rows: Sequence[LabelRow]
    classes: Classes
    groups: Places
    vectors: NDArray[np.float32]


@dataclass(frozen=True)
class Judge:
    """`first_seed`: those that shuffle the folds are this one and those after it."""

    examples: Examples
    ways: Sequence[Way]
    first_seed: int

    def seeds(self, count: int, processes: int, until: float, told: Callable[[int], None]) -> Iterator[list[Judged]]:
        """The outer folds of each of `count` seeds, as far as they are judged before the monotonic time `until`.

        Raises:
            UsageError: a process died.
        """
        work = ((seed, fold) for seed in range(count) for fold in range(OUTER))
        results = in_processes(self.of_all, chunked(work, 1), processes, _died)
        done: list[Judged] = []
        for result in results:
            if isinstance(result, str):
                raise UsageError(result)
            done.append(result)
            if len(done) == OUTER:
                yield done
                done = []
            told(1)
            if time.monotonic() > until:
                return

    def of_all(self, work: list[tuple[int, int]]) -> list[Judged | str]:
        with threadpool_limits(1):  # a process a core
            return [self._judged(seed, fold) for seed, fold in work]

    def _judged(self, seed: int, fold: int) -> Judged:
        own = self.examples
        outer = folds(own.classes, own.groups, OUTER, self.first_seed + seed)[fold]
        train = outer[0]
        inner = folds(own.classes[train], own.groups[train], INNER, self.first_seed + seed)
        fold_features = _Features(self, Projection(own.vectors[train], DIMENSIONS))
        return nested(fold_features.score, len(self.ways), outer, inner)

    @cached_property
    def places(self) -> dict[str, int]:
        """Of each image, its row."""
        return {name: place for place, name in enumerate(self.examples.names)}

    @cached_property
    def shares(self) -> list[NDArray[np.float64]]:
        """Of each way: outputs without random values and with, n x 2, as a run over all images makes them."""
        return [np.array([plain_share(way.plan, name) for name in self.examples.names], float) for way in self.ways]

    def shares_in(self, way: int, train: Places) -> NDArray[np.float64]:
        """The same of a training set: `balance` depends on who is in it."""
        plan = self.ways[way].plan
        if plan.recipe.balanced_branch is None:
            return np.asarray(self.shares[way][train])
        some = make_plan(plan.recipe, [self.examples.rows[place] for place in train], plan.seed)
        return np.array([plain_share(some, self.examples.names[place]) for place in train], float)


class _Features:
    """What one outer fold's projection makes of all vectors, as far as it is asked for."""

    def __init__(self, judge: Judge, projection: Projection) -> None:
        self._judge = judge
        self._projection = projection
        self._plain = projection.of(judge.examples.vectors)
        self._copies: dict[int, Floats] = {}
        self._starts: dict[int, SoftProbe] = {}

    def score(self, way: int, train: Places, test: Places) -> float:
        """Balanced accuracy on the plain images of `test`, after training on what the recipe makes of `train`."""
        classes = self._judge.examples.classes
        start = self._starts.get(len(train))
        probe = SoftProbe(*training_set(self._judge, way, train, self._plain, self._of_copies(way)), start=start)
        if way == 0:  # from here the others of the same training set have a short way
            self._starts[len(train)] = probe
        return balanced_accuracy(probe.classes(self._plain[test]), classes[test])

    def _of_copies(self, way: int) -> Floats:
        if way not in self._copies:
            self._copies[way] = self._projection.of(self._judge.ways[way].copies.vectors)
        return self._copies[way]


def training_set(judge: Judge, way: int, train: Places, plain: Floats, copied: Floats) -> tuple[Floats, Floats, Floats]:
    """Features, shares of the classes and weights. `plain` and `copied` are of all images and of all copies.

    Each image weighs as much as a run makes outputs of it; its copies stand for those with random values. What is mixed
    with an image that is not in the training set is left out. Weights add up to the number of images.
    """
    count = int(judge.examples.classes.max()) + 1
    kinds = judge.shares_in(way, train)
    classes, copies = judge.examples.classes, judge.ways[way].copies
    at = {place: index for index, place in enumerate(train.tolist())}
    used, own, other, share = _usable(judge, copies, at)
    many = np.bincount([at[place] for place in own], minlength=len(train)).astype(float)
    varied = np.where(many > 0, kinds[:, 1] / np.maximum(many, 1), 0)
    only = np.where(many > 0, kinds[:, 0], kinds.sum(axis=1))
    weights = np.concatenate([only, varied[[at[place] for place in own]] if own else np.zeros(0)])
    one_hot = np.eye(count)
    mixed = share[:, None] * one_hot[classes[own]] + (1 - share[:, None]) * one_hot[classes[other]]
    features = np.concatenate([plain[train], copied[used]])
    shares = np.concatenate([one_hot[classes[train]], mixed])
    return features, shares, np.asarray(weights * len(train) / weights.sum())


def _usable(
    judge: Judge, copies: Copies, train: Collection[int]
) -> tuple[list[int], list[int], list[int], NDArray[np.float64]]:
    """Copies by their row; the places of both images; the share of the first one."""
    used, own, other, share = [], [], [], []
    for row, (source, partner, part) in enumerate(zip(copies.sources, copies.partners, copies.own, strict=True)):
        first = judge.places.get(source)
        second = judge.places.get(partner) if partner else first
        if first is not None and second is not None and first in train and second in train:
            used.append(row)
            own.append(first)
            other.append(second)
            share.append(part)
    return used, own, other, np.array(share, float)


def _died(work: tuple[int, int]) -> str:
    return f"the process died while it judged seed {work[0]}: too little memory; give fewer --images"
