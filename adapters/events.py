"""What this stage tells EventBridge."""

from __future__ import annotations

import json
from typing import Any

from adapters.aws_errors import translated
from domain.errors import ServiceUnavailable
from domain.workflow.names import PORTAL_EVENT, PORTAL_SOURCE, portal_job_resource


class PortalEvents:
    """The end of a job of the portal, in the shape of Ground Truth's event, so that one function answers both."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def job_ended(self, job: str, status: str) -> None:
        """Raises ServiceUnavailable when EventBridge did not take it."""
        entry = {
            "Source": PORTAL_SOURCE,
            "DetailType": PORTAL_EVENT,
            "Resources": [portal_job_resource(job)],
            "Detail": json.dumps({"LabelingJobStatus": status}),
        }
        with translated(f"tell that job {job} has ended"):
            answer = self._client.put_events(Entries=[entry])
        if answer["FailedEntryCount"]:
            raise ServiceUnavailable(f"tell that job {job} has ended: {answer['Entries'][0].get('ErrorMessage')}")
