"""botocore's errors become the domain's, with what was being done in the message."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from adapters.aws_errors import translated
from domain.errors import AccessDenied, AlreadyExists, AwsError, NotFound, RequestRefused, ServiceUnavailable


def client_error(code: str, status: int = 400) -> ClientError:
    response = {"Error": {"Code": code, "Message": "because"}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(response, "Operation")


@pytest.mark.parametrize(
    ("code", "status", "meaning"),
    [
        ("AccessDeniedException", 400, AccessDenied),
        ("AccessDenied", 403, AccessDenied),
        ("NoSuchKey", 404, NotFound),
        ("ResourceNotFound", 400, NotFound),
        ("ResourceInUse", 400, AlreadyExists),
        ("ThrottlingException", 400, ServiceUnavailable),
        ("SlowDown", 503, ServiceUnavailable),
        ("SomethingNew", 500, ServiceUnavailable),
        ("ValidationException", 400, RequestRefused),
        ("SomethingNew", 400, RequestRefused),
    ],
)
def test_a_code_has_one_meaning(code: str, status: int, meaning: type[AwsError]) -> None:
    with pytest.raises(AwsError) as caught, translated("read the moon"):
        raise client_error(code, status)
    assert type(caught.value) is meaning
    assert str(caught.value) == f"read the moon: {code}: because"


def test_a_service_that_cannot_be_reached_is_unavailable() -> None:
    with pytest.raises(ServiceUnavailable, match="read the moon: EndpointConnectionError"), translated("read the moon"):
        raise EndpointConnectionError(endpoint_url="https://moon")


def test_other_errors_pass_as_they_are() -> None:
    with pytest.raises(KeyError), translated("read the moon"):
        raise KeyError("x")
