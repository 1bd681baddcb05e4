"""`python -m augmentation doctor`: looks at a folder, and writes what is wrong with it as a page and as JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from augmentation.doctor.examination import Examination, Subject
from augmentation.doctor.findings import Findings
from augmentation.doctor.fixes import fixed, read_fixes, unsettled
from augmentation.doctor.show import sections
from augmentation.embedding.kept import EMBEDDINGS
from augmentation.errors import UsageError
from augmentation.files import write_file
from augmentation.image.medium import ENDINGS
from augmentation.input.earlier import load_known
from augmentation.input.fingerprints import FINGERPRINTS, comparable
from augmentation.input.labels import folder_labels, load_label_rows
from augmentation.input.sources import find_sources
from domain.labels.rows import write_labels
from domain.report.doctor_page import doctor_page

FORMAT = 1
JSON, PAGE, LABELS = "doctor.json", "index.html", "labels.jsonl"


@dataclass(frozen=True, kw_only=True)
class DoctorOptions:
    """`manifest`: of a version, whose splits no copies may cross, and whose fingerprints and embeddings are taken over.
    `fixes`: what was chosen on an earlier page. `embedding`: an ONNX model of the user's own.
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
        UsageError: the folder, the labels, the manifest, the fixes or the model cannot be used, or there is no file;
            or the output would lie among the files.
    """
    inside = options.input.resolve()
    if inside in (options.output.resolve(), *options.output.resolve().parents):
        raise UsageError(
            f"--output {options.output} lies inside --input; the input is never changed: name another folder"
        )
    subject = _subject(options)
    examined = Examination(subject)
    fixes = read_fixes(options.fixes) if options.fixes else {}
    findings = unsettled(examined.findings, fixes)
    write_json(options.output / JSON, examined, findings)
    write_page(options.output / PAGE, options.input.resolve().name, subject, examined, findings)
    if fixes:
        write_file(options.output / LABELS, write_labels(fixed(subject.label_rows, fixes)).encode())
    return {kind: len(found) for kind, found in findings.items()}


def write_json(file: Path, examined: Examination, findings: Findings) -> None:
    told: dict[str, Any] = {
        "format": FORMAT,
        "files": len(examined.looks),
        "classes": examined.class_sizes,
        "left_out": examined.left_out,
        **findings,
    }
    text = json.dumps(told, ensure_ascii=False, indent=1)
    write_file(file, text.encode("utf-8", "backslashreplace") + b"\n")


def write_page(file: Path, name: str, subject: Subject, examined: Examination, findings: Findings) -> None:
    """`name` of what was examined is the title."""
    shown = sections(findings, lambda sources: examined.thumbnails.of(sources, subject.input, subject.processes))
    page = doctor_page(name, len(examined.looks), examined.class_sizes, examined.left_out, shown)
    write_file(file, page.encode("utf-8", "backslashreplace"))


def _subject(options: DoctorOptions) -> Subject:
    files = find_sources(options.input, hidden=options.labels is not None)
    if len(files) == len(files.passed_over):
        raise UsageError(f"--input {options.input}: no file is in it; give the folder that holds the images")
    if options.labels is not None:
        rows = load_label_rows(options.labels, files, options.input)
    else:
        rows = folder_labels(options.input, files, ENDINGS, options.loose_class)
    splits = load_known(options.manifest, files).splits if options.manifest else None
    prints = options.manifest.with_name(FINGERPRINTS) if options.manifest else None
    vectors = options.manifest.with_name(EMBEDDINGS) if options.manifest else None
    return Subject(
        input=options.input,
        files=files,
        label_rows=rows,
        splits=splits,
        embedding=options.embedding,
        fingerprints=comparable(prints) if prints and prints.is_file() else (),
        embeddings=[vectors] if vectors and vectors.is_file() else (),
        processes=options.processes,
    )
