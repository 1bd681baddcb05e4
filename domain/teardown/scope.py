"""What belongs to a stage and its domain. Everything else in the account is out of reach of teardown."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field, field_validator

EFS_OWNER_TAG = "ManagedByAmazonSageMakerResource"
"""SageMaker tags a domain's home file system with the domain's ARN under this key."""

JOB_LOG_GROUP = "/aws/sagemaker/ProcessingJobs"
"""SageMaker makes it for the whole account when the first processing job writes `<job name>/<host>-<epoch>`."""

_DOMAIN_ID = re.compile(r"d-(-*[a-z0-9]){1,61}")
_DOMAIN_ARN = re.compile(r"arn:aws[a-z-]*:sagemaker:[a-z0-9-]+:\d{12}:domain/(?P<id>.+)")


class Scope(BaseModel):
    """By what teardown recognizes its own: exact ids and names, and the tag of the stage.

    An empty id or prefix would match everything in the account, so it is refused. `retain`: home directories and what
    processing jobs have logged outlive the stage. `state_machine_arns`: each machine before those that it starts.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    domain_id: str
    tag_key: str = Field(min_length=1)
    stage: str = Field(min_length=1)
    job_name_prefix: str = Field(min_length=1)
    schedule_group: str | None = None
    state_machine_arns: tuple[str, ...] = ()
    retain: bool = False

    @field_validator("domain_id")
    @classmethod
    def _exact_domain_id(cls, value: str) -> str:
        if not _DOMAIN_ID.fullmatch(value):
            raise ValueError("must be a SageMaker domain id such as d-abc123")
        return value

    @field_validator("schedule_group")
    @classmethod
    def _own_schedule_group(cls, value: str | None) -> str | None:
        if value in ("", "default"):
            raise ValueError("must be a schedule group of this stage's own, not the account's default group")
        return value

    def owns_job(self, name: str, tags: Mapping[str, str]) -> bool:
        """The prefix is not enough: `kempelen-dev-` also starts the names of a stage called `dev-2`."""
        return name.startswith(self.job_name_prefix) and tags.get(self.tag_key) == self.stage

    def owns_file_system(self, file_system_id: str, tags: Mapping[str, str], home: str | None) -> bool:
        """Tagged with the domain's ARN, or `home`: the id that the domain itself named while it existed."""
        owner = _DOMAIN_ARN.fullmatch(tags.get(EFS_OWNER_TAG, ""))
        if owner:
            return owner["id"] == self.domain_id
        return home is not None and file_system_id == home

    @property
    def nfs_group_names(self) -> tuple[str, str]:
        """SageMaker's two security groups between the domain's apps and its file system."""
        return (
            f"security-group-for-inbound-nfs-{self.domain_id}",
            f"security-group-for-outbound-nfs-{self.domain_id}",
        )
