"""A local cloud that enforces IAM and writes down what it is asked, and roles in it."""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from localcloud.client.process import LocalCloud
from localcloud.iam.requests import AuthorizationRequest, read

ACCOUNT = "000000000000"


@dataclass
class Guarded:
    """`client` is the administrator's; `as_role` has a session of the role."""

    cloud: LocalCloud
    recording: Path
    bucket: str = field(default_factory=lambda: f"guarded-{uuid.uuid4().hex[:8]}")

    def client(self, service: str, **credentials: str) -> Any:
        keys = {"aws_access_key_id": "local", "aws_secret_access_key": "local", **credentials}
        given: dict[str, Any] = {"endpoint_url": self.cloud.endpoint, "region_name": "us-east-1", **keys}
        return boto3.client(service, config=Config(retries={"total_max_attempts": 1}), **given)

    def role(self, *rights: tuple[str | list[str], str], trusts: str = "lambda.amazonaws.com", **boundary: str) -> str:
        """A new role that may do these actions on these resources; its ARN. Whom it trusts may be an account, too."""
        name = f"role-{uuid.uuid4().hex[:8]}"
        principal = {"Service": trusts} if "." in trusts else {"AWS": trusts}
        trust = [{"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}]
        made = self.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=_document(trust), **boundary)
        self.allow(made["Role"]["Arn"], *rights)
        return str(made["Role"]["Arn"])

    def allow(self, role: str, *rights: tuple[str | list[str], str]) -> None:
        """These, and none of those before."""
        statements = [{"Effect": "Allow", "Action": actions, "Resource": on} for actions, on in rights]
        if statements:
            name = role.rsplit("/", 1)[-1]
            self.client("iam").put_role_policy(RoleName=name, PolicyName="rights", PolicyDocument=_document(statements))

    def as_role(self, role: str, service: str) -> Any:
        given = self.client("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
        return self.client(
            service,
            aws_access_key_id=given["AccessKeyId"],
            aws_secret_access_key=given["SecretAccessKey"],
            aws_session_token=given["SessionToken"],
        )

    def function(self, role: str, code: str) -> str:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("handler.py", code)
        name = f"function-{uuid.uuid4().hex[:8]}"
        made = self.client("lambda").create_function(
            FunctionName=name, Runtime="python3.11", Role=role, Handler="handler.handle",
            Code={"ZipFile": packed.getvalue()},
        )  # fmt: skip
        return str(made["FunctionArn"])

    def requests(self) -> list[AuthorizationRequest]:
        return list(read((self.recording / "requests.jsonl").read_text("utf-8").splitlines()))


def _document(statements: list[Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def refused(call: Callable[[], Any]) -> tuple[str, str]:
    """Code and message; fails when it is not refused."""
    with pytest.raises(ClientError) as error:
        call()
    return error.value.response["Error"]["Code"], error.value.response["Error"]["Message"]


@pytest.fixture(scope="session")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    folder = tmp_path_factory.mktemp("guarded")
    with LocalCloud(folder / "cloud", time_scale=0.2, iam=True, record_iam=folder / "recording") as cloud:
        made = Guarded(cloud, folder / "recording")
        made.client("s3").create_bucket(Bucket=made.bucket)
        made.client("s3").put_object(Bucket=made.bucket, Key="there", Body=b"it is")
        yield made
