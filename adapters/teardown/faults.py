"""botocore's errors as the domain's: decided by error code and HTTP status, never by message text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError, ConnectionError, HTTPClientError

from domain.errors import AccessDenied, AwsError, NotFound, RequestRefused, ServiceUnavailable
from domain.teardown_errors import ResourceInUse

_NOT_FOUND = {
    "AccessPointNotFound",
    "ExecutionDoesNotExist",
    "FileSystemNotFound",
    "InvalidGroup.NotFound",
    "InvalidPermission.NotFound",
    "MountTargetNotFound",
    "ResourceNotFound",
    "ResourceNotFoundException",
    "StateMachineDoesNotExist",
}
_IN_USE = {
    "ConflictException",
    "DependencyViolation",
    "FileSystemInUse",
    "IncorrectFileSystemLifeCycleState",
    "ResourceInUse",
    "ResourceInUseException",
}
_DENIED = {"AccessDenied", "AccessDeniedException", "AuthorizationError", "UnauthorizedOperation"}
_PASSING = {
    "DependencyTimeout",
    "InternalFailure",
    "InternalServerError",
    "InternalServerException",
    "RequestLimitExceeded",
    "RequestTimeout",
    "RequestTimeoutException",
    "ServiceUnavailable",
    "ServiceUnavailableException",
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "TooManyRequestsException",
}


@contextmanager
def translated() -> Iterator[None]:
    """Raise the domain's error in place of botocore's.

    Raises:
        NotFound, ResourceInUse, AccessDenied: by error code.
        ServiceUnavailable: throttled, a 5xx, or no answer; the request may have been carried out.
        RequestRefused: everything else.
    """
    try:
        yield
    except ClientError as error:
        raise domain_error(error) from error
    except (ConnectionError, HTTPClientError) as error:
        raise ServiceUnavailable(f"no answer: {error}") from error
    except BotoCoreError as error:
        raise RequestRefused(str(error)) from error


def domain_error(error: ClientError) -> AwsError:
    """The domain's error for a ClientError, with AWS's own code and message."""
    code = str(error.response.get("Error", {}).get("Code", "Unknown"))
    status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    message = f"{code}: {error.response.get('Error', {}).get('Message', '')} ({error.operation_name})"
    classes: list[tuple[bool, type[AwsError]]] = [
        (code in _NOT_FOUND, NotFound),
        (code in _IN_USE, ResourceInUse),
        (code in _DENIED, AccessDenied),
        (code in _PASSING or status == 429 or status >= 500, ServiceUnavailable),
    ]
    return next((kind for fits, kind in classes if fits), RequestRefused)(message)
