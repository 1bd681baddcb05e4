"""One page that shows, for a few images, what every step of a recipe does, with the values that a run draws."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import cv2

from augmentation.errors import BadFile, BadPartner, UsageError
from augmentation.execution.graph import Media
from augmentation.execution.partner import Partners
from augmentation.files import write_file
from augmentation.input.preparation import Options, Preparation
from augmentation.medium import Medium, medium_of
from augmentation.preview.trace import Trace
from augmentation.processes import CRASHED, chunked, in_processes
from domain.recipe import Recipe
from domain.recipe.splits import by_hash
from domain.report.preview_page import Sample, preview_page


def preview(options: Options, output: Path, samples: int) -> int:
    """Writes the page and returns how many images it shows; images that cannot be read are passed over.

    Raises:
        UsageError: the recipe or the folder cannot be used, or holds no readable image.
    """
    ready = Preparation(options)
    shown: list[Sample] = []
    reasons: list[str] = []
    names = [source for source in by_hash(ready.files.names) if source not in ready.files.passed_over]
    tracer = _Tracer(ready.recipe, options.input, options.seed, names)
    for result in in_processes(tracer.samples, chunked(names, 1), 1, lambda source: f"{source}: {CRASHED}"):
        if isinstance(result, Sample):
            shown.append(result)
        else:
            reasons.append(result)
        if len(shown) == samples:
            break
    if not shown:
        why = "; ".join(reasons[:3]) or "The folder is empty."
        raise UsageError(f"--input {options.input}: no file could be read. {why}")
    recipe = ready.recipe
    page = preview_page(recipe.name, recipe.description, options.seed, shown, recipe.noun)
    write_file(output, page.encode("utf-8", "backslashreplace"))
    return len(shown)


@dataclass(frozen=True)
class _Tracer:
    """Traces files in a process of its own. A file is mixed with the next one of `names` that can be read."""

    recipe: Recipe
    folder: Path
    seed: int
    names: Sequence[str]

    @cached_property
    def _medium(self) -> Medium:
        return medium_of(self.recipe)

    def samples(self, sources: list[str]) -> list[Sample | str]:
        """Of each file what the page shows of it, or why a run puts it into quarantine."""
        return [self._sample(source) for source in sources]

    def _next(self, source: str) -> Media:
        place = self.names.index(source)
        partners = Partners(self._medium, self.folder)
        for name in (*self.names[place + 1 :], *self.names[:place]):
            with suppress(BadPartner):
                return partners.media(name)
        raise BadFile("there is no other file to mix it with")

    def _sample(self, source: str) -> Sample | str:
        try:
            media = self._medium.read(self._medium.content(self.folder, source))
            trace = Trace(self.recipe, self._medium, self.seed, source, lambda: self._next(source))
            return trace.sample(media)
        except (BadFile, OSError, MemoryError, ValueError, cv2.error) as error:
            return f"{source}: {error}"
