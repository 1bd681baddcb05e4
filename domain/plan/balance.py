"""How many additional variants the smaller classes get, so that each reaches its share of the largest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil

from domain.plan.known import Known
from domain.plan.ways import ClassWay, training_outputs
from domain.recipe import Chain, Recipe
from domain.recipe.splits import TRAIN, by_hash
from domain.recipe.walk import branches_of


@dataclass(frozen=True)
class Balance:
    """`extra` variants of each training source; `goals` are the training files that a class should have."""

    extra: dict[str, int] = field(default_factory=dict)
    goals: dict[str, int] = field(default_factory=dict)


def balance(
    recipe: Recipe,
    ways: Mapping[str, ClassWay],
    classes: Mapping[str, str],
    splits: Mapping[str, str],
    seed: int,
    known: Known,
) -> Balance:
    """Additional variants of the balanced branch for each training source of the smaller classes."""
    branch = recipe.balanced_branch
    if branch is None:
        return Balance()
    members: dict[str, list[str]] = {}
    for source, label in classes.items():
        if splits[source] == TRAIN:
            members.setdefault(label, []).append(source)
    counts = {label: _count(ways[label], sources, label, seed, known) for label, sources in members.items()}
    most = max(counts.values(), default=0)
    found = Balance()
    for label, sources in members.items():
        own = ways[label].recipe.balanced_branch or branch
        goal = ceil(branch.balance_of(label) * most)
        files = _outputs_a_variant(ways[label].chains, branch.branch)
        lacking = ceil(max(0, goal - counts[label]) / files) if files else 0
        each, rest = divmod(lacking, len(sources))
        room = max(0, branch.max_variants - own.variants)
        for index, source in enumerate(by_hash(sources, salt=str(seed))):
            found.extra[source] = min(room, each + (1 if index < rest else 0))
        if goal:
            found.goals[label] = goal
    return found


def _count(way: ClassWay, sources: Sequence[str], label: str, seed: int, known: Known) -> int:
    """Training outputs of a class, earlier versions' and this run's, without additional variants."""
    same_for_all = all(node.probability >= 1 for node in branches_of(way.recipe.steps))
    chains = {name: chain for name, chain in way.chains.items() if not chain.mixed}  # a mixed one is of no single class
    usual = len(training_outputs(chains, seed, "", {})) if same_for_all else 0
    fixed = [name for name, chain in chains.items() if chain.deterministic]
    total = 0
    for source in sources:
        total += usual if same_for_all else len(training_outputs(chains, seed, source, {}))
        if known.labels.get(source) == label:
            there = dict(known.exports.get(source, ()))
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
