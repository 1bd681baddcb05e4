"""The EventBridge event of a processing job whose status changed."""

from __future__ import annotations

import json
import logging
from typing import Any

from ministack.services import eventbridge

from localcloud.sagemaker import store, tags
from localcloud.sagemaker.model import operation_model, pruned

_LOG = logging.getLogger(__name__)
DETAIL_TYPE = "SageMaker Processing Job State Change"


def status_changed(record: store.Record) -> None:
    """Put the event on the default bus; an event that cannot be put is lost, and the job goes on.

    The detail is what DescribeProcessingJob answers, with times in epoch milliseconds, and the job's tags.

    Goes past PutEvents, which lets nobody but AWS's own services use a source that starts with "aws.".
    """
    try:
        eventbridge._put_events({"Entries": [_entry(record)]}, allow_aws_source=True)
    except Exception:  # noqa: BLE001  (a target that fails must not leave the job in progress for ever)
        _LOG.exception("the event of %s is lost", record["ProcessingJobArn"])


def _entry(record: store.Record) -> dict[str, Any]:
    answer = pruned(operation_model("DescribeProcessingJob").output_shape, record)
    times = {key: int(value * 1000) for key, value in answer.items() if key.endswith("Time")}
    arn = record["ProcessingJobArn"]
    detail = {**answer, **times, "Tags": {tag["Key"]: tag["Value"] for tag in tags.tags_of(arn)}}
    return {"Source": "aws.sagemaker", "DetailType": DETAIL_TYPE, "Resources": [arn], "Detail": json.dumps(detail)}
