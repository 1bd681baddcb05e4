"""What a stage keeps, and with which key."""

from __future__ import annotations

from pydantic import Field, model_validator

from stacks.settings.fields import BucketName, KeyArn
from stacks.settings.section import Section


class StorageSettings(Section):
    """`retain = true` keeps buckets, ledger, key and user pool when the stacks are destroyed; false deletes them.

    `own_key` cannot change while the stage stands: the domain has its key for life.
    `bucket`: the name of a bucket that exists, in the stage's Region, instead of one of our own; it is never deleted,
    and its versions, CORS, TLS policy and lifecycle are its owner's. `bucket_key_arn`: the key that encrypts it, if it
    is not S3's own; its policy must let this account's IAM decide. docs/existing.md says what both must be like.
    """

    retain: bool
    own_key: bool
    noncurrent_days: int = Field(default=30, ge=1)
    access_log_days: int = Field(default=90, ge=1)
    bucket: BucketName | None = None
    bucket_key_arn: KeyArn | None = None

    @model_validator(mode="after")
    def _a_key_is_the_buckets(self) -> StorageSettings:
        if self.bucket_key_arn and not self.bucket:
            raise ValueError("bucket_key_arn needs bucket: a bucket of our own has a key by own_key = true")
        return self
