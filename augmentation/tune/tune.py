"""`python -m augmentation tune`: tries recipes on a folder's own images, and recommends one that helps, or none."""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from augmentation.embedding.model import EmbeddingModel, model_of
from augmentation.embedding.packages import require_learning
from augmentation.errors import UsageError
from augmentation.input.fingerprints import load_groups
from augmentation.input.preparation import Options, Preparation
from augmentation.processes import default_processes
from augmentation.run.progress import Progress
from augmentation.tune.candidates import NONE, SHIPPED, Candidate, candidates
from augmentation.tune.copies import Copies, embed_copies, gathered, plain_of, some_of
from augmentation.tune.result import JSON, PAGE, RECIPE, summary, write
from domain.errors import InvalidRecipe
from domain.labels.rows import LabelRow
from domain.plan.plan import Plan, make_plan
from domain.plan.siblings import together
from domain.recipe.groups import first_of_each
from domain.recipe.splits import by_hash

if TYPE_CHECKING:
    from augmentation.tune.judge import Examples

COPIES = 4
LEAST_GROUPS = 10
"""Of a class: two for each outer fold, so that each inner one has some."""
LEAST_SEEDS = 2
LEAST_WAYS = 2
MAKING = 0.6
"""The share of the time in which copies may be made."""


@dataclass(frozen=True, kw_only=True)
class TuneOptions:
    """`recipe`: the user's own, tried too, whose groups and merged classes hold for all. `images`: the most that are
    looked at. `minutes`: what is not done by then is left out. `recipes`: the folder of the shipped ones. `embedding`:
    an ONNX model of the user's own.
    """

    input: Path
    output: Path
    labels: Path | None = None
    loose_class: str | None = None
    recipe: Path | None = None
    seeds: int = 12
    seed: int = 0
    images: int = 800
    minutes: float = 60.0
    embedding: Path | None = None
    processes: int | None = None
    recipes: Path = SHIPPED


@dataclass(frozen=True)
class _Set:
    """Images with their labels and their groups; `rare`: classes that are left out, with the number of their images."""

    rows: dict[str, LabelRow]
    groups: Mapping[str, str]
    rare: dict[str, int]


def tune(options: TuneOptions, *, show_progress: bool = False) -> dict[str, Any]:
    """Writes `recipe.yaml`, `tune.json` and `index.html` into the output folder, all at the end; returns what
    `tune.json` says.

    Raises:
        UsageError: the folder, the labels or the recipe cannot be used, or there are too few images or minutes.
    """
    began = time.monotonic()
    _check_seeds(options)
    if options.output.is_file():
        raise UsageError(f"--output {options.output} is a file; give a folder")
    before = [name for name in (RECIPE, JSON, PAGE) if (options.output / name).exists()]
    if before:
        raise UsageError(f"--output {options.output} holds {before[0]} already; give a new folder, or move it away")
    require_learning("tune")
    tried, left_out = candidates(options.recipe, options.recipes)
    model = model_of(options.embedding)
    images = _images(options, tried[0])
    maker = _Maker(options, model, began + 60 * MAKING * options.minutes, show_progress=show_progress)
    examples, images = _examples(images, maker, tried[0])
    from augmentation.tune.judge import OUTER, Judge, Way

    ways: list[Way] = []
    kept: list[Candidate] = []
    for candidate in tried:
        made = maker.copies(candidate, images, left_out)
        if made is not None:
            ways.append(Way(*made))
            kept.append(candidate)
    if len(ways) < LEAST_WAYS:
        raise UsageError(
            f"--minutes {options.minutes:g}: no recipe was tried by then; give more minutes or fewer --images"
        )
    judge = Judge(examples, ways, options.seed)
    shown = Progress(OUTER * options.seeds, enabled=show_progress, noun="fold")
    counter = iter(range(1, OUTER * options.seeds + 1))
    until = began + 60 * options.minutes
    processes = options.processes or default_processes()
    judged = list(judge.seeds(options.seeds, processes, until, lambda _: shown.update(number := next(counter), number)))
    shown.close()
    if len(judged) < LEAST_SEEDS:
        raise UsageError(
            f"--minutes {options.minutes:g}: {len(judged)} of {options.seeds} seeds were judged by then, which tells "
            "nothing; give more minutes, fewer --images or fewer --seeds"
        )
    found = summary(kept, judged, _asked(options, images, left_out, maker.failed))
    write(options.output, found, kept)
    return found


def _check_seeds(options: TuneOptions) -> None:
    """Before anything is made: what shuffles the folds takes 32 bits."""
    if options.seeds < LEAST_SEEDS:
        raise UsageError(
            f"--seeds {options.seeds}: one shuffle of the folds tells nothing; give {LEAST_SEEDS} at least"
        )
    most = 2**32 - options.seeds
    if not 0 <= options.seed <= most:
        raise UsageError(f"--seed {options.seed}: give a number from 0 to {most}")


