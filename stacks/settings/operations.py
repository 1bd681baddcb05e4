"""Logs, alarms, and how long a teardown may take."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from stacks.settings.fields import Email
from stacks.settings.section import Section


class OperationsSettings(Section):
    log_retention_days: Literal[1, 3, 5, 7, 14, 30, 60, 90, 120, 180, 365, 400, 545, 731]
    alarm_emails: tuple[Email, ...] = Field(default=(), strict=False)


class TeardownSettings(Section):
    """Of the custom resource that empties the domain before its deletion. An app can take 20 minutes to stop."""

    query_seconds: int = Field(ge=1, le=300)
    timeout_minutes: int = Field(default=60, ge=5, le=60)
