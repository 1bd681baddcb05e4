"""The one place that knows what botocore raises."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError  # no BotoCoreError

from domain.errors import AccessDenied, AlreadyExists, AwsError, NotFound, RequestRefused, ServiceUnavailable

_MEANINGS: dict[type[AwsError], frozenset[str]] = {
    AccessDenied: frozenset(
        {"AccessDenied", "AccessDeniedException", "AllAccessDisabled", "UnauthorizedOperation", "UnauthorizedException"}
    ),
    NotFound: frozenset(
        {
            "404",
            "ExecutionDoesNotExist",
            "NoSuchBucket",
            "NoSuchCORSConfiguration",
            "NoSuchKey",
            "NotFound",
            "ResourceNotFound",
            "ResourceNotFoundException",
            "TaskDoesNotExist",
            "UserNotFoundException",
            "TaskTimedOut",  # https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html
        }
    ),
    AlreadyExists: frozenset({"ResourceInUse", "ResourceInUseException"}),
    ServiceUnavailable: frozenset(
        {
            "InternalError",
            "InternalFailure",
            "InternalServerError",
            "LimitExceededException",
            "ProvisionedThroughputExceededException",
            "RequestLimitExceeded",
            "RequestTimeout",
            "RequestTimeoutException",
            "ResourceLimitExceeded",
            "ServiceUnavailable",
            "SlowDown",
            "Throttling",
            "ThrottlingException",
            "ThrottledException",
            "TooManyRequestsException",
            "TransactionInProgressException",
        }
    ),
}


def error_code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", "Unknown"))


def error_message(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Message", error))


@contextmanager
def translated(what: str) -> Iterator[None]:
    """Turns botocore's errors into the domain's. `what` says what was being done, and to what, for the message."""
    try:
        yield
    except ClientError as error:
        raise _meaning(error)(f"{what}: {error_code(error)}: {error_message(error)}") from error
    except (BotoCoreError, ResponseParserError) as error:
        raise ServiceUnavailable(f"{what}: {type(error).__name__}: {error}") from error


def says_closed(error: AwsError) -> bool:
    """Whether the account cannot use a service that is closed to new customers.

    AWS gives this and a missing permission the same codes; only the text tells them apart.
    """
    return re.search(r"new customers|not subscribed|subscription|opt.?in", str(error), re.IGNORECASE) is not None


def _meaning(error: ClientError) -> type[AwsError]:
    code = error_code(error)
    for meaning, codes in _MEANINGS.items():
        if code in codes:
            return meaning
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return ServiceUnavailable if status >= 500 else RequestRefused
