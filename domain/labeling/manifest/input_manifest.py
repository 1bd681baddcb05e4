"""The input manifest of a labeling job: which objects of the source prefix people see, and why not the rest."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.jsonlines import JsonLines, Repeatable, dump_line
from domain.labels.rows import renamed
from domain.rows import GROUP
from domain.workflow.object_keys import relative_to

MAX_LINE, MAX_FIELD = 100_000, 20_000
"""Characters: https://docs.aws.amazon.com/sagemaker/latest/dg/sms-input-data-input-manifest.html"""


@dataclass(frozen=True)
class SourceObject:
    """An object by its name under the source prefix and by its URI; `reason` says why it was rejected, if it was.
    `group` is what the run's own manifest calls its `group`."""

    source: str
    source_ref: str
    reason: str = ""
    group: str | None = None

    @property
    def rejection(self) -> dict[str, str]:
        """A line of rejected.jsonl."""
        return {"source": self.source, "source_ref": self.source_ref, "reason": self.reason}


@dataclass(frozen=True)
class Manifest:
    """Objects that people are asked for, and those that they cannot see. Either may be gone through again and again."""

    accepted: Iterable[SourceObject] = ()
    rejected: Iterable[SourceObject] = ()


def read_manifest(accepted: Iterable[str], rejected: Iterable[str], bucket: str, prefix: str) -> Manifest:
    """From the lines of the two files that were written; read as they are needed."""
    root = f"s3://{bucket}/{prefix}"
    asked = JsonLines[dict[str, Any]](accepted, "input manifest")
    refused = JsonLines[dict[str, Any]](rejected, "rejected.jsonl")
    return Manifest(
        Repeatable(
            lambda: (
                SourceObject(relative_to(ref, root), ref, group=_group(given)) for ref, given in map(object_of, asked)
            )
        ),
        Repeatable(
            lambda: (SourceObject(row["source"], row["source_ref"], row["reason"]) for row in map(renamed, refused))
        ),
    )


def _group(given: Mapping[str, Any]) -> str | None:
    value = given.get(GROUP)
    return None if value is None or value == "" else str(value)


def object_of(row: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """An object's URI and what else a manifest's line says of it.

    A line holds `source-ref`, the URI; or, as Ground Truth has it for texts, `source`, which is the text itself, and
    then the URI stands beside it as `object`.
    """
    name = "source-ref" if "source-ref" in row else "object"
    return str(row[name]), {key: value for key, value in row.items() if key != name}


def line_of(source_ref: str, given: Mapping[str, Any]) -> str:
    """The line of which `object_of` makes the two again. Ground Truth numbers objects by line, from 0."""
    row = {"object": source_ref, **given} if "source" in given else {"source-ref": source_ref, **given}
    return f"{dump_line(row)}\n"


def line_problem(source_ref: str, given: Mapping[str, Any]) -> str:
    """Why no manifest can have this line; empty where one can."""
    for name, value in given.items():
        length = len(json.dumps(value, ensure_ascii=False))
        if name.startswith("$"):
            return f"its field {name!r} begins with $, which no field of a manifest may"
        if length > MAX_FIELD:
            return f"its field {name!r} would have {length:,} characters; there may be {MAX_FIELD:,}"
    length = len(line_of(source_ref, given))
    return f"its line would have {length:,} characters; there may be {MAX_LINE:,}" if length > MAX_LINE else ""


def categories_document(labels: Sequence[str]) -> dict[str, object]:
    """Ground Truth's label category configuration file."""
    return {"document-version": "2018-11-28", "labels": [{"label": label} for label in labels]}
