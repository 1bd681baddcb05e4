"""The plan of a run, made from the whole list of labels: every host makes the same plan and augments its own files."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from math import ceil
from sys import intern
from typing import Any

from domain.errors import InvalidRecipe
from domain.labels.boxes import BoxLabel
from domain.labels.rows import LABELED, LabelRow, class_of
from domain.plan.identity import derive_seed
from domain.recipe import Branch, Chain, Output, Recipe, chains
from domain.recipe.complaints import suggestion
from domain.recipe.outputs import outputs_of
from domain.recipe.splits import TRAIN, assign_splits, by_hash
from domain.recipe.walk import branches_of

NEVER_LABELED = "no label row"


IDENTITY_BYTES = 16  # of 32: enough, for an identity is only compared with those of its own source
Counts = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Known:
    """What earlier versions hold: split, class, identities and count of outputs by export of each source.

    Kept small, for a version may have a hundred thousand sources: identities as bytes in a row, equal values once.
    """

    splits: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    identities: dict[str, bytes] = field(default_factory=dict)
    exports: dict[str, Counts] = field(default_factory=dict)

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, Any]]) -> Known:
        """From the rows of an earlier `manifest.jsonl`."""
        known = cls()
        for row in rows:
            source = row["source"]
            known.splits[source] = intern(row["split"])
            known.labels[source] = intern(row["label"])
            known.exports[source] = _one_more(known.exports.get(source, ()), intern(row["export"]))
            known.identities[source] = known.identities.get(source, b"") + _shortened(row["identity"])
        return known

    def has(self, source: str, identity: str) -> bool:
        """Whether this output is there already."""
        own, sought = self.identities.get(source, b""), _shortened(identity)
        return any(own[start : start + IDENTITY_BYTES] == sought for start in range(0, len(own), IDENTITY_BYTES))


@lru_cache(maxsize=1024)  # gives the same object for the same counts
def _one_more(counts: Counts, export: str) -> Counts:
    return tuple(sorted({**dict(counts), export: dict(counts).get(export, 0) + 1}.items()))


def _shortened(identity: str) -> bytes:
    return bytes.fromhex(identity[: 2 * IDENTITY_BYTES])


@dataclass(frozen=True)
class ClassWay:
    """The recipe with a class's own numbers, and its chains."""

    recipe: Recipe
    chains: dict[str, Chain]


@dataclass(frozen=True)
class Plan:
    """Class, split and additional variants of each labeled source, and why the others are left out."""

    recipe: Recipe
    seed: int
    ways: dict[str, ClassWay]
    classes: dict[str, str]
    splits: dict[str, str]
    extra: dict[str, int]
    refused: dict[str, str]
    known: Known
    boxes: dict[str, tuple[BoxLabel, ...]] = field(default_factory=dict)

    def recipe_of(self, source: str) -> Recipe:
        """The recipe as this source's class gets it."""
        return self.ways[self.classes[source]].recipe

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


def training_outputs(all_chains: dict[str, Chain], seed: int, source: str, extra: dict[str, int]) -> list[Output]:
    """What a training source yields: `extra` adds variants to a branch, by the branch's name."""

    def keep(branch: str, variant: int, probability: float) -> bool:
        return derive_seed(seed, source, "keep", branch, variant) / 2**64 < probability

    return outputs_of(all_chains, keep, extra)


def make_plan(
    recipe: Recipe,
    labels: Collection[LabelRow],
    seed: int,
    known: Known | None = None,
    groups: Mapping[str, str] | None = None,
) -> Plan:
    """Splits and balance for all labeled objects; `known` keeps splits and counts what is there already.

    `groups` maps near-duplicates to their leader: they get one split.

    Raises:
        InvalidRecipe: the recipe names a class that no label has.
    """
    known = known or Known()
    classes = {row.source: intern(class_of(row)) for row in labels if row.status == LABELED}
    splits = assign_splits(classes, recipe.splits.shares, known.splits, groups)
    ways = _ways(recipe, classes)
    return Plan(
        recipe=recipe,
        seed=seed,
        ways=ways,
        classes=classes,
        splits=splits,
        extra=_balance(recipe, ways, classes, splits, seed, known),
        refused={row.source: f"{row.status}: {row.reason}" for row in labels if row.status != LABELED},
        known=known,
        boxes={row.source: row.boxes for row in labels if row.boxes is not None},
    )


def _ways(recipe: Recipe, classes: Mapping[str, str]) -> dict[str, ClassWay]:
    labels = tuple(sorted(set(classes.values())))
    for named in recipe.classes_named:
        if labels and named not in labels:
            message = f"no image has the class {named!r}, which the recipe names{suggestion(named, labels)}"
            raise InvalidRecipe(message, [(recipe.place_of_class(named), message)])
    usual = ClassWay(recipe, chains(recipe))
    own = {label: recipe.for_class(label) for label in labels if label in recipe.classes}
    return {label: ClassWay(own[label], chains(own[label])) if label in own else usual for label in labels}


def _balance(
    recipe: Recipe,
    ways: dict[str, ClassWay],
    classes: dict[str, str],
    splits: dict[str, str],
    seed: int,
    known: Known,
) -> dict[str, int]:
    """Additional variants of the balanced branch for each training source of the smaller classes."""
    branch = recipe.balanced_branch
    if branch is None:
        return {}
    members: dict[str, list[str]] = {}
    for source, label in classes.items():
        if splits[source] == TRAIN:
            members.setdefault(label, []).append(source)
    counts = {label: _count(ways[label], sources, label, seed, known) for label, sources in members.items()}
    most = max(counts.values(), default=0)
    extra: dict[str, int] = {}
    for label, sources in members.items():
        own = ways[label].recipe.balanced_branch or branch
        goal = ceil(branch.balance_of(label) * most)
        files = _outputs_a_variant(ways[label].chains, branch.branch)
        lacking = ceil(max(0, goal - counts[label]) / files) if files else 0
        each, rest = divmod(lacking, len(sources))
        room = max(0, branch.max_variants - own.variants)
        for index, source in enumerate(by_hash(sources, salt=str(seed))):
            extra[source] = min(room, each + (1 if index < rest else 0))
    return extra


def _count(way: ClassWay, sources: Sequence[str], label: str, seed: int, known: Known) -> int:
    """Training outputs of a class, earlier versions' and this run's, without additional variants."""
    same_for_all = all(node.probability >= 1 for node in branches_of(way.recipe.steps))
    usual = len(training_outputs(way.chains, seed, "", {})) if same_for_all else 0
    fixed = [chain.export.export for chain in way.chains.values() if chain.deterministic]
    total = 0
    for source in sources:
        total += usual if same_for_all else len(training_outputs(way.chains, seed, source, {}))
        if known.labels.get(source) == label:
            there = dict(known.exports[source])
            total += sum(there.values()) - sum(1 for export in fixed if export in there)
    return total


def _outputs_a_variant(all_chains: dict[str, Chain], name: str) -> int:
    """How many files one variant of a trunk branch makes, inner branches multiplied."""
    total = 0
    for chain in all_chains.values():
        if chain.branches and chain.branches[0].branch == name:
            files = 1
            for inner in chain.branches[1:]:
                files *= inner.variants
            total += files
    return total
