"""Kempelen's own `labels.jsonl`, which keeps everything."""

from __future__ import annotations

from domain.labels.formats.model import Format, LabelFiles, LabelSet
from domain.labels.rows import read_labels, write_labels


def read(files: LabelFiles) -> LabelSet:
    return LabelSet(read_labels(files.text, files.name))


def write(labels: LabelSet) -> dict[str, str]:
    return {"": write_labels(labels.rows)}


FORMAT = Format(read, write)
