"""A recording of requests is read as it was written."""

from __future__ import annotations

import io

import pytest

from localcloud.iam.requests import AuthorizationRequest, read, write

REQUEST = AuthorizationRequest(
    principal="arn:aws:iam::000000000000:role/starter",
    action="iam:PassRole",
    resources=("arn:aws:iam::000000000000:role/labeling",),
    context={"iam:PassedToService": "sagemaker.amazonaws.com", "aws:TagKeys": ("a", "b")},
    call="sagemaker:CreateLabelingJob",
    by="start_labeling",
)


def test_what_is_written_is_read_again() -> None:
    file = io.StringIO()
    write([REQUEST, REQUEST], file)
    assert list(read(file.getvalue().splitlines())) == [REQUEST, REQUEST]


@pytest.mark.parametrize("line", ["", "[]", "{}", '{"context": {}, "resources": [], "else": 1}'])
def test_a_line_that_is_no_request_is_named(line: str) -> None:
    with pytest.raises(ValueError, match="line 1 is no authorization request"):
        list(read([line]))
