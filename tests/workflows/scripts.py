"""Responses with which every workflow succeeds; a test overrides what it is about."""

from __future__ import annotations

import json
from typing import Any

from domain.workflow.runs import augment_run, label_run

TASK = {"type": "image-single-label", "question": "Open?", "labels": ["open", "shut"], "label_attribute": "mouth"}
INPUT = {"dataset": "faces", "run_id": "demo-1", "recipe": "recipes/faces.yaml", "seed": 7, "instances": 2}
RUN = label_run({**INPUT, "task": TASK}, "e-1").model_dump(mode="json")
AUGMENT_RUN = augment_run(INPUT, "e-2").model_dump(mode="json")
ROOT = "s3://data-bucket/labeling/faces/demo-1"
MANIFEST = {
    "manifest_uri": f"{ROOT}/input.manifest",
    "categories_uri": f"{ROOT}/categories.json",
    "template_uri": f"{ROOT}/template.liquid.html",
    "rejected_uri": f"{ROOT}/rejected.jsonl",
    "output_uri": f"{ROOT}/output",
    "objects": 3,
    "accepted": 2,
    "rejected": 1,
}
LABELS: dict[str, Any] = {
    "dataset": "faces",
    "run_id": "demo-1",
    "labels_uri": "s3://data-bucket/labels/faces/demo-1/labels.jsonl",
    "job_name": "kempelen-dev-label-faces-0a1b2c3d",
    "job_status": "Completed",
    "counts": {"objects": 3, "labeled": 2, "unlabeled": 0, "rejected": 1},
    "classes": {"open": 1, "shut": 1},
}
BEGUN: dict[str, Any] = {
    "outcome": "start",
    "dataset": "faces",
    "run_id": "demo-1",
    "version": "v0001-3fa9c1",
    "version_uri": "s3://data-bucket/datasets/faces/v0001-3fa9c1/",
    "token": 4,
    "job_name": "kempelen-dev-augment-faces-11223344",
    "fingerprint_job": None,
    "sources_uri": "s3://data-bucket/augmenting/faces/demo-1/input.manifest",
    "config_uri": "s3://data-bucket/augmenting/faces/demo-1/",
    "fingerprint_arguments": [],
    "container_arguments": [],
    "run_arguments": ["run", "--seed", "7"],
    "label_attribute": "mouth",
    "seed": 7,
    "instances": 2,
    "deadline_seconds": 14400,
}
PUBLISHED: dict[str, Any] = {"outcome": "published", "dataset": "faces", "run_id": "demo-1", "version": "v0001-3fa9c1"}

DONE = {"status": "Completed", "finished": True, "labeled": 2}

Script = dict[str, list[dict[str, Any]]]


def gives(*values: Any) -> list[dict[str, Any]]:
    """Successes one after the other; the last repeats."""
    return [{"return": value} for value in values]


def fails(error: str, message: str = "it went wrong") -> list[dict[str, Any]]:
    """A Lambda function's error, as Step Functions sees it."""
    return [{"error": error, "cause": json.dumps({"errorMessage": message, "errorType": error})}]


def job(status: str, uri: str = BEGUN["version_uri"]) -> dict[str, Any]:
    """What DescribeProcessingJob answers."""
    outputs = [{"OutputName": "version", "S3Output": {"S3Uri": uri}}]
    return {"ProcessingJobStatus": status, "ProcessingOutputConfig": {"Outputs": outputs}}


LABEL: Script = {
    "label/ValidateInput": gives(RUN),
    "label/Preflight": gives({"checks": [], "backend": "portal"}),
    "label/BuildManifest": gives(MANIFEST),
    "label/StartLabeling": gives({"name": LABELS["job_name"], "created_here": True}),
    "label/WaitForWorkers": gives(DONE),
    "label/PollLabeling": gives(DONE),
    "label/AskAgain": gives({"name": LABELS["job_name"], "created_here": True}),
    "label/CollectLabels": gives(LABELS),
    "label/NotifyLabeled": gives({}),
    "label/StopLabeling": gives({"stopped": True}),
    "label/NotifyFailure": gives({}),
}
AUGMENT: Script = {
    "augment/ValidateInput": gives(AUGMENT_RUN),
    "augment/BeginAugmentation": gives(BEGUN),
    "augment/Augment": gives({"ProcessingJobStatus": "Completed"}),
    "augment/PublishVersion": gives(PUBLISHED),
    "augment/EndAugmentation": gives({"released": True}),
    "augment/NotifyPublished": gives({}),
    "augment/DescribeJob": gives(job("Completed")),
    "augment/StopJob": gives({}),
    "augment/EndAfterFailure": gives({"released": True}),
    "augment/NotifyFailure": gives({}),
}
ASSIST_RUN = label_run({**INPUT, "task": TASK, "assist": True}, "e-3", "assist").model_dump(mode="json")
ROUNDS = "s3://data-bucket/assist/faces/demo-1/"
DECIDE: dict[str, Any] = {
    "outcome": "decide",
    "job_name": "kempelen-dev-assist-faces-55667788",
    "inputs": [
        {"name": "config", "uri": ROUNDS, "type": "S3Prefix"},
        {"name": "images", "uri": f"{ROUNDS}input.manifest", "type": "ManifestFile"},
    ],
    "output_uri": ROUNDS,
    "run_arguments": ["assist", "--round", "0"],
    "deadline_seconds": 14400,
}
DECIDE_LATER = {**DECIDE, "job_name": "kempelen-dev-assist-faces-99aabbcc", "inputs": DECIDE["inputs"][:1]}
ASK: dict[str, Any] = {
    "outcome": "ask",
    "asked": 2,
    "input": {**INPUT, "run_id": "demo-1-r0", "round_of": "demo-1", "task": TASK, "manifest": f"{ROUNDS}ask.jsonl"},
}
ASSISTED: dict[str, Any] = {**LABELS, "assist": None}
ASSIST: Script = {
    "assist/ValidateInput": gives(ASSIST_RUN),
    "assist/Preflight": gives({"checks": [], "backend": "portal"}),
    "assist/BuildManifest": gives(MANIFEST),
    "assist/NextRound": gives(DECIDE, ASK, DECIDE_LATER, {"outcome": "done"}),
    "assist/Decide": gives({"ProcessingJobStatus": "Completed"}),
    "assist/DescribeJob": gives(job("Completed", ROUNDS)),
    "assist/StopJob": gives({}),
    "assist/CollectRounds": gives(ASSISTED),
    "assist/NotifyLabeled": gives({}),
    "assist/NotifyFailure": gives({}),
    **LABEL,
}
REPORT: dict[str, Any] = {
    "verdict": "empty",
    "left": 0,
    "pause": 1,
    "waiting_for": [],
    "stuck": [],
    "cause": "",
    "memory": {"deleted": [], "deleted_count": 0},
}
PIPELINE: Script = {
    "pipeline/ValidateInput": gives(RUN),
    "pipeline/NotifyFailure": gives({}),
    **ASSIST,
    **AUGMENT,
}
