"""What a stage keeps, and with which key."""

from __future__ import annotations

from pydantic import Field

from stacks.settings.section import Section


class StorageSettings(Section):
    """`retain = true` keeps buckets, ledger, key and user pool when the stacks are destroyed; false deletes them.

    `own_key` cannot change while the stage stands: the domain has its key for life.
    """

    retain: bool
    own_key: bool
    noncurrent_days: int = Field(default=30, ge=1)
    access_log_days: int = Field(default=90, ge=1)