def _images(options: TuneOptions, none: Candidate) -> _Set:
    """Those with one class each, in a class that is large enough."""
    with tempfile.TemporaryDirectory(prefix="kempelen-tune-") as scratch:
        recipe = options.recipe or Path(scratch) / "none.yaml"
        if options.recipe is None:
            recipe.write_text(none.text, encoding="utf-8")
        given = Options(
            recipe=recipe,
            input=options.input,
            labels=options.labels,
            loose_class=options.loose_class,
            seed=options.seed,
            processes=options.processes,
        )
        ready = Preparation(given, scratch=Path(scratch), count=True)
        plan, there = ready.plan, set(ready.files.names)
        alike = load_groups(*ready.fingerprints)
        told = {row.source: row for row in ready.labels if row.source in plan.classes and row.source in there}
    if plan.several or plan.boxes:
        raise UsageError("tune judges recipes for images with one class each; these have several labels, or boxes")
    own = {source: row.group for source, row in told.items() if row.group is not None}
    groups = together(together(alike, first_of_each(plan.groups)), first_of_each(own))
    chosen = by_hash(told, salt=f"tune {options.seed}")[: options.images]
    return _large_enough({source: told[source] for source in sorted(chosen)}, groups)


def _large_enough(rows: Mapping[str, LabelRow], groups: Mapping[str, str]) -> _Set:
    several: dict[str, set[str]] = {}
    for source, row in rows.items():
        several.setdefault(str(row.label), set()).add(groups.get(source, source))
    counts = Counter(str(row.label) for row in rows.values())
    rare = {label: counts[label] for label, own in sorted(several.items()) if len(own) < LEAST_GROUPS}
    if len(several) - len(rare) < 2:
        told = ", ".join(f"{label} {len(own)}" for label, own in sorted(several.items())[:10]) or "no image has a class"
        raise UsageError(
            f"tune needs two classes of at least {LEAST_GROUPS} images that are not near-duplicates or of one group; "
            f"there are: {told}"
        )
    return _Set({source: row for source, row in rows.items() if row.label not in rare}, groups, rare)


class _Maker:
    """Makes and embeds copies until the time is up. `failed`: by candidate, of how many images no copy was made."""

    def __init__(self, options: TuneOptions, model: EmbeddingModel, until: float, *, show_progress: bool) -> None:
        self._options = options
        self._model = model
        self._until = until
        self._show = show_progress
        self._size = 0
        self.failed: dict[str, int] = {}

    def plain(self, candidate: Candidate, images: _Set) -> Copies:
        """One vector an image: of what validation and test images are."""
        plan = make_plan(candidate.recipe, list(images.rows.values()), self._options.seed)
        found = self._embedded(plan, images, "plain", of_each=None)
        self._size = found.vectors.shape[1]
        return found

    def copies(self, candidate: Candidate, images: _Set, left_out: dict[str, str]) -> tuple[Plan, Copies] | None:
        """None, and the reason in `left_out`, of what cannot be tried."""
        if candidate.name != NONE and time.monotonic() > self._until:
            left_out[candidate.name] = f"not tried: out of time (--minutes {self._options.minutes:g})"
            return None
        try:
            plan = make_plan(candidate.recipe, list(images.rows.values()), self._options.seed)
        except InvalidRecipe as error:
            left_out[candidate.name] = str(error)
            return None
        if candidate.name == NONE:
            return plan, gathered([], self._size)
        made = self._embedded(plan, images, candidate.name, of_each=COPIES)
        if made.unreadable and not made.sources:
            left_out[candidate.name] = f"no copy could be made: {next(iter(made.unreadable.values()))}"
            return None
        if made.unreadable:
            self.failed[candidate.name] = len(made.unreadable)
        return plan, made

    def _embedded(self, plan: Plan, images: _Set, name: str, of_each: int | None) -> Copies:
        names = list(images.rows)
        wanted = partial(plain_of, plan) if of_each is None else partial(some_of, plan, most=of_each)
        if self._show:
            sys.stderr.write(f"{name}\n")
        shown = Progress(len(names), enabled=self._show)
        processes = self._options.processes or default_processes()
        rows = []
        for number, some in enumerate(
            embed_copies(plan, self._options.input, names, self._model, wanted, processes), 1
        ):
            rows += some
            shown.update(number, len(rows))
        shown.close()
        return gathered(rows, self._size)


def _examples(images: _Set, maker: _Maker, none: Candidate) -> tuple[Examples, _Set]:
    """What can be read of the images, as arrays."""
    import numpy as np

    from augmentation.tune.judge import Examples
    from learning.probe import numbered

    plain = maker.plain(none, images)
    if plain.unreadable:
        readable = {source: row for source, row in images.rows.items() if source not in plain.unreadable}
        lost, images = images, _large_enough(readable, images.groups)
        images.rare.update(lost.rare)
    at = {source: place for place, source in enumerate(plain.sources)}
    names = [source for source in images.rows if source in at]
    rows = [images.rows[name] for name in names]
    _, classes = numbered([str(row.label) for row in rows])
    _, groups = numbered([images.groups.get(name, name) for name in names])
    return Examples(names, rows, classes, groups, np.asarray(plain.vectors[[at[name] for name in names]])), images


def _asked(
    options: TuneOptions, images: _Set, left_out: Mapping[str, str], failed: Mapping[str, int]
) -> dict[str, Any]:
    return {
        "images": len(images.rows),
        "classes": dict(sorted(Counter(str(row.label) for row in images.rows.values()).items())),
        "classes_left_out": images.rare,
        "seed": options.seed,
        "seeds_asked": options.seeds,
        "copies": COPIES,
        "left_out": dict(left_out),
        "copies_failed": dict(failed),
    }
