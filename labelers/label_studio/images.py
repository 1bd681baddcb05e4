"""How a person's browser gets at an image: by an address that we sign, or by one that the server signs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from adapters.label_studio import LabelStudio
from domain.errors import InvalidInput, RequestRefused, ServiceUnavailable
from domain.labeling.preflight import Check
from domain.workflow.inputs import LabelingTask
from domain.workflow.s3_uri import S3Uri

WEEK = 604_800
"""The longest that a signature can be valid: docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html"""
SESSION = 3_600
"""With a role's credentials it ends with the session. AWS does not tell how long a function's lasts; one of a role is
an hour by default: docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html"""


class Images(Protocol):
    def refuse(self, task: LabelingTask, *, at_best: bool = False) -> None:
        """`at_best` asks without looking into the secret.

        Raises InvalidInput: people could not see the images as long as the task runs.
        """
        ...

    def check(self) -> Check: ...

    def prepare(self, server: LabelStudio, project: int) -> None: ...

    def address(self, source_ref: str, seconds: float) -> str: ...


@dataclass(frozen=True)
class PresignedImages:
    """`sign` gives an address for so many seconds; `own_key` says whether it signs with a key that does not expire."""

    sign: Callable[[S3Uri, int], str]
    own_key: Callable[[], bool]

    def refuse(self, task: LabelingTask, *, at_best: bool = False) -> None:
        longest = WEEK if at_best or self.own_key() else SESSION
        if task.availability_seconds > longest:
            more = "" if longest == WEEK else "put a key of an IAM user into the secret (a week), "
            raise InvalidInput(
                f"task.availability_seconds: {task.availability_seconds} is longer than addresses of images can be "
                f'signed for, {longest}. Make it shorter, {more}or deploy with labeling.label_studio_images = "s3"'
            )

    def check(self) -> Check:
        signs = "a key of its own, for a week at most" if self.own_key() else f"its role, for {SESSION} s at most"
        return Check("images", True, f"their addresses are signed with {signs}")

    def prepare(self, server: LabelStudio, project: int) -> None:
        """Nothing: whoever has an address sees the image."""

    def address(self, source_ref: str, seconds: float) -> str:
        return self.sign(S3Uri(source_ref), max(1, min(WEEK, round(seconds))))


@dataclass(frozen=True)
class StorageImages:
    """The server reads the bucket with credentials that its owner gave it."""

    bucket: str
    region: str

    def refuse(self, task: LabelingTask, *, at_best: bool = False) -> None:
        """Nothing: the server signs whenever somebody looks."""

    def check(self) -> Check:
        told = f"the server reads s3://{self.bucket} with credentials of its own, which a start of a job tries"
        return Check("images", True, told)

    def prepare(self, server: LabelStudio, project: int) -> None:
        if self.bucket in server.buckets(project):
            return
        try:
            server.add_bucket(project, self.bucket, self.region)
        except (RequestRefused, ServiceUnavailable) as error:
            raise RequestRefused(
                f"the Label Studio server cannot read s3://{self.bucket}/raw/: {error}. Give its process credentials "
                'that may list the bucket and read raw/*, or deploy with labeling.label_studio_images = "presigned"'
            ) from error

    def address(self, source_ref: str, seconds: float) -> str:  # noqa: ARG002 - the server chooses its own time
        return source_ref
