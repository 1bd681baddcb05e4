"""What became of one source: rows of the manifest, or why there are none."""

from __future__ import annotations

from dataclasses import dataclass, field

from domain.rows import ManifestRow, QuarantineRow, Sample


@dataclass(frozen=True)
class SourceResult:
    """`rows` of the manifest, or the `quarantine` row; a `sample` for the report if the source was chosen for it.

    `files` are the bytes of each row's output where shards are written, for that is done in one process.
    """

    rows: list[ManifestRow] = field(default_factory=list)
    quarantine: QuarantineRow | None = None
    sample: Sample | None = None
    files: list[bytes] = field(default_factory=list)


def refused(source: str, stage: str, reason: str, picture: str | None = None) -> SourceResult:
    """A quarantine row, and a sample if there is a picture; a name that is no UTF-8 is shown with its bytes escaped."""
    shown = source.encode("utf-8", "backslashreplace").decode()
    sample: Sample | None = {"source": shown, "rejected": True, "thumbnail": picture} if picture else None
    return SourceResult(quarantine={"source": shown, "stage": stage, "reason": reason}, sample=sample)
