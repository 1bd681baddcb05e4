"""The texts that Ground Truth writes below `<S3OutputPath>/<job>/`: formats from the developer guide's samples.

https://docs.aws.amazon.com/sagemaker/latest/dg/sms-data-output.html (manifests, directories) and
https://docs.aws.amazon.com/sagemaker/latest/dg/sms-custom-templates-step3-lambda-requirements.html (consolidation).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from localcloud.ground_truth.job.answers import Label
from localcloud.ground_truth.job.task_pool import Answer
from localcloud.ground_truth.job.task_types import TaskType

OUTPUT_MANIFEST = "manifests/output/output.manifest"
INTERMEDIATE_MANIFEST = "annotations/intermediate/1/annotations.manifest"


def worker_response_path(index: int, stamp: str) -> str:
    return f"annotations/worker-response/iteration-1/{index}/{stamp}.json"


def consolidation_path(kind: str, stamp: str) -> str:
    """`kind` is "request" or "response"."""
    return f"annotations/consolidated-annotation/consolidation-{kind}/iteration-1/{stamp}.json"


def file_stamp(seconds: float) -> str:
    """The name of a response file, e.g. "2021-03-08_23:06:49"."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d_%H:%M:%S")


def worker_response(answers: Iterable[Answer]) -> str:
    """All answers to one object, one JSON document."""
    rows = [
        {
            "acceptanceTime": _instant(answer.accepted),
            "answerContent": answer.content,
            "submissionTime": _instant(answer.submitted),
            "timeSpentInSeconds": round(answer.submitted - answer.accepted, 3),
            "workerId": answer.worker.worker_id,
            "workerMetadata": {"identityData": answer.worker.identity},
        }
        for answer in answers
    ]
    return json.dumps({"answers": rows}, ensure_ascii=False)


def consolidation_request(batch: Mapping[int, Sequence[Answer]], rows: Sequence[Mapping[str, Any]]) -> str:
    """What the annotation consolidation function reads: the batch's objects with each worker's answer as a string."""
    objects = []
    for index, answers in batch.items():
        row = rows[index]
        objects.append(
            {
                "datasetObjectId": str(index),
                "dataObject": {"s3Uri": row["source-ref"]} if "source-ref" in row else {"content": row["source"]},
                "annotations": [
                    {
                        "workerId": answer.worker.worker_id,
                        "annotationData": {"content": json.dumps(answer.content, ensure_ascii=False)},
                    }
                    for answer in answers
                ],
            }
        )
    return json.dumps(objects, ensure_ascii=False)


def consolidation_response(contents: Mapping[int, Mapping[str, Any]]) -> str:
    return json.dumps(
        [
            {"datasetObjectId": str(index), "consolidatedAnnotation": {"content": content}}
            for index, content in contents.items()
        ],
        ensure_ascii=False,
    )


def label_content(attribute: str, label: Label, *, job: str, task_type: TaskType, created: float) -> dict[str, Any]:
    """The two members that an object of the output manifest gains: the label and its metadata."""
    return {
        attribute: label.value,
        f"{attribute}-metadata": {
            **label.metadata,
            "job-name": f"labeling-job/{job}",
            "type": task_type.output_type,
            "human-annotated": "yes",
            "creation-date": datetime.fromtimestamp(created, UTC)
            .replace(tzinfo=None)
            .isoformat(timespec="microseconds"),
        },
    }


def manifest(rows: Sequence[Mapping[str, Any]], contents: Mapping[int, Mapping[str, Any]]) -> str:
    """One line for each line of the input manifest; an object without a label is written as it came."""
    return "".join(
        json.dumps({**row, **contents.get(index, {})}, ensure_ascii=False) + "\n" for index, row in enumerate(rows)
    )


def _instant(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
