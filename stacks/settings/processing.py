"""The machines of the Processing job, and whose code they may run."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import Field

from stacks.settings.section import Section


class ProcessingSettings(Section):
    """`custom_code = true` lets whoever may write below code/ of the data bucket and start a run have any code run in
    the Processing job: without a network, with the job's files before it. Off, a run with `code` is refused.
    `storage.own_key` encrypts the disks of `instance_type` too, but for types that have disks of their own.
    """

    instance_type: Annotated[str, Field(pattern=r"^ml\.[a-z0-9]+\.[a-z0-9]+$")] = "ml.m5.xlarge"
    volume_gb: int = Field(default=30, ge=1, le=16_384)
    custom_code: bool = False

    @property
    def takes_volume_key(self) -> bool:
        """Machines with disks of their own encrypt them by hardware, and refuse a key: VolumeKmsKeyId in
        https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProcessingClusterConfig.html."""
        return not re.match(r"ml\.(\w+\d[a-z]*d[a-z]*|g5|g6e?|g7e?|p5)\.", self.instance_type)
