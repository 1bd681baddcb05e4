"""One source from file to files: read, decode, run the recipe, encode, write, and say what was made or why not."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import cast

import cv2

from augmentation.errors import BadFile, BadPartner, CustomStepFailed
from augmentation.execution.graph import Execution, Made, Media
from augmentation.execution.partner import Partners
from augmentation.files import reason_of
from augmentation.image import boxes
from augmentation.image.time_limit import limit_steps
from augmentation.medium import Medium, medium_of
from augmentation.run.result import SourceResult, refused
from augmentation.run.resume import Earlier, take_back
from augmentation.run.samples import NO_SAMPLES, Samples
from augmentation.run.write_buffer import Encoded, WriteBuffer
from domain.labels.boxes import boxes_digest
from domain.plan.identity import output_identity
from domain.plan.plan import NEVER_LABELED, Plan
from domain.recipe import Output
from domain.recipe.outputs import written_as
from domain.rows import ManifestRow, Measures, Mixed, Sample, SampleOutput
from domain.workflow.object_keys import key_problem

PICTURE_SIDE = 144
THUMBNAILS_A_SOURCE = 8
WEIGHT_DIGITS = 9


@dataclass(frozen=True)
class Augmenter:
    """Makes the outputs of sources; the same in every process."""

    plan: Plan
    source_folder: Path
    output_folder: Path
    samples: Samples = NO_SAMPLES
    earlier: Earlier = field(default_factory=Earlier)
    shards: bool = False
    passed_over: Mapping[str, str] = field(default_factory=dict)
    step_seconds: int | None = None

    @cached_property
    def _medium(self) -> Medium:
        return medium_of(self.plan.recipe)

    def augment(self, sources: Sequence[str]) -> list[SourceResult]:
        """Never raises for a bad file: the reason goes to the quarantine."""
        limit_steps(self.step_seconds)
        buffer = WriteBuffer(self.plan, self.output_folder, shards=self.shards)
        results = [self.make(source, buffer) for source in sources]
        buffer.write()
        return results

    def make(self, source: str, buffer: WriteBuffer) -> SourceResult:
        """Its outputs go to the buffer, which fills the result when it writes them."""
        refusal = self._refusal(source)
        if refusal:
            return refused(source, *refusal, self._picture(source))
        try:
            data = self._medium.content(self.source_folder, source)
        except (BadFile, OSError) as error:
            return refused(source, "read", reason_of(error))
        if source in self.plan.unreadable:
            return refused(source, "read", self.plan.unreadable[source], self._medium.rejected(data))
        rows: list[ManifestRow] = []
        try:
            return self._augment(source, data, rows, buffer)
        except CustomStepFailed as error:
            buffer.take_back(rows)
            return refused(source, "custom", str(error), self._medium.rejected(data))
        except BadPartner as error:
            buffer.take_back(rows)
            return refused(source, "augment", str(error), self._medium.rejected(data))
        except BadFile as error:
            return refused(source, "read", str(error), self._medium.rejected(data))
        except (MemoryError, ValueError, cv2.error) as error:
            buffer.take_back(rows)  # all of a source or nothing
            reason = f"{type(error).__name__}: {' '.join(str(error).split())}"
            return refused(source, "augment", reason, self._medium.rejected(data))

    def _picture(self, source: str) -> str | None:
        """Of a file that is left out unread, if it was chosen for the report."""
        if source not in self.samples.refused:
            return None
        try:
            return self._medium.rejected(self._medium.content(self.source_folder, source))
        except (BadFile, OSError):
            return None

    def _refusal(self, source: str) -> tuple[str, str] | None:
        if source in self.passed_over:
            return "read", self.passed_over[source]
        problem = key_problem(source)
        if problem:
            return "name", f"the name {problem}"
        if source in self.plan.refused:
            return "label", self.plan.refused[source]
        if source not in self.plan.classes and source not in self.plan.unreadable:
            return "label", NEVER_LABELED
        return None

    def _augment(self, source: str, data: bytes, rows: list[ManifestRow], buffer: WriteBuffer) -> SourceResult:
        """`rows` are the result's, so that the caller can take them back."""
        partners = Partners(self._medium, self.source_folder)
        identities = self._identities(source, hashlib.sha256(data).hexdigest(), partners)
        known = self.plan.known
        wanted = [output for output, identity in identities.items() if not known.has(source, identity)]
        if not wanted:
            return SourceResult()
        before = self._made_before(source, {identities[output] for output in wanted})
        if before:
            return before
        media = self._medium.read(data)
        beside = self.plan.beside_class(source)
        if beside is not None and self._medium.labeled is not None:
            media = self._medium.labeled(media, beside)
        chosen = _few(wanted) if source in self.samples.contact_sheet | self.samples.evaluation else frozenset()
        result = SourceResult(rows, sample=self._sample(source, media))

        def partner(output: Output) -> Media:
            return partners.media(self.plan.partner(source, output) or source)

        execution = Execution(self.plan.seed, source, wanted, partner)
        for made in execution.run(self.plan.recipe_of(source).steps, media):
            shown = made.output in chosen
            buffer.put(source, result, self._encoded(source, made, identities[made.output], shown=shown))
        return result

    def _made_before(self, source: str, identities: set[str]) -> SourceResult | None:
        """What a killed run has made of the source if it is whole; what does not fit is removed."""
        rows = self.earlier.rows(source)
        if not rows:
            return None
        found = [self.earlier.output(self.output_folder, row) for row in rows]
        files = [data for data in found if data is not None]
        if {row["identity"] for row in rows} == identities and len(files) == len(rows):
            # The few pictures of the report are not in the rows: those sources are augmented again.
            return None if self._has_sample(source) else SourceResult(rows, files=files if self.shards else [])
        take_back(self.output_folder, rows)
        return None

    def _identities(self, source: str, content: str, partners: Partners) -> dict[Output, str]:
        label = self.plan.classes[source]
        if source in self.plan.boxes:
            label += f"\n{boxes_digest(self.plan.boxes[source])} {self.plan.recipe.boxes.min_visible}"
        if source in self.plan.records:
            label += f"\n{hashlib.sha256(self.plan.records[source].encode()).hexdigest()}"
        if self.plan.recipe.color == "keep":
            label += "\ncolor: keep"
        return {
            output: output_identity(
                source,
                content,
                label + self._paired(source, output, partners),
                output.chain.digest,
                output.variant,
                None if output.chain.deterministic else self.plan.seed,
            )
            for output in self.plan.outputs(source)
        }

    def _paired(self, source: str, output: Output, partners: Partners) -> str:
        """What the partner of a mixed output adds to its identity: its name, its label and its bytes."""
        partner = self.plan.partner(source, output)
        if partner is None:
            return ""
        content = hashlib.sha256(partners.content(partner)).hexdigest()
        return f"\npartner: {partner}\n{self.plan.classes[partner]}\n{content}"

    def _encoded(self, source: str, made: Made, identity: str, *, shown: bool) -> Encoded:
        media, medium = made.media, self._medium
        measures = medium.measures(media)
        fields: Measures = {**measures, **self._box_fields(source, made)}
        told = self._mixed(source, made)
        picture = (
            cast(SampleOutput, {**measures, **medium.shown(media, PICTURE_SIDE, fields), **told}) if shown else None
        )
        written = written_as(self.plan.recipe, made.output.chain.export)
        data = medium.encode(media, written)
        return Encoded(made.output, written.format, data, made.steps, made.seed, identity, fields, picture, told)

    def _mixed(self, source: str, made: Made) -> Mixed:
        partner = self.plan.partner(source, made.output)
        if partner is None or made.share is None:
            return {}
        label, other = self.plan.classes[source], self.plan.classes[partner]
        share = round(made.share, WEIGHT_DIGITS)
        shares = [{"label": label, "weight": share}, {"label": other, "weight": round(1 - share, WEIGHT_DIGITS)}]
        return cast(Mixed, {"partner": partner, "soft_labels": shares})

    def _box_fields(self, source: str, made: Made) -> Measures:
        """Only of a source with boxes; an output in which none is visible says so with an empty list."""
        if source not in self.plan.boxes:
            return {}
        height, width = made.media.pixels.shape[:2]
        visible = boxes.rows(made.media.boxes, width, height, self.plan.recipe.boxes.min_visible)
        return {"boxes": visible, "boxes_digest": boxes_digest(self.plan.boxes[source])}

    def _has_sample(self, source: str) -> bool:
        return any(
            source in some for some in (self.samples.contact_sheet, self.samples.evaluation, self.samples.disputed)
        )

    def _sample(self, source: str, media: Media) -> Sample | None:
        if not self._has_sample(source):
            return None
        sample: Sample = {
            "source": source,
            "label": self.plan.classes[source],
            "split": self.plan.splits[source],
            "outputs": [],
        }
        return cast(Sample, {**sample, **self._medium.shown(media, PICTURE_SIDE, None)})


def _few(outputs: Sequence[Output]) -> frozenset[Output]:
    """One output of each export, then more variants as far as there is room."""
    firsts = {output.chain.export.export: output for output in reversed(outputs)}
    chosen = list(firsts.values())[::-1][:THUMBNAILS_A_SOURCE]
    rest = [output for output in outputs if output not in chosen]
    return frozenset([*chosen, *rest[: THUMBNAILS_A_SOURCE - len(chosen)]])
