"""The plan of a run, made from the whole list of labels: every host makes the same plan and augments its own files."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from sys import intern
from typing import Any

from domain.errors import InvalidRecipe
from domain.jsonlines import dump_line
from domain.labels.boxes import BoxLabel
from domain.labels.records import field_rows
from domain.labels.rows import LABELED, LabelRow, class_of
from domain.plan.balance import balance
from domain.plan.known import Known
from domain.plan.pairs import Pairs
from domain.plan.siblings import siblings_of, together
from domain.plan.ways import ClassWay, training_outputs, ways_of
from domain.recipe import Branch, Output, Recipe
from domain.recipe.groups import first_of_each
from domain.recipe.splits import SPLITS, TRAIN, assign_splits
from domain.recipe.walk import mixes_of
from domain.rows import Wanted

NEVER_LABELED = "no label row"


@dataclass(frozen=True)
class Plan:
    """Class, split and additional variants of each labeled source, and why the others are left out.

    `groups` are the recipe's, of each source. `goals` are the training files that classes should have, by the recipe's
    `balance`. `records` are reviews as JSON, which takes a tenth of the room. `several`: some source has more than one
    label, so a class is no folder.
    """

    recipe: Recipe
    seed: int
    ways: dict[str, ClassWay]
    classes: dict[str, str]
    splits: dict[str, str]
    extra: dict[str, int]
    groups: Mapping[str, str]
    refused: dict[str, str]
    known: Known
    boxes: dict[str, tuple[BoxLabel, ...]] = field(default_factory=dict)
    records: dict[str, str] = field(default_factory=dict)
    several: bool = False
    goals: dict[str, int] = field(default_factory=dict)
    unreadable: Mapping[str, str] = field(default_factory=dict)

    @property
    def wanted(self) -> Wanted:
        """What a version should come to, if all files can be used."""
        shares = self.recipe.splits.shares
        return {"splits": [split for split in SPLITS if shares[split] > 0], "training_outputs": self.goals}

    def recipe_of(self, source: str) -> Recipe:
        """The recipe as this source's class gets it."""
        return self.ways[self.classes[source]].recipe

    def beside_class(self, source: str) -> Any:
        """What a label says beside its class: boxes, or a record's review as JSON; None if nothing."""
        return self.boxes.get(source, self.records.get(source))

    @cached_property
    def _pairs(self) -> Pairs:
        return Pairs(self.classes, self.splits, self.seed, self.known)

    def partner(self, source: str, output: Output) -> str | None:
        """The training source that this output of a training source is mixed with; None where nothing is mixed."""
        return self._pairs.partner(source, output) if output.chain.mixed else None

    @cached_property
    def _balanced_branch(self) -> Branch | None:
        return self.recipe.balanced_branch

    def outputs(self, source: str) -> list[Output]:
        """The outputs of one labeled source; those of val and test are never augmented."""
        all_chains = self.ways[self.classes[source]].chains
        if self.splits[source] != TRAIN:
            return [Output(all_chains[name], 0) for name in (self.recipe.evaluated_by,) if name]
        branch = self._balanced_branch
        extra = {branch.branch: self.extra.get(source, 0)} if branch else {}
        return training_outputs(all_chains, self.seed, source, extra)


def make_plan(
    recipe: Recipe,
    labels: Collection[LabelRow],
    seed: int,
    known: Known | None = None,
    groups: Mapping[str, str] | None = None,
    unreadable: Mapping[str, str] | None = None,
) -> Plan:
    """Splits and balance for all labeled objects; `known` keeps splits and counts what is there already.

    `groups` maps near-duplicates to their leader: they get one split, as do files that a version has of one source.
    `unreadable` says why files cannot be used.

    Raises:
        InvalidRecipe: the recipe names a class that no label has, finds no group for a source, or mixes what has no
            single class.
    """
    known, all_unreadable = known or Known(), unreadable or {}
    told = _Told.of(labels, known)
    known, classes = known.without(told.corrected), told.classes
    unreadable = {source: all_unreadable[source] for source in all_unreadable.keys() & classes.keys()}
    classes = (
        {source: label for source, label in classes.items() if source not in unreadable} if unreadable else classes
    )
    grouped = _grouped(recipe, classes, known, told.groups)
    kin = together(together(groups or {}, siblings_of(chain(classes, known.splits))), first_of_each(grouped))
    splits = assign_splits(classes, recipe.splits.shares, known.splits, kin)
    _check_pairs(recipe, classes, splits, told)
    ways = ways_of(recipe, classes)
    balanced = balance(recipe, ways, classes, splits, seed, known)
    return Plan(
        recipe=recipe,
        seed=seed,
        ways=ways,
        classes=classes,
        splits=splits,
        extra=balanced.extra,
        groups=grouped,
        refused=told.refused,
        known=known,
        boxes=told.boxes,
        records=told.records,
        several=told.several,
        goals=balanced.goals,
        unreadable=unreadable,
    )


def _grouped(recipe: Recipe, classes: Mapping[str, str], known: Known, told: Mapping[str, str]) -> Mapping[str, str]:
    """The group of each source of this run and of earlier versions."""
    if recipe.splits.group is None:
        return {}
    try:
        return recipe.splits.group.of_all({**known.splits, **classes}, {**known.groups, **told})
    except ValueError as error:
        message = f"splits.group: {error}"
        raise InvalidRecipe(f"recipe {recipe.name!r}: {message}", [(("splits", "group"), message)]) from error


def _check_pairs(recipe: Recipe, classes: Mapping[str, str], splits: Mapping[str, str], told: _Told) -> None:
    """Images are mixed only where each has one class, and some in training have another one."""
    for place, mix in mixes_of(recipe.steps):
        training = {label for source, label in classes.items() if splits[source] == TRAIN}
        if told.boxes:
            why = "the labels are boxes, and a mixed image has no boxes that are right"
        elif told.several:
            why = "some images have several labels, and a pair is of two images with one class each"
        elif classes and len(training) < 2:
            why = f"all training images have the class {min(training, default='')!r}, and a pair is of two classes"
        else:
            return
        message = f"`{mix.name}`: {why}; take it out of the recipe"
        raise InvalidRecipe(f"recipe {recipe.name!r}: {message}", [(place, message)])


@dataclass
class _Told:
    """What a plan keeps of the labels, gathered in one passage. `corrected` are sources of an earlier version whose
    transcript is another one now."""

    classes: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    boxes: dict[str, tuple[BoxLabel, ...]] = field(default_factory=dict)
    records: dict[str, str] = field(default_factory=dict)
    corrected: list[str] = field(default_factory=list)
    groups: dict[str, str] = field(default_factory=dict)
    several: bool = False

    @classmethod
    def of(cls, labels: Iterable[LabelRow], known: Known) -> _Told:
        told = cls()
        for row in labels:
            if row.status != LABELED:
                told.refused[row.source] = f"{row.status}: {row.reason}"
                continue
            told.classes[row.source] = intern(class_of(row))
            told.several |= len(row.labels) > 1
            if row.group is not None:
                told.groups[row.source] = intern(row.group)
            if row.boxes is not None:
                told.boxes[row.source] = row.boxes
            if row.record is not None:
                told.records[row.source] = dump_line(field_rows(row.record))
            if known.is_corrected(row.source, row.transcript):
                told.corrected.append(row.source)
        return told
