"""What a recipe makes of each image, as vectors: all that a training needs to know of it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from augmentation.embedding.files import squared
from augmentation.embedding.model import EmbeddingModel
from augmentation.errors import BadFile, BadPartner
from augmentation.execution.graph import Execution, Media
from augmentation.execution.partner import Partners
from augmentation.medium import medium_of
from augmentation.processes import CRASHED, chunked, in_processes
from domain.plan.identity import derive_seed
from domain.plan.plan import Plan
from domain.recipe import Output
from domain.recipe.splits import TRAIN

CHUNK = 8  # images that a process gets at a time
Vectors = NDArray[np.float32]


@dataclass(frozen=True)
class Copies:
    """Row i of `vectors` was made of the file `sources[i]`, whose class has the share `own[i]`; the rest is that of the
    file `partners[i]`, empty where nothing was mixed. `unreadable`: why a file has none, by its name."""

    sources: list[str]
    partners: list[str]
    own: list[float]
    vectors: Vectors
    unreadable: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Row:
    source: str
    partner: str = ""
    own: float = 1.0
    vector: Vectors | None = None
    reason: str = ""


def embed_copies(
    plan: Plan,
    folder: Path,
    names: Sequence[str],
    model: EmbeddingModel,
    wanted: Callable[[str], Sequence[Output]],
    processes: int,
) -> Iterator[list[_Row]]:
    """The rows of each of the files called `names` below `folder`: of the outputs that are `wanted` of it.

    A file that cannot be read has one row with the reason.
    """
    worker = _Maker(plan, folder, model, wanted)
    return in_processes(worker.of_all, chunked(names, CHUNK), processes, lambda name: [_Row(name, reason=CRASHED)])


def gathered(rows: Sequence[_Row], size: int) -> Copies:
    """`size`: of a vector, where there is none."""
    made = [row for row in rows if row.vector is not None]
    vectors = np.stack([row.vector for row in made if row.vector is not None]) if made else np.zeros((0, size))
    return Copies(
        [row.source for row in made],
        [row.partner for row in made],
        [row.own for row in made],
        vectors.astype(np.float32),
        {row.source: row.reason for row in rows if row.reason},
    )


def plain_of(plan: Plan, source: str) -> list[Output]:
    """The output that validation and test images have."""
    chains = plan.ways[plan.classes[source]].chains
    return [Output(chains[name], 0) for name in (plan.recipe.evaluated_by,) if name]


def some_of(plan: Plan, source: str, most: int) -> list[Output]:
    """Up to `most` of the outputs with random values, drawn by seed out of those that a run would make."""
    varied = [output for output in plan.outputs(source) if not output.chain.deterministic]
    rng = random.Random(derive_seed(plan.seed, source, "tune"))  # noqa: S311 - repeatable on purpose
    places = sorted(rng.sample(range(len(varied)), min(most, len(varied))))
    return [varied[place] for place in places]


def plain_share(plan: Plan, source: str) -> tuple[int, int]:
    """How many outputs a run makes of this training source without random values, and with."""
    if plan.splits[source] != TRAIN:
        return 0, 0
    outputs = plan.outputs(source)
    plain = sum(output.chain.deterministic for output in outputs)
    return plain, len(outputs) - plain


@dataclass(frozen=True)
class _Maker:
    """Makes and embeds in a process of its own."""

    plan: Plan
    folder: Path
    model: EmbeddingModel
    wanted: Callable[[str], Sequence[Output]]

    def of_all(self, names: list[str]) -> list[list[_Row]]:
        pictures: list[NDArray[np.uint8]] = []
        made = [self._of(name, pictures) for name in names]
        vectors = iter(self.model.embed(pictures) if pictures else ())
        return [
            [row if row.reason else _Row(row.source, row.partner, row.own, next(vectors)) for row in rows]
            for rows in made
        ]

    def _of(self, name: str, pictures: list[NDArray[np.uint8]]) -> list[_Row]:
        plan, medium, begun = self.plan, medium_of(self.plan.recipe), len(pictures)
        partners = Partners(medium, self.folder)

        def partner(output: Output) -> Media:
            return partners.media(plan.partner(name, output) or name)

        rows: list[_Row] = []
        try:
            media = medium.read(medium.content(self.folder, name))
            execution = Execution(plan.seed, name, self.wanted(name), partner)
            for made in execution.run(plan.recipe_of(name).steps, media):
                pictures.append(squared(made.media.pixels, self.model.side))
                other = plan.partner(name, made.output) or ""
                rows.append(_Row(name, other, 1.0 if made.share is None else made.share))
        except (BadFile, BadPartner, OSError, MemoryError, ValueError, cv2.error) as error:
            del pictures[begun:]
            return [_Row(name, reason=" ".join(str(error).split()) or type(error).__name__)]
        return rows
