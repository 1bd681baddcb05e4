"""The two files that describe a labeling job's work: the input manifest and the label categories.

Limits: https://docs.aws.amazon.com/sagemaker/latest/dg/input-data-limits.html and sms-label-cat-config-attributes.html.
"""

from __future__ import annotations

import json
from typing import Any

from labelers.ground_truth.built_in_functions import BuiltIn

MAX_ROWS = 100_000
MAX_LINE = 100_000
MAX_LABEL = 256


class BadInputError(Exception):
    """The job cannot start; the text becomes its FailureReason."""


def parse_manifest(text: str, uri: str, functions: BuiltIn) -> list[dict[str, Any]]:
    """JSON Lines with `source-ref` or `source` in each, as the task type's functions want it. Blank lines are not
    allowed between objects."""
    if not text.strip():
        raise BadInputError(f"ClientError: The manifest {uri} is empty")
    lines = text.replace("\r\n", "\n").removesuffix("\n").split("\n")
    if len(lines) > MAX_ROWS:
        raise BadInputError(f"ClientError: The manifest {uri} has {len(lines)} objects; at most {MAX_ROWS} are allowed")
    return [_row(line, f"{uri}, line {number}", functions) for number, line in enumerate(lines, start=1)]


def _row(line: str, where: str, functions: BuiltIn) -> dict[str, Any]:
    if len(line) > MAX_LINE:
        raise BadInputError(f"ClientError: {where}: {len(line)} characters; at most {MAX_LINE} are allowed")
    try:
        row = json.loads(line)
    except ValueError as error:
        raise BadInputError(f"ClientError: {where}: not valid JSON: {error}") from error
    if not isinstance(row, dict) or ("source-ref" in row) == ("source" in row):
        raise BadInputError(f"ClientError: {where}: an object needs exactly one of source-ref and source")
    if functions.content not in row:
        raise BadInputError(f"ClientError: {where}: {functions.function} needs {functions.content}")
    if "source-ref" in row and not str(row["source-ref"]).startswith("s3://"):
        raise BadInputError(f"ClientError: {where}: source-ref must be an S3 URI, not {row['source-ref']!r}")
    return row


def parse_categories(text: str, uri: str, functions: BuiltIn) -> list[str]:
    """The labels of a label category configuration file: as many as the task type takes, unique, each at most 256
    characters."""
    try:
        document = json.loads(text)
        labels = [entry["label"] for entry in document["labels"]]
    except (ValueError, KeyError, TypeError) as error:
        raise BadInputError(f'ClientError: {uri} must be {{"document-version", "labels": [{{"label": …}}]}}') from error
    if document.get("document-version") != "2018-11-28":
        raise BadInputError(f'ClientError: {uri}: document-version must be "2018-11-28"')
    wrong = [label for label in labels if not isinstance(label, str) or not 0 < len(label) <= MAX_LABEL]
    least, most = functions.min_labels, functions.max_labels or len(labels)
    if not least <= len(labels) <= most or wrong or len(set(labels)) < len(labels):
        wanted = f"{least} to {most}" if functions.max_labels else f"at least {least}"
        raise BadInputError(
            f"ClientError: {uri}: {functions.function} takes {wanted} different labels of 1 to {MAX_LABEL} characters"
        )
    return labels
