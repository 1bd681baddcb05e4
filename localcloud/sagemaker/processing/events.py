"""The EventBridge event of a processing job whose status changed."""

from __future__ import annotations

import json

from ministack.services import eventbridge

from localcloud.sagemaker import store, tags
from localcloud.sagemaker.model import operation_model, pruned

DETAIL_TYPE = "SageMaker Processing Job State Change"


def status_changed(record: store.Record) -> None:
    """The detail is what DescribeProcessingJob answers, with times in epoch milliseconds, and the job's tags.

    Goes past PutEvents, which lets nobody but AWS's own services use a source that starts with "aws.".
    """
    answer = pruned(operation_model("DescribeProcessingJob").output_shape, record)
    times = {key: int(value * 1000) for key, value in answer.items() if key.endswith("Time")}
    arn = record["ProcessingJobArn"]
    detail = {**answer, **times, "Tags": {tag["Key"]: tag["Value"] for tag in tags.tags_of(arn)}}
    entry = {"Source": "aws.sagemaker", "DetailType": DETAIL_TYPE, "Resources": [arn], "Detail": json.dumps(detail)}
    eventbridge._put_events({"Entries": [entry]}, allow_aws_source=True)
