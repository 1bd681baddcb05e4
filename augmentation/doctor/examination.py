"""An examination of files and their labels: every check that can be made, and why the others cannot."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from augmentation.doctor.duplicates import find_duplicates
from augmentation.doctor.findings import Findings, copies, fix_of, label_issues, rare_classes
from augmentation.doctor.look import Known, Look, look_at
from augmentation.doctor.pictures import of_quality, of_shape, outliers
from augmentation.doctor.thumbnails import Thumbnails
from augmentation.embedding.kept import Embeddings, known_vectors
from augmentation.embedding.model import EmbeddingModel, model_of
from augmentation.errors import UsageError
from augmentation.image.medium import ENDINGS
from augmentation.input.fingerprints import known_prints
from augmentation.input.sources import SourceFiles
from domain.labels.rows import LABELED, LabelRow, class_of

OTHERS = (".wav", ".flac", ".txt", ".json")  # of clips, texts and records
NO_IMAGES = "the files are no images: only the same bytes and the sizes of classes are looked at"
NO_SPLITS = "no version was given by --manifest, whose splits copies could cross"


@dataclass(frozen=True)
class Subject:
    """What is examined. `splits`: of a version, which no copies may cross; None without one. `embedding`: an ONNX model
    of the user's own. `fingerprints` and `embeddings`: files of a version, whose rows stand for the same bytes here."""

    input: Path
    files: SourceFiles
    label_rows: Collection[LabelRow]
    splits: Mapping[str, str] | None = None
    embedding: Path | None = None
    fingerprints: Sequence[Path] = ()
    embeddings: Sequence[Path] = ()
    processes: int | None = None


class Examination:
    """Each part is found when it is first asked for. `left_out`: why a check was not made, by its name.

    Raises UsageError: the labels, the model, or a file of the version cannot be used.
    """

    def __init__(self, subject: Subject) -> None:
        self._of = subject
        self.left_out: dict[str, str] = {}
        self.thumbnails = Thumbnails()

    @cached_property
    def _labels(self) -> dict[str, str]:
        """The class of each labeled file."""
        return {row.source: class_of(row) for row in self._of.label_rows if row.status == LABELED}

    @cached_property
    def _are_images(self) -> bool:
        names = [name.lower() for name in self._of.files.names]
        return any(name.endswith(ENDINGS) for name in names) or not all(name.endswith(OTHERS) for name in names)

    @cached_property
    def _model(self) -> EmbeddingModel | None:
        try:
            if not self._are_images:
                raise UsageError(NO_IMAGES)
            return model_of(self._of.embedding)
        except UsageError as error:
            if self._of.embedding is not None and self._are_images:
                raise  # whoever names a model wants no page without it
            self._leave_out(("label_issues", "outliers", "cropped and semantic duplicates"), str(error))
            return None

    @cached_property
    def looks(self) -> list[Look]:
        """Of the files that are there, and of those that labels name, by name."""
        files, model = self._of.files, self._model
        names = [name for name in files.names if name not in files.passed_over]
        vectors = known_vectors(self._of.embeddings, model.digest) if model else {}
        known = Known(known_prints(self._of.fingerprints), vectors)
        found: list[Look] = []
        looks = look_at(self._of.input, names, self._of.processes, images=self._are_images, model=model, known=known)
        for look in looks:
            if look.thumbnail:
                self.thumbnails.add(look.source, look.thumbnail)
            found.append(replace(look, thumbnail=""))
        missing = sorted(self._labels.keys() - set(names))
        absent = [Look(name, unreadable="it has a label, but there is no such file") for name in missing]
        passed = [Look(name, unreadable=reason) for name, reason in files.passed_over.items()]
        return sorted([*found, *absent, *passed], key=lambda look: look.source)

    @cached_property
    def _embeddings(self) -> Embeddings | None:
        if self._model is None:
            return None
        seen = [(look.source, look.sha256, look.vector) for look in self.looks if look.vector is not None]
        vectors = np.stack([vector for *_, vector in seen]) if seen else np.zeros((0, 0), np.float32)
        sources, digests = tuple(one[0] for one in seen), tuple(one[1] for one in seen)
        return Embeddings(sources, digests, vectors, self._model.digest)

    def _leave_out(self, checks: Iterable[str], reason: str) -> None:
        self.left_out |= dict.fromkeys(checks, reason)

    @cached_property
    def class_sizes(self) -> dict[str, int]:
        """The largest first."""
        counts: dict[str, int] = {}
        for label in self._labels.values():
            counts[label] = counts.get(label, 0) + 1
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    @cached_property
    def findings(self) -> Findings:
        """By kind, in the order of harm; in each, the most harmful first."""
        labels, splits = self._labels, self._of.splits  # what a person gave is read first: it may be wrong
        looks, embeddings = self.looks, self._embeddings
        groups = find_duplicates(self._of.input, looks, embeddings, self._of.processes)
        duplicates, leakage = copies(groups, labels, splits or {})
        issues, reason = label_issues(embeddings, labels)
        if reason:
            self._leave_out(["label_issues"], reason)
        if splits is None:
            self._leave_out(["leakage"], NO_SPLITS)
        if not self._are_images:
            self._leave_out(("blank", "blurred", "dark", "bright", "odd_size", "odd_ratio"), NO_IMAGES)
        doubted = {issue["source"] for issue in issues}
        unreadable = [{"source": look.source, "reason": look.unreadable} for look in looks if look.unreadable]
        found = {
            "leakage": leakage,
            "label_issues": issues,
            "duplicates": duplicates,
            "unreadable": unreadable,
            **of_quality(looks),
            "outliers": outliers(embeddings, labels, doubted) if embeddings is not None else [],
            **of_shape(looks),
            "imbalance": rare_classes(self.class_sizes),
        }
        for kind, some in found.items():
            for finding in some:
                if fix := fix_of(kind, finding):
                    finding["fix"] = fix
        return found
