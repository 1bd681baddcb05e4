"""The EventBridge event of a labeling job that ended.

Shape: https://docs.aws.amazon.com/sagemaker/latest/dg/sms-monitor-cloud-watch.html
"""

from __future__ import annotations

import json
import logging

from ministack.services import eventbridge

_LOG = logging.getLogger(__name__)
DETAIL_TYPE = "SageMaker Ground Truth Labeling Job State Change"


def job_ended(arn: str, status: str) -> None:
    """Send the state change; AWS sends it for Completed, Failed and Stopped only.

    Goes past PutEvents, which lets nobody but AWS's own services use a source that starts with "aws.".
    """
    entry = {
        "Source": "aws.sagemaker",
        "DetailType": DETAIL_TYPE,
        "Resources": [arn],
        "Detail": json.dumps({"LabelingJobStatus": status}),
    }
    try:
        eventbridge._put_events({"Entries": [entry]}, allow_aws_source=True)
    except Exception:  # noqa: BLE001  (a target that fails must not change how the job ended)
        _LOG.exception("the event of %s is lost", arn)
