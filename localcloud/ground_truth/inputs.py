"""What a labeling job reads before it starts: manifest, label categories, worker template, and CORS rules."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from localcloud.clients import client
from localcloud.ground_truth.job_role import bucket_and_key
from localcloud.ground_truth.template import TemplateError, parse

MAX_ROWS = 100_000
MAX_LINE = 100_000
MAX_LABEL = 256


class BadInputError(Exception):
    """The job cannot start; the text becomes its FailureReason."""


@dataclass(frozen=True)
class Inputs:
    """`rows` are the manifest's objects in their order, `labels` the categories in theirs."""

    rows: Sequence[Mapping[str, Any]]
    labels: Sequence[str]
    template: str


def load(job: Mapping[str, Any], s3: Any) -> Inputs:
    """Read a job's inputs with the job's own role. Raises BadInputError that says which file is wrong and where."""
    manifest = job["InputConfig"]["DataSource"]["S3DataSource"]["ManifestS3Uri"]
    template_uri = job["HumanTaskConfig"]["UiConfig"]["UiTemplateS3Uri"]
    rows = parse_manifest(_read(s3, manifest, "manifest"), manifest)
    labels = parse_categories(
        _read(s3, job["LabelCategoryConfigS3Uri"], "label category"), job["LabelCategoryConfigS3Uri"]
    )
    template = _read(s3, template_uri, "worker template")
    try:
        parse(template)
    except TemplateError as error:
        raise BadInputError(f"ClientError: The worker template {template_uri} is not valid Liquid: {error}") from error
    check_cors(rows, _cors_rules)
    return Inputs(rows, labels, template)


def parse_manifest(text: str, uri: str) -> list[dict[str, Any]]:
    """JSON Lines with `source-ref` or `source` in each. Blank lines are not allowed between objects."""
    lines = text.splitlines() if "\r\n" in text else text.split("\n")
    lines = lines[:-1] if lines and not lines[-1].strip() else lines
    if not lines:
        raise BadInputError(f"ClientError: The manifest {uri} is empty")
    if len(lines) > MAX_ROWS:
        raise BadInputError(f"ClientError: The manifest {uri} has {len(lines)} objects; at most {MAX_ROWS} are allowed")
    return [_row(line, f"{uri}, line {number}") for number, line in enumerate(lines, start=1)]


def _row(line: str, where: str) -> dict[str, Any]:
    if len(line) > MAX_LINE:
        raise BadInputError(f"ClientError: {where}: {len(line)} characters; at most {MAX_LINE} are allowed")
    try:
        row = json.loads(line)
    except ValueError as error:
        raise BadInputError(f"ClientError: {where}: not valid JSON: {error}") from error
    if not isinstance(row, dict) or ("source-ref" in row) == ("source" in row):
        raise BadInputError(f"ClientError: {where}: an object needs exactly one of source-ref and source")
    if "source-ref" in row and not str(row["source-ref"]).startswith("s3://"):
        raise BadInputError(f"ClientError: {where}: source-ref must be an S3 URI, not {row['source-ref']!r}")
    return row


def parse_categories(text: str, uri: str) -> list[str]:
    """The labels of a label category configuration file: at least two, unique, each at most 256 characters."""
    try:
        document = json.loads(text)
        labels = [entry["label"] for entry in document["labels"]]
    except (ValueError, KeyError, TypeError) as error:
        raise BadInputError(f'ClientError: {uri} must be {{"document-version", "labels": [{{"label": …}}]}}') from error
    if document.get("document-version") != "2018-11-28":
        raise BadInputError(f'ClientError: {uri}: document-version must be "2018-11-28"')
    wrong = [label for label in labels if not isinstance(label, str) or not 0 < len(label) <= MAX_LABEL]
    if len(labels) < 2 or wrong or len(set(labels)) < len(labels):
        raise BadInputError(f"ClientError: {uri}: give at least two different labels of 1 to {MAX_LABEL} characters")
    return labels


def check_cors(rows: Sequence[Mapping[str, Any]], rules_of: Callable[[str], list[dict[str, Any]]]) -> None:
    """Refuse image buckets that a worker's browser may not read. (On AWS the worker sees an empty frame instead.)"""
    for bucket in sorted({bucket_and_key(row["source-ref"])[0] for row in rows if "source-ref" in row}):
        rules = rules_of(bucket)
        if not any("GET" in rule["AllowedMethods"] and "*" in rule["AllowedOrigins"] for rule in rules):
            raise BadInputError(
                f"ClientError: The bucket {bucket} has no CORS rule that allows GET from every origin, "
                "so workers could not see its images; add one and create the job again"
            )


def _cors_rules(bucket: str) -> list[dict[str, Any]]:
    try:
        return list(client("s3").get_bucket_cors(Bucket=bucket)["CORSRules"])
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchCORSConfiguration":
            return []
        raise BadInputError(f"ClientError: The bucket {bucket} of the manifest cannot be used: {error}") from error


def _read(s3: Any, uri: str, what: str) -> str:
    bucket, key = bucket_and_key(uri)
    try:
        body: bytes = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        return body.decode("utf-8-sig")
    except ClientError as error:
        raise BadInputError(f"ClientError: Cannot read the {what} file {uri}: {error}") from error
    except UnicodeDecodeError as error:
        raise BadInputError(f"ClientError: The {what} file {uri} is not UTF-8: {error}") from error
