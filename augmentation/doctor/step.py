"""The doctor as a step of a run: before anything is made, of what the run is about to use. It changes nothing of it."""

from __future__ import annotations

from pathlib import Path

from augmentation.doctor.doctor import JSON, write_json, write_page
from augmentation.doctor.examination import Examination, Subject
from augmentation.input.preparation import Preparation
from domain.rows import DoctorFacts

PAGE = "doctor.html"


def examine(ready: Preparation, output: Path) -> DoctorFacts:
    """Writes `doctor.html` and `doctor.json` into `output`, where the version will be; returns what dataset.json says
    of them. Fingerprints and embeddings are the run's own, and so are the classes and the splits.

    Raises:
        UsageError: the labels or the model of the run cannot be used.
    """
    subject = Subject(
        input=ready.options.input,
        files=ready.files,
        label_rows=ready.labels,
        splits=ready.plan.splits,
        embedding=ready.options.embedding,
        fingerprints=ready.fingerprints,
        embeddings=ready.embedding_files,
        processes=ready.options.processes,
    )
    examined = Examination(subject)
    findings = examined.findings
    write_json(output / JSON, examined, findings)
    write_page(output / PAGE, ready.options.input.resolve().name, subject, examined, findings)
    return {
        "page": PAGE,
        "file": JSON,
        "findings": {kind: len(found) for kind, found in findings.items() if found},
        "left_out": examined.left_out,
    }
