"""Carries out the graph of a recipe for one decoded image or clip: each shared prefix once, fan-out in memory."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from augmentation.execution.registry import BY_STEP
from augmentation.image import boxes, mix
from augmentation.image.frame import Frame
from augmentation.image.kernels import border, tone, warp
from augmentation.image.kernels.border import Fill
from augmentation.image.kernels.cut import cut
from augmentation.image.transform import Cut, Filter, Tone, Warp
from augmentation.seeds import rng_of, sequence_seed
from domain.plan.identity import derive_seed
from domain.recipe import Branch, Export, OneOf, Output
from domain.recipe.mixing import Mix
from domain.recipe.steps import Step
from domain.rows import StepRecord

if TYPE_CHECKING:
    from augmentation.audio.transform import ClipFilter  # images need no sound

Media = Any  # a Frame or a Clip: a recipe's steps are all of one medium


class Made(NamedTuple):
    """One output: its frame or clip, the steps with the values drawn, and the seed of the passage that ended in it.

    `share` of its source's class, where two images were mixed.
    """

    output: Output
    media: Media
    steps: tuple[StepRecord, ...]
    seed: int
    share: float | None = None


class Intermediate(NamedTuple):
    """A frame on its way, with warps or tone curves that are still to be applied together; or a clip.

    `fill` is what the warps show from outside, `size` (width, height) of what they make; None as it is without them.
    """

    media: Media
    steps: tuple[StepRecord, ...] = ()
    matrix: warp.Matrix | None = None
    curve: tone.Curve | None = None
    fill: Fill | None = None
    size: tuple[int, int] | None = None

    def settled(self) -> Intermediate:
        """With everything applied."""
        frame, steps, matrix, curve, fill, size = self
        if matrix is None and curve is None:  # as always with a clip
            return self
        pixels, labeled = frame.pixels, frame.boxes
        if matrix is not None:
            pixels = warp.warp(pixels, matrix, border.usual(frame) if fill is None else fill, size)
            if labeled:
                height, width = pixels.shape[:2]
                labeled = boxes.warped(labeled, matrix, width, height)
        if curve is not None:
            own = pixels is not frame.pixels  # made by the warp just now, so nobody else sees them
            pixels = tone.look_up(pixels, curve, pixels if own else None)
        if size is not None:
            frame = Frame.whole(pixels)
        return Intermediate(frame._replace(pixels=pixels, boxes=labeled), steps)

    def then(self, step: Step, values: dict[str, Any]) -> Intermediate:
        """With one more step done or noted down."""
        transform = BY_STEP[type(step)]
        record: StepRecord = {"op": step.name, "values": values}
        steps = (*self.steps, record)
        if isinstance(transform, Warp):
            fill = values.get("fill")
            fits = self.curve is None and (self.matrix is None or self.fill == fill)
            frame, _, before, curve, _, size = self if fits else self.settled()
            width, height = size or frame.pixels.shape[1::-1]
            matrix = transform.matrix(values, width, height)
            if transform.size is not None:
                size = transform.size(values, width, height)
            return Intermediate(frame, steps, matrix if before is None else matrix @ before, curve, fill, size)
        if isinstance(transform, Tone):
            # After a pending warp the curve waits too: settled() warps first, then looks up.
            so_far = tone.STRAIGHT if self.curve is None else self.curve
            return self._replace(steps=steps, curve=transform.curve(values, so_far))
        return Intermediate(_applied(self.settled().media, transform, values), steps)


def onward(current: Intermediate, node: Step | OneOf, rng: random.Random) -> Intermediate:
    """What a step or a choice makes of it."""
    if isinstance(node, OneOf):
        # The way has random numbers of its own: which one is drawn does not change what the steps after it draw.
        chosen, own = node.chosen_by(rng.random()), rng_of(rng.getrandbits(64))
        current = current._replace(steps=(*current.steps, {"op": "one_of", "values": {"chosen": chosen}}))
        for step in node.one_of[chosen].steps:
            current = onward(current, step, own)
        return current
    # Drawn in any case, so that a step's probability does not change what the next steps draw.
    luck, values = rng.random(), BY_STEP[type(node)].draw(node, rng)
    return current.then(node, values) if luck < node.probability else current


def mixed(
    node: Mix, current: Intermediate, partner: Media, way: Sequence[Any], rng: random.Random, own: random.Random
) -> tuple[Intermediate, float]:
    """`current` and `partner`, a file as it was read, as one; and the share of the first one's class.

    The partner goes the same `way` of steps and choices first, with values of its own, which `own` gives.
    """
    other = Intermediate(partner)
    for step in way:
        other = onward(other, step, own)
    current, other = current.settled(), other.settled()
    values = mix.draw(node, rng)
    frame, share = mix.apply(current.media, other.media, values)
    record: StepRecord = {"op": node.name, "values": {**values, "partner_steps": list(other.steps)}}
    return Intermediate(frame, (*current.steps, record)), share


def _applied(media: Media, transform: Cut | Filter | ClipFilter, values: dict[str, Any]) -> Media:
    if not isinstance(transform, Cut):
        return transform.apply(media, values)
    region = transform.region(values, media.box)
    if region.fill is None:
        region = region._replace(fill=border.usual(media))
    made = Frame.whole(cut(media.pixels, region, reduced=media.reduction > 1))
    return made._replace(boxes=boxes.cut_out(media.boxes, region)) if media.boxes else made


def entered_variants(outputs: Sequence[Output]) -> dict[str, set[int]]:
    """By branch, the numbers of the variants that these outputs come through."""
    entered: dict[str, set[int]] = {}
    for output in outputs:
        variant = output.variant
        for branch in reversed(output.chain.branches):
            entered.setdefault(branch.branch, set()).add(variant)
            variant //= max(1, branch.variants)  # 0: all of them are additional ones
    return entered


class Execution:
    """Makes the wanted outputs of one source. `partner` gives what an output is mixed with, as it was read."""

    def __init__(
        self,
        run_seed: int,
        source: str,
        wanted: Sequence[Output],
        partner: Callable[[Output], Media] | None = None,
    ) -> None:
        self._run_seed = run_seed
        self._source = source
        self._outputs = {(output.chain.export.export, output.variant): output for output in wanted}
        self._entered = entered_variants(wanted)
        self._partner = partner
        self._exports = {export for export, _ in self._outputs}

    def run(self, nodes: Sequence[Any], media: Media) -> Iterator[Made]:
        """The outputs in the recipe's order; nothing is computed that no wanted output needs."""
        yield from self._passage(self._needed(nodes), Intermediate(media), "", 0, ())

    def _passage(
        self, nodes: Sequence[Any], current: Intermediate, branch: str, variant: int, way: tuple[Any, ...]
    ) -> Iterator[Made]:
        """`way`: the steps and choices before."""
        share: float | None = None
        seed = sequence_seed(self._run_seed, self._source, branch, variant)
        rng = rng_of(seed)
        for node in nodes:
            if isinstance(node, Export):
                output = self._outputs.get((node.export, variant))
                if output is not None:
                    current = current.settled()
                    yield Made(output, current.media, current.steps, seed, share)
            elif isinstance(node, Branch):
                current, inner = current.settled(), self._needed(node.steps)
                for number in self._variants(node, variant, inner=bool(branch)):
                    yield from self._passage(inner, current, node.branch, number, way)
            elif isinstance(node, Mix):
                wanted = self._mixed_of(nodes, variant)
                if wanted is None:  # nothing but exports comes after the mix
                    return
                own = rng_of(derive_seed(self._run_seed, self._source, branch, variant, "partner"))
                current, share = mixed(node, current, self._partner_of(wanted), way, rng, own)
            else:
                way = (*way, node)
                current = onward(current, node, rng)

    def _mixed_of(self, nodes: Sequence[Any], variant: int) -> Output | None:
        """A wanted output of the passage that is mixed; all of them have one partner."""
        exports = (node.export for node in nodes if isinstance(node, Export))
        wanted = (self._outputs.get((export, variant)) for export in exports)
        return next((output for output in wanted if output is not None and output.chain.mixed), None)

    def _partner_of(self, output: Output) -> Media:
        if self._partner is None:
            raise ValueError("the recipe mixes images, and nobody gives the partners")
        return self._partner(output)

    def _needed(self, nodes: Sequence[Any]) -> Sequence[Any]:
        """The nodes up to the last one that a wanted output needs."""
        last = 0
        for index, node in enumerate(nodes):
            is_export = isinstance(node, Export) and node.export in self._exports
            if is_export or (isinstance(node, Branch) and node.branch in self._entered):
                last = index + 1
        return nodes[:last]

    def _variants(self, branch: Branch, outer: int, *, inner: bool) -> list[int]:
        numbers = sorted(self._entered.get(branch.branch, ()))
        return [number for number in numbers if number // branch.variants == outer] if inner else numbers
