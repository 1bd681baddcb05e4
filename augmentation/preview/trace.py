"""Follows one image or clip through a recipe as a run does, and keeps a small picture of it after every step."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from augmentation.execution.graph import Intermediate, Media, entered_variants, mixed, onward
from augmentation.execution.registry import BY_STEP
from augmentation.medium import Medium
from augmentation.seeds import rng_of, sequence_seed
from domain.plan.identity import derive_seed
from domain.plan.ways import training_outputs
from domain.recipe import Branch, Export, OneOf, Recipe, chains
from domain.recipe.mixing import Mix
from domain.recipe.steps import Step
from domain.recipe.steps.base import Severe
from domain.report.contact_sheet import describe
from domain.report.preview_page import Cell, Sample, Way

VARIANTS_SHOWN = 4
SEVERITIES = (1, 2, 3, 4, 5)
SIDE = 192
Opened = tuple[Branch, Intermediate, tuple[Any, ...]]


@dataclass(frozen=True)
class Passage:
    """One way through a sequence of nodes: a cell for each step, the branches that leave it, and the ladders."""

    cells: tuple[Cell, ...]
    opened: tuple[Opened, ...]
    ladders: tuple[Way, ...]


class Trace:
    """The sheets of one file. What they show is what a run with this seed makes of a file of this name; but a run draws
    from another class what an image is mixed with, and here `partner` gives it."""

    def __init__(
        self, recipe: Recipe, medium: Medium, run_seed: int, source: str, partner: Callable[[], Media] | None = None
    ) -> None:
        self._recipe = recipe
        self._medium = medium
        self._seed = run_seed
        self._source = source
        self._partner = partner
        self._entered = entered_variants(training_outputs(chains(recipe), run_seed, source, {}))

    def sample(self, media: Media) -> Sample:
        nodes = self._recipe.steps
        trunk = self._passage(nodes, Intermediate(media), "", 0, ())
        sheet = Way("Trunk", "every file", _heads(nodes, starts=True), (("", trunk.cells),))
        return Sample(self._source, (sheet, *trunk.ladders, *self._branches(trunk, 0, inner=False)))

    def _branches(self, passage: Passage, outer: int, *, inner: bool) -> Iterator[Way]:
        for branch, current, way in passage.opened:
            numbers = sorted(self._entered.get(branch.branch, ()))
            if inner:
                numbers = [number for number in numbers if number // max(1, branch.variants) == outer]
            shown = numbers[:VARIANTS_SHOWN]
            passages = [self._passage(branch.steps, current, branch.branch, number, way) for number in shown]
            rows = tuple((f"no. {number}", made.cells) for number, made in zip(shown, passages, strict=True))
            heads = _heads(branch.steps, starts=_starts(branch.steps))
            yield Way(f"Branch {branch.branch}", _branch_note(branch, len(shown)), heads, rows)
            if passages:
                yield from passages[0].ladders
                yield from self._branches(passages[0], shown[0], inner=True)

    def _passage(
        self, nodes: Sequence[Any], current: Intermediate, branch: str, variant: int, way: tuple[Any, ...]
    ) -> Passage:
        rng = rng_of(sequence_seed(self._seed, self._source, branch, variant))
        cells = [self._cell(current, "")] if not branch or _starts(nodes) else []
        opened: list[Opened] = []
        ladders: list[Way] = []
        for node in nodes:
            if isinstance(node, Export):
                current = current.settled()
                last = cells[-1] if cells[-1].was_drawn else self._cell(current, "not drawn, as before")
                cells[-1] = replace(last, exports=(*last.exports, node.export))
            elif isinstance(node, Branch):
                current = current.settled()
                opened.append((node, current, way))
            elif isinstance(node, Mix) and self._partner is not None:
                own = rng_of(derive_seed(self._seed, self._source, branch, variant, "partner"))
                current, _ = mixed(node, current, self._partner(), way, rng, own)
                cells.append(self._cell(current, describe(current.steps[-1])))
            else:
                ladders += self._ladders(node, current, rng)
                before, current = current, onward(current, node, rng)
                way = (*way, node)
                drawn = current.steps[len(before.steps) :]
                # The column's head says all of a step that draws nothing.
                words = ", ".join(map(describe, drawn)) if node.draws_values else ""
                cells.append(self._cell(current, words) if drawn else Cell(""))
        return Passage(tuple(cells), tuple(opened), tuple(ladders))

    def _cell(self, current: Intermediate, words: str, *, chosen: bool = False) -> Cell:
        shown = self._medium.shown(current.settled().media, SIDE, None)
        return Cell(words, **shown, chosen=chosen)

    def _ladders(self, node: Step | OneOf, current: Intermediate, rng: random.Random) -> Iterator[Way]:
        """A row of the five severities of a step that has them; no number is drawn for it."""
        if isinstance(node, OneOf):
            for way in node.one_of:
                for step in way.steps:
                    yield from self._ladders(step, current, rng)
            return
        if not isinstance(node, Severe):
            return
        least, most = (node.severity,) * 2 if isinstance(node.severity, int) else node.severity
        cells = []
        for severity in SEVERITIES:
            step = node.model_copy(update={"severity": severity, "probability": 1.0})
            copy = rng_of(0)
            copy.setstate(rng.getstate())
            made = current.then(step, BY_STEP[type(step)].draw(step, copy))
            cells.append(self._cell(made, describe(made.steps[-1]), chosen=least <= severity <= most))
        heads = tuple((str(severity), "") for severity in SEVERITIES)
        title = f"{node.name.replace('_', ' ').capitalize()} by severity"
        taken = f"takes {least}" if least == most else f"draws {least} to {most}"
        yield Way(title, f"the recipe {taken}", heads, (("", tuple(cells)),))


def _starts(nodes: Sequence[Any]) -> bool:
    """Whether the image that enters a branch is shown: when an export there comes before any step."""
    return isinstance(next(node for node in nodes if not isinstance(node, Branch)), Export)


def _heads(nodes: Sequence[Any], *, starts: bool) -> tuple[tuple[str, str], ...]:
    steps = [node for node in nodes if not isinstance(node, Export | Branch)]
    return (*([("as it comes", "")] if starts else []), *(_head(step) for step in steps))


def _head(node: Step | OneOf | Mix) -> tuple[str, str]:
    if isinstance(node, OneOf):
        ways = (" + ".join(_head(step)[0] for step in way.steps) or "nothing" for way in node.one_of)
        return "one of", ", or ".join(ways)
    if isinstance(node, Mix):
        return node.name, f"alpha {_written(node.alpha)}, with another image"
    return node.name.replace("_", " "), parameters(node.model_dump(exclude={"op"}, exclude_unset=True))


def parameters(values: Mapping[str, Any]) -> str:
    """ "degrees −20 to 20, probability 0.9"."""
    names = sorted(values, key=lambda name: name == "probability")
    return ", ".join(f"{name.replace('_', ' ')} {_written(values[name])}" for name in names)


def _written(value: Any) -> str:
    if isinstance(value, (tuple, list)) and len(value) == 2:
        return f"{_written(value[0])} to {_written(value[1])}"
    return f"{value:g}".replace("-", "−") if isinstance(value, float) else str(value)


def _branch_note(branch: Branch, shown: int) -> str:
    count = f"{branch.variants:,} variants" if branch.variants != 1 else "1 variant"
    odds = f", each with probability {branch.probability:g}" if branch.probability < 1 else ""
    balance = ", more for smaller classes" if branch.balance is not None else ""
    seen = "" if shown == branch.variants else f"; {shown} shown"
    return f"{count}{odds}{balance}{seen}"
