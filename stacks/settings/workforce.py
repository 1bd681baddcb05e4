"""Who labels."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from stacks.settings.fields import Cidr, Email, WorkteamArn
from stacks.settings.section import Section


class WorkforceSettings(Section):
    """Who labels, and whether anybody can.

    `workers`: the e-mail addresses of those who label; each new one is invited.
    `source_ips`: the address ranges from which they may sign in; empty means everywhere.
    `asked_by`: who stands in the invitation, so that people know whom to ask; else it is the account.
    `enabled = false`: nobody labels. There is no workforce, and all but labeling works.
    `workteam_arn`: a workteam of Ground Truth that exists, private or a vendor's, to label instead of one of our own.
    """

    enabled: bool = True
    workteam_arn: WorkteamArn | None = None
    workers: tuple[Email, ...] = Field(default=(), max_length=100, strict=False)
    mfa: Literal["OFF", "OPTIONAL", "REQUIRED"] = "OPTIONAL"
    asked_by: str = Field(default="", max_length=200)
    source_ips: tuple[Cidr, ...] = Field(default=(), max_length=10, strict=False)

    @property
    def own(self) -> bool:
        """Whether the stage has a workteam of its own."""
        return self.enabled and self.workteam_arn is None

    @model_validator(mode="after")
    def _a_given_workteam_is_there_to_label(self) -> WorkforceSettings:
        if self.workteam_arn and not self.enabled:
            raise ValueError("enabled = false leaves nobody to label: take it out, or workteam_arn")
        return self
