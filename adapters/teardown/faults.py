"""What error codes mean to teardown, beside what they mean to everyone: gone is a success, in use is a wait."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import ClientError

from adapters import aws_errors
from domain.errors import AwsError, NotFound, ResourceInUse, ServiceUnavailable

_MEANINGS: dict[type[AwsError], frozenset[str]] = {
    NotFound: frozenset(
        {
            "AccessPointNotFound",
            "ExecutionDoesNotExist",
            "FileSystemNotFound",
            "InvalidGroup.NotFound",
            "InvalidPermission.NotFound",
            "MountTargetNotFound",
            "StateMachineDoesNotExist",
        }
    ),
    ResourceInUse: frozenset(
        {
            "ConflictException",
            "DependencyViolation",
            "FileSystemInUse",
            "IncorrectFileSystemLifeCycleState",
            "OperationAbortedException",
            "ResourceInUse",
            "ResourceInUseException",
        }
    ),
    ServiceUnavailable: frozenset({"DependencyTimeout"}),
}


_ALREADY = "has already been deleted"
"""DeleteApp's words for an app that is listed as Deleted for another day; hashicorp/terraform-provider-aws goes by
them too (internal/service/sagemaker/app.go)."""


@contextmanager
def translated(what: str) -> Iterator[None]:
    """Raise the domain's error in place of botocore's; `what` is the operation, for the message.

    Raises:
        NotFound, ResourceInUse, AccessDenied: by error code.
        ServiceUnavailable: throttled, a 5xx, or no answer; the request may have been carried out.
        RequestRefused: everything else.
    """
    with aws_errors.translated(what):
        try:
            yield
        except ClientError as error:
            code = aws_errors.error_code(error)
            if code == "ValidationException" and _ALREADY in aws_errors.error_message(error):
                raise NotFound(f"{what}: {_ALREADY}") from error
            for meaning, codes in _MEANINGS.items():
                if code in codes:
                    raise meaning(f"{what}: {code}: {aws_errors.error_message(error)}") from error
            raise
