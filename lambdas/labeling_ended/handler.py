"""Ground Truth's event that a labeling job has ended: wakes the execution that waits, or keeps the labels itself."""

from __future__ import annotations

from pydantic import ConfigDict, Field

from domain.labeling.watch import job_ended
from domain.workflow.states import Request
from lambdas.shared.entry import entry, logger
from lambdas.shared.variables import WatchVariables


class JobEvent(Request):
    """https://docs.aws.amazon.com/sagemaker/latest/dg/sms-monitor-cloud-watch.html"""

    model_config = ConfigDict(frozen=True, extra="ignore")

    resources: tuple[str, ...] = Field(min_length=1)

    @property
    def job(self) -> str:
        """The job's name, from its ARN."""
        return self.resources[0].rsplit("/", 1)[-1]


@entry(JobEvent, WatchVariables)
def handler(request: JobEvent, variables: WatchVariables) -> dict[str, str]:
    outcome = job_ended(request.job, variables.watched)
    logger.info("labeling job has ended", extra={"job": request.job, "outcome": outcome})
    return {"outcome": outcome}
