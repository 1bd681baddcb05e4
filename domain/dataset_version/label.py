"""What a version takes from a label row."""

from __future__ import annotations

from typing import NamedTuple

from domain.labels.records import field_rows
from domain.labels.rows import LabelRow
from domain.rows import LabelFields, ManifestRow


class Label(NamedTuple):
    """What assembly needs of a label row; `told` are the fields that it adds to each row of its source."""

    status: str
    name: str
    digest: str | None
    told: LabelFields

    def fits(self, row: ManifestRow) -> bool:
        """Whether an output of an earlier version says of its source what this label does."""
        told = self.told
        return (
            (self.name, self.digest, told.get("record"))
            == (row["label"], row.get("boxes_digest"), row.get("record"))
            and told.get("transcript", row.get("transcript")) == row.get("transcript")
        )  # fmt: skip


def told_by(row: LabelRow) -> LabelFields:
    """The fields that a label row adds to each output of its source."""
    told: LabelFields = {
        "source_ref": row.source_ref,
        "confidence": row.confidence,
        "method": row.method,
        "labels": list(row.labels),
    }
    if row.transcript is not None:
        told["transcript"] = row.transcript
    if row.record is not None:
        told["record"] = field_rows(row.record)
    return told
