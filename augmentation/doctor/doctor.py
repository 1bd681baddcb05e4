"""`python -m augmentation doctor`: looks at a folder, and writes what is wrong with it as a page and as JSON."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from augmentation.doctor.duplicates import find_duplicates
from augmentation.doctor.findings import Findings, copies, fix_of, label_issues, rare_classes
from augmentation.doctor.fixes import fixed, read_fixes, unsettled
from augmentation.doctor.look import Look, look_at
from augmentation.doctor.pictures import of_quality, of_shape, outliers
from augmentation.doctor.show import sections
from augmentation.embedding.files import Embeddings, embed_files
from augmentation.embedding.model import EmbeddingModel, model_of
from augmentation.errors import UsageError
from augmentation.files import write_file
from augmentation.image.medium import ENDINGS
from augmentation.input.earlier import load_known
from augmentation.input.labels import folder_labels, load_label_rows
from augmentation.input.sources import SourceFiles, find_sources
from domain.labels.rows import LABELED, LabelRow, class_of, write_labels
from domain.report.doctor_page import doctor_page

FORMAT = 1
JSON, PAGE, LABELS = "doctor.json", "index.html", "labels.jsonl"
OTHERS = (".wav", ".flac", ".txt", ".json")  # of clips, texts and records
NO_IMAGES = "the files are no images: only the same bytes and the sizes of classes are looked at"


@dataclass(frozen=True, kw_only=True)
class DoctorOptions:
    """`manifest`: of a version, whose splits no copies may cross. `fixes`: what was chosen on an earlier page.
    `embedding`: an ONNX model of the user's own.
    """

    input: Path
    output: Path
    labels: Path | None = None
    loose_class: str | None = None
    manifest: Path | None = None
    fixes: Path | None = None
    embedding: Path | None = None
    processes: int | None = None


def doctor(options: DoctorOptions) -> dict[str, int]:
    """Writes `index.html` and `doctor.json` into the output folder, with fixes also `labels.jsonl`; the input is not
    touched. Returns how many findings of each kind there are.

    Raises:
        UsageError: the folder, the labels, the manifest, the fixes or the model cannot be used, or there is no file.
    """
    examined = _Examination(options)
    fixes = read_fixes(options.fixes) if options.fixes else {}
    findings = unsettled(examined.findings, fixes)
    told: dict[str, Any] = {
        "format": FORMAT,
        "files": len(examined.looks),
        "classes": examined.class_sizes,
        "left_out": examined.left_out,
        **findings,
    }
    text = json.dumps(told, ensure_ascii=False, indent=1)
    write_file(options.output / JSON, text.encode("utf-8", "backslashreplace") + b"\n")
    shown = sections(options.input, findings, options.processes)
    page = doctor_page(
        options.input.resolve().name, len(examined.looks), examined.class_sizes, examined.left_out, shown
    )
    write_file(options.output / PAGE, page.encode("utf-8", "backslashreplace"))
    if fixes:
        write_file(options.output / LABELS, write_labels(fixed(examined.label_rows, fixes)).encode())
    return {kind: len(found) for kind, found in findings.items()}


class _Examination:
    """Each part is found when it is first asked for. `left_out`: why a check was not made, by its name."""

    def __init__(self, options: DoctorOptions) -> None:
        self._options = options
        self.left_out: dict[str, str] = {}

    @cached_property
    def _files(self) -> SourceFiles:
        files = find_sources(self._options.input, hidden=self._options.labels is not None)
        if len(files) == len(files.passed_over):
            raise UsageError(f"--input {self._options.input}: no file is in it; give the folder that holds the images")
        return files

    @cached_property
    def label_rows(self) -> Collection[LabelRow]:
        options, files = self._options, self._files
        if options.labels is not None:
            return load_label_rows(options.labels, files, options.input)
        return folder_labels(options.input, files, ENDINGS, options.loose_class)

    @cached_property
    def _labels(self) -> dict[str, str]:
        """The class of each labeled file."""
        return {row.source: class_of(row) for row in self.label_rows if row.status == LABELED}

    @cached_property
    def _splits(self) -> Mapping[str, str]:
        return load_known(self._options.manifest, self._files).splits

    @cached_property
    def _are_images(self) -> bool:
        names = [name.lower() for name in self._files.names]
        return any(name.endswith(ENDINGS) for name in names) or not all(name.endswith(OTHERS) for name in names)

    @cached_property
    def looks(self) -> list[Look]:
        """Of the files that are there, and of those that labels name, by name."""
        files = self._files
        names = [name for name in files.names if name not in files.passed_over]
        found = look_at(self._options.input, names, self._options.processes, images=self._are_images)
        missing = sorted(self._labels.keys() - set(names))
        absent = [Look(name, unreadable="it has a label, but there is no such file") for name in missing]
        passed = [Look(name, unreadable=reason) for name, reason in files.passed_over.items()]
        return sorted([*found, *absent, *passed], key=lambda look: look.source)

    @cached_property
    def _own_model(self) -> EmbeddingModel | None:
        """Whoever names a model wants no page without it."""
        return model_of(self._options.embedding) if self._options.embedding else None

    @cached_property
    def _embeddings(self) -> Embeddings | None:
        own = self._own_model
        names = [look.source for look in self.looks if look.measures is not None]
        try:
            if not self._are_images:
                raise UsageError(NO_IMAGES)
            return embed_files(self._options.input, names, own or model_of(None), self._options.processes)
        except UsageError as error:
            self._leave_out(("label_issues", "outliers", "cropped and semantic duplicates"), str(error))
            return None

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
        labels, splits = self._labels, self._splits  # what a person gave is read first: it may be wrong
        embeddings, looks = self._embeddings, self.looks
        groups = find_duplicates(self._options.input, looks, embeddings, self._options.processes)
        duplicates, leakage = copies(groups, labels, splits)
        issues, reason = label_issues(embeddings, labels)
        if reason:
            self._leave_out(["label_issues"], reason)
        if not self._options.manifest:
            self._leave_out(["leakage"], "no version was given by --manifest, whose splits copies could cross")
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
