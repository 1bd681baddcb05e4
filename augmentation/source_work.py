"""One source from file to files: read, decode, run the recipe, encode, write, and say what was made or why not."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import cv2

from augmentation import boxes
from augmentation.errors import BadImage, CustomStepFailed
from augmentation.execution import Execution, Made
from augmentation.frame import Box, Frame, LabeledBox, Pixels
from augmentation.image.kernels import resize
from augmentation.readers import Target, read_file, read_image
from augmentation.rejects import picture_of
from augmentation.resume import Earlier, lies_there, take_back
from augmentation.writers import EXTENSIONS, encode, write_output
from domain.augmentation_plan import NEVER_LABELED, Plan
from domain.boxes import boxes_digest
from domain.identity import class_folder, output_identity, output_name
from domain.object_keys import key_problem
from domain.recipe import Branch, Output, Recipe
from domain.recipe.steps.geometry import Resize, ResizeCrop

Row = dict[str, Any]
THUMBNAIL_SIDE = 144
THUMBNAILS_A_SOURCE = 8


@dataclass(frozen=True)
class SourceResult:
    """`rows` of the manifest, or the `quarantine` row; a `sample` for the report if the source was chosen for it."""

    rows: tuple[Row, ...] = ()
    quarantine: Row | None = None
    sample: Row | None = None


@dataclass(frozen=True)
class Workshop:
    """All that a process needs to work off sources; the same in every process."""

    plan: Plan
    source_folder: Path
    output_folder: Path
    samples: frozenset[str] = frozenset()
    disputed: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()
    earlier: Earlier = field(default_factory=Earlier)

    @cached_property
    def _target(self) -> Target | None:
        return decode_target(self.plan.recipe)

    def work_off(self, source: str) -> SourceResult:
        """Never raises for a bad file: the reason goes to the quarantine."""
        refusal = self._refusal(source)
        if refusal:
            return refused(source, *refusal, self._picture(source))
        try:
            data = read_file(self.source_folder / source)
        except BadImage as error:
            return refused(source, "read", str(error))
        except OSError as error:
            return refused(source, "read", f"the file cannot be read: {error.strerror or error}")
        rows: list[Row] = []
        try:
            return self._augment(source, data, rows)
        except CustomStepFailed as error:
            take_back(self.output_folder, rows)
            return refused(source, "custom", str(error), picture_of(data))
        except BadImage as error:
            return refused(source, "read", str(error), picture_of(data))
        except (MemoryError, ValueError, cv2.error) as error:
            take_back(self.output_folder, rows)  # all of a source or nothing
            return refused(
                source, "augment", f"{type(error).__name__}: {' '.join(str(error).split())}", picture_of(data)
            )

    def _picture(self, source: str) -> str | None:
        """Of a file that is left out unread, if it was chosen for the report."""
        if source not in self.refused:
            return None
        try:
            return picture_of(read_file(self.source_folder / source))
        except (BadImage, OSError):
            return None

    def _refusal(self, source: str) -> tuple[str, str] | None:
        problem = key_problem(source)
        if problem:
            return "name", f"the name {problem}"
        if source in self.plan.refused:
            return "label", self.plan.refused[source]
        if source not in self.plan.classes:
            return "label", NEVER_LABELED
        return None

    def _augment(self, source: str, data: bytes, rows: list[Row]) -> SourceResult:
        """Fills `rows` as files are written, so that the caller can take them back."""
        identities = self._identities(source, hashlib.sha256(data).hexdigest())
        known = self.plan.known.identities.get(source, frozenset())
        wanted = [output for output, identity in identities.items() if identity not in known]
        if not wanted:
            return SourceResult()
        before = self._made_before(source, {identities[output] for output in wanted})
        if before:
            return SourceResult(before)
        frame = read_image(data, self._target)
        if source in self.plan.boxes:
            frame = boxes.with_boxes(frame, self.plan.boxes[source])
        shown = _shown(wanted) if source in self.samples else frozenset()
        thumbnails: list[Row] = []
        for made in Execution(self.plan.seed, source, wanted).run(self.plan.recipe_of(source).steps, frame):
            rows.append(self._write(source, made, identities[made.output]))
            if made.output in shown:
                thumbnails.append(_thumbnail_row(made, rows[-1]))
        return SourceResult(tuple(rows), sample=self._sample(source, frame, thumbnails))

    def _made_before(self, source: str, identities: set[str]) -> tuple[Row, ...]:
        """The rows of a killed run if they are whole and their files too; what does not fit is removed."""
        rows = self.earlier.rows(source)
        whole = {row["identity"] for row in rows} == identities
        if whole and all(lies_there(self.output_folder, row) for row in rows):
            # The few pictures of the report are not in the rows: those sources are worked off again.
            return () if source in self.samples or source in self.disputed else rows
        take_back(self.output_folder, rows)
        return ()

    def _identities(self, source: str, content: str) -> dict[Output, str]:
        label = self.plan.classes[source]
        if source in self.plan.boxes:
            label += f"\n{boxes_digest(self.plan.boxes[source])} {self.plan.recipe.boxes.min_visible}"
        return {
            output: output_identity(
                source,
                content,
                label,
                output.chain.digest,
                output.variant,
                None if output.chain.deterministic else self.plan.seed,
            )
            for output in self.plan.outputs(source)
        }

    def _write(self, source: str, made: Made, identity: str) -> Row:
        export, settings = made.output.chain.export, self.plan.recipe.output
        image_format = export.format or settings.format
        data = encode(made.pixels, image_format, export.quality or settings.quality)
        label, split = self.plan.classes[source], self.plan.splits[source]
        name = output_name(source, export.export, made.output.variant, identity, EXTENSIONS[image_format])
        path = f"data/{split}/{class_folder(label)}/{name}"
        write_output(f"{self.output_folder}/{path}", data)
        height, width = made.pixels.shape[:2]
        return {
            "source": source,
            "path": path,
            "split": split,
            "label": label,
            "export": export.export,
            "variant": made.output.variant,
            "steps": list(made.steps),
            "seed": made.seed,
            "sha256": hashlib.sha256(data).hexdigest(),
            "identity": identity,
            "width": width,
            "height": height,
            **self._box_fields(source, made),
        }

    def _box_fields(self, source: str, made: Made) -> Row:
        """Only of a source with boxes; an output in which none is visible says so with an empty list."""
        if source not in self.plan.boxes:
            return {}
        height, width = made.pixels.shape[:2]
        visible = boxes.rows(made.boxes, width, height, self.plan.recipe.boxes.min_visible)
        return {"boxes": visible, "boxes_digest": boxes_digest(self.plan.boxes[source])}

    def _sample(self, source: str, frame: Frame, thumbnails: list[Row]) -> Row | None:
        if source not in self.samples and source not in self.disputed:
            return None
        return {
            "source": source,
            "label": self.plan.classes[source],
            "split": self.plan.splits[source],
            "thumbnail": thumbnail(frame.pixels, labeled=frame.boxes),
            "outputs": thumbnails,
        }


def refused(source: str, stage: str, reason: str, picture: str | None = None) -> SourceResult:
    """A quarantine row, and a sample if there is a picture; a name that is no UTF-8 is shown with its bytes escaped."""
    shown = source.encode("utf-8", "backslashreplace").decode()
    sample = {"source": shown, "rejected": True, "thumbnail": picture} if picture else None
    return SourceResult(quarantine={"source": shown, "stage": stage, "reason": reason}, sample=sample)


def decode_target(recipe: Recipe) -> Target | None:
    """The size that every way through the recipe first scales to; None when some way needs the full image."""
    sizes = _first_sizes(recipe.steps)
    if sizes is None:
        return None
    return Target(max(size.width for size in sizes), max(size.height for size in sizes))


def _first_sizes(nodes: Sequence[Any]) -> list[Target] | None:
    found: list[Target] = []
    for node in nodes:
        if isinstance(node, Branch):
            inner = _first_sizes(node.steps)
            if inner is None:
                return None
            found += inner
        elif isinstance(node, (Resize, ResizeCrop)) and node.probability >= 1:
            return [*found, Target(node.width, node.height)]
        else:
            return None
    return found or None


def thumbnail(pixels: Pixels, side: int = THUMBNAIL_SIDE, labeled: Sequence[LabeledBox] = ()) -> str:
    """A small JPEG of the image as a data URI, with its bounding boxes; the longer side has `side` pixels."""
    height, width = pixels.shape[:2]
    ratio = min(1.0, side / max(width, height))
    small = resize.sample(pixels, Box(0, 0, width, height), max(1, round(width * ratio)), max(1, round(height * ratio)))
    if labeled:
        small = boxes.drawn(small, labeled, ratio)
    return "data:image/jpeg;base64," + base64.b64encode(encode(small, "jpeg", 78)).decode()


def _shown(outputs: Sequence[Output]) -> frozenset[Output]:
    """One output of each export, then more variants as far as there is room."""
    firsts = {output.chain.export.export: output for output in reversed(outputs)}
    chosen = list(firsts.values())[::-1][:THUMBNAILS_A_SOURCE]
    rest = [output for output in outputs if output not in chosen]
    return frozenset([*chosen, *rest[: THUMBNAILS_A_SOURCE - len(chosen)]])


def _thumbnail_row(made: Made, row: Row) -> Row:
    return {
        **{name: row[name] for name in ("path", "seed", "sha256", "width", "height")},
        "export": made.output.chain.export.export,
        "variant": made.output.variant,
        "steps": list(made.steps),
        "thumbnail": thumbnail(made.pixels, labeled=boxes.of_rows(row.get("boxes", ()))),
    }
