"""Which outputs a recipe makes of one source: the graph flattened into chains, the chains multiplied by variants."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from domain.recipe.graph import Recipe
from domain.recipe.mixing import Mix
from domain.recipe.nodes import FORMATS, Branch, Export, OneOf
from domain.recipe.steps import Step

Keep = Callable[[str, int, float], bool]


class Written(NamedTuple):
    """Format and quality of an export's files; only JPEG has a quality."""

    format: str
    quality: int


def written_as(recipe: Recipe, export: Export) -> Written:
    """As the export says, else as the recipe does."""
    usual = recipe.output.format or FORMATS[recipe.medium][0]
    return Written(export.format or usual, export.quality or recipe.output.quality)


@dataclass(frozen=True)
class Chain:
    """The way from the source to one export. `branches` are entered in this order; `digest` names the whole content.

    `mixed`: two images become one on it.
    """

    export: Export
    branches: tuple[Branch, ...]
    digest: str
    deterministic: bool
    mixed: bool = False

    def __hash__(self) -> int:
        return hash((self.export.export, self.digest))  # the models below take as long to hash as an image to flip


@dataclass(frozen=True)
class Output:
    """One file to be made: variant number `variant` of the export at the end of `chain`."""

    chain: Chain
    variant: int


def chains(recipe: Recipe) -> dict[str, Chain]:
    """The chain of each export, by the export's name, in the recipe's order."""
    return {chain.export.export: chain for chain in _walk(recipe, recipe.steps, (), ())}


def _walk(
    recipe: Recipe,
    nodes: tuple[Any, ...],
    before: tuple[Step | OneOf | Mix | Branch, ...],
    branches: tuple[Branch, ...],
) -> Iterator[Chain]:
    passed = list(before)
    for node in nodes:
        if isinstance(node, Export):
            yield _chain(recipe, node, passed, branches)
        elif isinstance(node, Branch):
            yield from _walk(recipe, node.steps, (*passed, node), (*branches, node))
        else:
            passed.append(node)


def _chain(
    recipe: Recipe, export: Export, passed: list[Step | OneOf | Mix | Branch], branches: tuple[Branch, ...]
) -> Chain:
    written = written_as(recipe, export)
    way = [node.branch if isinstance(node, Branch) else node.model_dump(mode="json") for node in passed]
    text = json.dumps([way, written._asdict()], sort_keys=True, separators=(",", ":"))
    return Chain(
        export=export,
        branches=branches,
        digest=hashlib.sha256(text.encode()).hexdigest(),
        deterministic=not any(isinstance(node, Branch) or node.draws_values for node in passed),
        mixed=any(isinstance(node, Mix) for node in passed),
    )


def outputs_of(all_chains: dict[str, Chain], keep: Keep, extra: dict[str, int] | None = None) -> list[Output]:
    """Every output of one training source.

    `keep(branch, variant, probability)` decides about variants that are made with a probability; `extra` adds variants
    to a branch of the trunk, and those are always made. A branch in a branch counts its variants on: 2 x 3 are 0-5.
    """
    outputs = []
    for chain in all_chains.values():
        variants = [0]
        for depth, branch in enumerate(chain.branches):
            more = (extra or {}).get(branch.branch, 0) if depth == 0 else 0
            variants = list(_variants(branch, variants, more, keep))
        outputs += [Output(chain, variant) for variant in variants]
    return outputs


def _variants(branch: Branch, outer: list[int], more: int, keep: Keep) -> Iterator[int]:
    for base in outer:
        for index in range(branch.variants + more):
            variant = base * branch.variants + index
            if index >= branch.variants or branch.probability >= 1 or keep(branch.branch, variant, branch.probability):
                yield variant
