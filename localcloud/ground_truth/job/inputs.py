"""What a labeling job reads before it starts: manifest, label categories, worker template, and CORS rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from labelers.ground_truth.built_in_functions import BuiltIn
from localcloud.clients import client
from localcloud.ground_truth.job.input_files import BadInputError, parse_categories, parse_manifest
from localcloud.ground_truth.job.role import bucket_and_key
from localcloud.ground_truth.job.template import TemplateError, parse


@dataclass(frozen=True)
class Inputs:
    """`rows` are the manifest's objects in their order, `labels` the categories in theirs."""

    rows: Sequence[Mapping[str, Any]]
    labels: Sequence[str]
    template: str


def load(job: Mapping[str, Any], functions: BuiltIn, s3: Any) -> Inputs:
    """Read a job's inputs with the job's own role. Raises BadInputError that says which file is wrong and where."""
    manifest = job["InputConfig"]["DataSource"]["S3DataSource"]["ManifestS3Uri"]
    template_uri = job["HumanTaskConfig"]["UiConfig"]["UiTemplateS3Uri"]
    rows = parse_manifest(_read(s3, manifest, "manifest"), manifest, functions)
    categories = job["LabelCategoryConfigS3Uri"]
    labels = parse_categories(_read(s3, categories, "label category"), categories, functions)
    template = _read(s3, template_uri, "worker template")
    try:
        parse(template)
    except TemplateError as error:
        raise BadInputError(f"ClientError: The worker template {template_uri} is not valid Liquid: {error}") from error
    check_cors(rows, _cors_rules)
    return Inputs(rows, labels, template)


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
