"""Says before a run how many files it will make, and about how many bytes: files are counted, bytes are tried out."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import cv2

from augmentation.errors import BadFile, BadPartner, UsageError
from augmentation.execution.graph import Execution, Made
from augmentation.execution.partner import Partners
from augmentation.input.preparation import Options, Preparation
from augmentation.medium import Medium, medium_of
from augmentation.processes import in_processes
from domain.plan.plan import Plan
from domain.plan.shortfalls import shortfalls
from domain.recipe import Output
from domain.recipe.outputs import written_as
from domain.recipe.splits import SPLITS, TRAIN, by_hash
from domain.text import counted

# Sizes of JPEGs of one kind differ by a fifth or so: the mean of a dozen is known to about 10 %.
TRIED_SOURCES_A_CLASS = 4
TRIED_SOURCES = 40
TRIED_VARIANTS = 3
HEAD = ("split", "class", "export", "{noun}s", "files", "bytes")


class Line(NamedTuple):
    """Files of one split, class and export, made of `images` sources; `size` in bytes, None if none could be tried."""

    split: str
    label: str
    export: str
    images: int
    files: int
    size: int | None


@dataclass(frozen=True)
class Forecast:
    """`lines` in the order split, class, export. `tried`: sources encoded for the estimate, each a `noun`."""

    lines: tuple[Line, ...]
    tried: int
    left_out: int
    warnings: tuple[str, ...] = ()
    noun: str = "image"

    @property
    def files(self) -> int:
        return sum(line.files for line in self.lines)

    @property
    def size(self) -> int:
        return sum(line.size or 0 for line in self.lines)


def forecast(options: Options) -> Forecast:
    """Counts what a run with these options makes. The same options give the same estimate.

    Raises:
        UsageError: the recipe, the labels or the folder cannot be used.
    """
    with tempfile.TemporaryDirectory(prefix="kempelen-") as scratch:
        ready = Preparation(options, scratch=Path(scratch), count=True)
        plan = ready.plan
    sources = [name for name in ready.files.names if name in plan.classes]
    if not sources:
        why = "none of its files has a usable label" if ready.files.names else "it holds no file"
        raise UsageError(f"--input {options.input}: nothing would be made: {why}")
    files: Counter[tuple[str, str, str]] = Counter()
    images: Counter[tuple[str, str, str]] = Counter()
    for source in sources:
        exports = Counter(output.chain.export.export for output in plan.outputs(source))
        for export, count in exports.items():
            key = (plan.splits[source], plan.classes[source], export)
            files[key] += count
            images[key] += 1
    sizes, tried = _sizes(ready, options.input, sources)
    order = {name: index for index, name in enumerate(next(iter(plan.ways.values())).chains)} if plan.ways else {}
    keys = sorted(files, key=lambda key: (SPLITS.index(key[0]), key[1], order[key[2]]))
    lines = tuple(Line(*key, images[key], files[key], _estimate(sizes, key, files[key])) for key in keys)
    warnings = tuple(_shortfalls(plan, sources, files))
    return Forecast(lines, tried, len(ready.files) - len(sources), warnings, ready.recipe.noun)


def _shortfalls(plan: Plan, sources: Sequence[str], files: Counter[tuple[str, str, str]]) -> list[str]:
    training: Counter[str] = Counter()
    for (split, label, _), count in files.items():
        training[label] += count if split == TRAIN else 0
    splits, classes = (Counter(map(known.__getitem__, sources)) for known in (plan.splits, plan.classes))
    return shortfalls(plan.wanted, splits, classes, training, plan.recipe.noun)


def _estimate(sizes: dict[tuple[str, str], list[int]], key: tuple[str, str, str], files: int) -> int | None:
    """Of the class's own sizes; of all classes' when none of the class could be tried."""
    _, label, export = key
    some = sizes.get((label, export)) or [size for (_, name), own in sizes.items() if name == export for size in own]
    return round(files * sum(some) / len(some)) if some else None


def _sizes(ready: Preparation, folder: Path, sources: Sequence[str]) -> tuple[dict[tuple[str, str], list[int]], int]:
    """Bytes of some outputs by class and export, and of how many sources they were made."""
    members: dict[str, list[str]] = {}
    for source in sources:
        members.setdefault(ready.plan.classes[source], []).append(source)
    each = max(1, min(TRIED_SOURCES_A_CLASS, TRIED_SOURCES // max(1, len(members))))
    tried = [source for _, own in sorted(members.items()) for source in by_hash(own, salt="forecast")[:each]]
    trial = _Trial(ready.plan, folder)
    results = in_processes(trial.encoded, ([source] for source in tried), 1, lambda _: [])
    sizes: dict[tuple[str, str], list[int]] = {}
    made = 0
    for source, encoded in zip(tried, results, strict=True):
        made += bool(encoded)
        for export, size in encoded:
            sizes.setdefault((ready.plan.classes[source], export), []).append(size)
    return sizes, made


@dataclass(frozen=True)
class _Trial:
    """Makes a few outputs of files, in a process of its own."""

    plan: Plan
    folder: Path

    @cached_property
    def _medium(self) -> Medium:
        return medium_of(self.plan.recipe)

    def encoded(self, sources: list[str]) -> list[list[tuple[str, int]]]:
        """Export and bytes of a few outputs; nothing for a file that a run would put into quarantine."""
        return [self._encoded(source) for source in sources]

    def _encoded(self, source: str) -> list[tuple[str, int]]:
        plan, few = self.plan, _few(self.plan.outputs(source))
        try:
            media = self._medium.read(self._medium.content(self.folder, source))
            partners = Partners(self._medium, self.folder)
            execution = Execution(
                plan.seed, source, few, lambda output: partners.media(plan.partner(source, output) or source)
            )
            return [self._size(made) for made in execution.run(plan.recipe_of(source).steps, media)]
        except (BadFile, BadPartner, OSError, MemoryError, ValueError, cv2.error):
            return []

    def _size(self, made: Made) -> tuple[str, int]:
        export = made.output.chain.export
        return export.export, len(self._medium.encode(made.media, written_as(self.plan.recipe, export)))


def _few(outputs: Sequence[Output]) -> list[Output]:
    """The first variants of each export."""
    taken: Counter[str] = Counter()
    few = []
    for output in outputs:
        taken[output.chain.export.export] += 1
        if taken[output.chain.export.export] <= TRIED_VARIANTS:
            few.append(output)
    return few


def as_table(found: Forecast) -> str:
    """The forecast as text in columns, with totals."""
    rows = [tuple(name.format(noun=found.noun) for name in HEAD), *(_cells(line) for line in found.lines)]
    rows.append(("total", "", "", "", f"{found.files:,}", human(found.size)))
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    table = [_aligned(row, widths) for row in rows]
    table[1:1] = table[-1:-1] = [_aligned(["-" * width for width in widths], widths)]
    notes = [f"Files are counted; bytes are estimated from {counted(found.tried, found.noun)}."]
    if found.left_out:
        have = "has" if found.left_out == 1 else "have"
        notes.append(
            f"{counted(found.left_out, 'file')} {have} no usable label or cannot be read, and will be in quarantine."
        )
    notes += [f"warning: {sentence}" for sentence in found.warnings]
    return "\n".join([*table, "", *notes]) + "\n"


def _cells(line: Line) -> tuple[str, ...]:
    size = "?" if line.size is None else human(line.size)
    return line.split, line.label, line.export, f"{line.images:,}", f"{line.files:,}", size


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    words, numbers = zip(cells[:3], widths[:3], strict=True), zip(cells[3:], widths[3:], strict=True)
    return "  ".join([*(cell.ljust(width) for cell, width in words), *(cell.rjust(width) for cell, width in numbers)])


def human(size: int) -> str:
    """Bytes in units of 1,000: "4.1 MB"."""
    value, unit = float(size), "B"
    for larger in ("kB", "MB", "GB", "TB"):
        if value < 1000:
            break
        value, unit = value / 1000, larger
    return f"{value:,.0f} {unit}" if unit == "B" or value >= 100 else f"{value:.1f} {unit}"
