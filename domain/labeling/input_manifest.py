"""The input manifest of a labeling job: which objects of the source prefix people see, and why not the rest."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from domain.errors import ManifestTooLarge
from domain.jsonlines import dump_lines, load_lines
from domain.labels.rows import renamed
from domain.workflow.job_files import job_files
from domain.workflow.object_keys import is_hidden, relative_to
from domain.workflow.ports import ListedObject

# Limits of Ground Truth: https://docs.aws.amazon.com/sagemaker/latest/dg/input-data-limits.html
# Its limit of 100,000 characters a line cannot be met: a key has at most 1,024 bytes.
MAX_BYTES = 40 * 1024 * 1024
MAX_ITEMS = 100_000


@dataclass(frozen=True)
class SourceObject:
    """An object by its name under the source prefix and by its URI; `reason` says why it was rejected, if it was.

    `etag` is its content's, as the bucket listed it.
    """

    source: str
    source_ref: str
    reason: str = ""
    etag: str = ""


@dataclass
class Manifest:
    """Objects that people are asked for, those that they cannot see, and those that have a label already."""

    accepted: list[SourceObject] = field(default_factory=list)
    rejected: list[SourceObject] = field(default_factory=list)
    reused: list[SourceObject] = field(default_factory=list)

    def manifest_text(self) -> str:
        """JSON Lines of `source-ref`, in the order of `accepted`: Ground Truth numbers objects by line, from 0."""
        return dump_lines({"source-ref": item.source_ref} for item in self.accepted)

    def etags_text(self) -> str:
        """JSON Lines by which a later run sees whether an object still has the content that people saw."""
        seen = (*self.accepted, *self.reused)
        return dump_lines({"source_ref": item.source_ref, "etag": item.etag} for item in seen)

    def rejected_text(self) -> str:
        return dump_lines(
            {"source": item.source, "source_ref": item.source_ref, "reason": item.reason} for item in self.rejected
        )


def build_manifest(
    listing: Iterable[ListedObject],
    bucket: str,
    prefix: str,
    endings: tuple[str, ...],
    max_items: int = MAX_ITEMS,
    labeled: Container[tuple[str, str]] = (),
) -> Manifest:
    """Sorts a listing into accepted, rejected and reused, which are those whose URI and ETag are among `labeled`.
    What a processing job could not read later is rejected here, before people are asked about it.

    `endings` are those of the names of objects that the task type takes.

    Raises:
        ManifestTooLarge: more than `max_items` objects are accepted.
    """
    manifest = Manifest()
    for item, problem in job_files(listing):
        name, source_ref = relative_to(item.key, prefix), f"s3://{bucket}/{item.key}"
        reason = problem or _rejection(item, name, endings)
        kept = manifest.reused if (source_ref, item.etag) in labeled else manifest.accepted
        (manifest.rejected if reason else kept).append(SourceObject(name, source_ref, reason, item.etag))
        if len(manifest.accepted) > max_items:
            raise ManifestTooLarge(
                f"s3://{bucket}/{prefix} holds more than {max_items:,} objects, Ground Truth's limit for one job; "
                "split it over several prefixes and start one run for each"
            )
    return manifest


def read_manifest(manifest_text: str, rejected_text: str, bucket: str, prefix: str) -> Manifest:
    """The manifest as `build_manifest` made it, from the two files that were written."""
    root = f"s3://{bucket}/{prefix}"
    source_refs = [object_of(row)[0] for row in load_lines(manifest_text, "input manifest")]
    rejected = map(renamed, load_lines(rejected_text, "rejected.jsonl"))
    return Manifest(
        accepted=[SourceObject(relative_to(source_ref, root), source_ref) for source_ref in source_refs],
        rejected=[SourceObject(row["source"], row["source_ref"], row["reason"]) for row in rejected],
    )


def object_of(row: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """An object's URI and what else a manifest's line says of it.

    A line holds `source-ref`, the URI; or, as Ground Truth has it for texts, `source`, which is the text itself, and
    then the URI stands beside it as `object`.
    """
    name = "source-ref" if "source-ref" in row else "object"
    return str(row[name]), {key: value for key, value in row.items() if key != name}


def categories_document(labels: Sequence[str]) -> dict[str, object]:
    """Ground Truth's label category configuration file."""
    return {"document-version": "2018-11-28", "labels": [{"label": label} for label in labels]}


def _rejection(item: ListedObject, name: str, endings: tuple[str, ...]) -> str:
    if is_hidden(name):
        return "is a hidden or system file"
    if not item.key.lower().endswith(endings):
        return f"is not of a kind that this task type takes ({', '.join(endings)})"
    if item.size > MAX_BYTES:
        return f"has {item.size / 1024 / 1024:.1f} MB; Ground Truth takes at most {MAX_BYTES // 1024 // 1024} MB"
    return ""
