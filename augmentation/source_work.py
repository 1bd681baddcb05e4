"""One source from file to files: read, decode, run the recipe, encode, write, and say what was made or why not."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import cv2

from augmentation import boxes
from augmentation.errors import BadFile, CustomStepFailed
from augmentation.execution import Execution, Made, Media
from augmentation.medium import Medium, medium_of
from augmentation.readers import read_file
from augmentation.resume import Earlier, take_back
from augmentation.writers import EXTENSIONS, write_output
from domain.augmentation_plan import NEVER_LABELED, Plan
from domain.boxes import boxes_digest
from domain.identity import class_folder, output_identity, output_name
from domain.object_keys import key_problem
from domain.recipe import Output
from domain.recipe.outputs import written_as

Row = dict[str, Any]
PICTURE_SIDE = 144
THUMBNAILS_A_SOURCE = 8


@dataclass(frozen=True)
class SourceResult:
    """`rows` of the manifest, or the `quarantine` row; a `sample` for the report if the source was chosen for it.

    `files` are the bytes of each row's output where shards are written, for that is done in one process.
    """

    rows: tuple[Row, ...] = ()
    quarantine: Row | None = None
    sample: Row | None = None
    files: tuple[bytes, ...] = ()


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
    shards: bool = False

    @cached_property
    def _medium(self) -> Medium:
        return medium_of(self.plan.recipe)

    def work_off(self, source: str) -> SourceResult:
        """Never raises for a bad file: the reason goes to the quarantine."""
        refusal = self._refusal(source)
        if refusal:
            return refused(source, *refusal, self._picture(source))
        try:
            data = read_file(self.source_folder / source, self._medium.max_bytes)
        except BadFile as error:
            return refused(source, "read", str(error))
        except OSError as error:
            return refused(source, "read", f"the file cannot be read: {error.strerror or error}")
        rows: list[Row] = []
        try:
            return self._augment(source, data, rows)
        except CustomStepFailed as error:
            take_back(self.output_folder, rows)
            return refused(source, "custom", str(error), self._medium.rejected(data))
        except BadFile as error:
            return refused(source, "read", str(error), self._medium.rejected(data))
        except (MemoryError, ValueError, cv2.error) as error:
            take_back(self.output_folder, rows)  # all of a source or nothing
            reason = f"{type(error).__name__}: {' '.join(str(error).split())}"
            return refused(source, "augment", reason, self._medium.rejected(data))

    def _picture(self, source: str) -> str | None:
        """Of a file that is left out unread, if it was chosen for the report."""
        if source not in self.refused:
            return None
        try:
            return self._medium.rejected(read_file(self.source_folder / source, self._medium.max_bytes))
        except (BadFile, OSError):
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
            return before
        media = self._medium.read(data)
        if source in self.plan.boxes:
            media = boxes.with_boxes(media, self.plan.boxes[source])
        chosen = _few(wanted) if source in self.samples else frozenset()
        shown: list[Row] = []
        files: list[bytes] = []
        for made in Execution(self.plan.seed, source, wanted).run(self.plan.recipe_of(source).steps, media):
            rows.append(self._write(source, made, identities[made.output], files))
            if made.output in chosen:
                shown.append(self._shown_output(made, rows[-1]))
        return SourceResult(tuple(rows), sample=self._sample(source, media, shown), files=tuple(files))

    def _made_before(self, source: str, identities: set[str]) -> SourceResult | None:
        """What a killed run has made of the source if it is whole; what does not fit is removed."""
        rows = self.earlier.rows(source)
        if not rows:
            return None
        found = [self.earlier.output(self.output_folder, row) for row in rows]
        files = tuple(data for data in found if data is not None)
        if {row["identity"] for row in rows} == identities and len(files) == len(rows):
            # The few pictures of the report are not in the rows: those sources are worked off again.
            again = source in self.samples or source in self.disputed
            return None if again else SourceResult(rows, files=files if self.shards else ())
        take_back(self.output_folder, rows)
        return None

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

    def _write(self, source: str, made: Made, identity: str, files: list[bytes]) -> Row:
        """Writes the output, or adds it to `files` where shards are written, and returns its row."""
        export = made.output.chain.export
        written = written_as(self.plan.recipe, export)
        data = self._medium.encode(made.media, written)
        label, split = self.plan.classes[source], self.plan.splits[source]
        name = output_name(source, export.export, made.output.variant, identity, EXTENSIONS[written.format])
        path = f"data/{split}/{class_folder(label)}/{name}"
        if self.shards:
            files.append(data)
        else:
            write_output(f"{self.output_folder}/{path}", data)
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
            **self._medium.measures(made.media),
            **self._box_fields(source, made),
        }

    def _box_fields(self, source: str, made: Made) -> Row:
        """Only of a source with boxes; an output in which none is visible says so with an empty list."""
        if source not in self.plan.boxes:
            return {}
        height, width = made.media.pixels.shape[:2]
        visible = boxes.rows(made.media.boxes, width, height, self.plan.recipe.boxes.min_visible)
        return {"boxes": visible, "boxes_digest": boxes_digest(self.plan.boxes[source])}

    def _sample(self, source: str, media: Media, outputs: list[Row]) -> Row | None:
        if source not in self.samples and source not in self.disputed:
            return None
        return {
            "source": source,
            "label": self.plan.classes[source],
            "split": self.plan.splits[source],
            **self._medium.shown(media, PICTURE_SIDE, None),
            "outputs": outputs,
        }

    def _shown_output(self, made: Made, row: Row) -> Row:
        kept = ("path", "seed", "sha256", "export", "variant", "steps", *self._medium.measures(made.media))
        return {**{name: row[name] for name in kept}, **self._medium.shown(made.media, PICTURE_SIDE, row)}


def refused(source: str, stage: str, reason: str, picture: str | None = None) -> SourceResult:
    """A quarantine row, and a sample if there is a picture; a name that is no UTF-8 is shown with its bytes escaped."""
    shown = source.encode("utf-8", "backslashreplace").decode()
    sample = {"source": shown, "rejected": True, "thumbnail": picture} if picture else None
    return SourceResult(quarantine={"source": shown, "stage": stage, "reason": reason}, sample=sample)


def _few(outputs: Sequence[Output]) -> frozenset[Output]:
    """One output of each export, then more variants as far as there is room."""
    firsts = {output.chain.export.export: output for output in reversed(outputs)}
    chosen = list(firsts.values())[::-1][:THUMBNAILS_A_SOURCE]
    rest = [output for output in outputs if output not in chosen]
    return frozenset([*chosen, *rest[: THUMBNAILS_A_SOURCE - len(chosen)]])
