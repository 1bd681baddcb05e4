"""The real CDK CLI is refused a change that would replace the domain, and nothing of the stage is changed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from localcloud.client.process import PROJECT, LocalCloud
from scripts.build_assets import write_local_placeholders

APP = Path(__file__).parent / "storage_app" / "app.py"
STACK = "kempelen-dev-storage"


class Stage:
    def __init__(self, cloud: LocalCloud, folder: Path) -> None:
        self._cloud, self._folder = cloud, folder
        keys = {"aws_access_key_id": "local", "aws_secret_access_key": "local"}
        self._client = lambda service: boto3.client(
            service, endpoint_url=cloud.endpoint, region_name="us-east-1", **keys
        )

    def cdk(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(PROJECT / "node_modules/.bin/cdk"), *arguments, "--no-notices"]
        environment = {**os.environ, **self._cloud.environment()}
        return subprocess.run(
            command, cwd=self._folder, env=environment, capture_output=True, text=True, timeout=300, check=False
        )

    def deploy(self, **context: str) -> subprocess.CompletedProcess[str]:
        given = [word for name, value in context.items() for word in ("--context", f"{name}={value}")]
        app = ("--app", f"{sys.executable} {APP}", "--context", f"assets={self._folder / 'assets'}")
        return self.cdk("deploy", STACK, "--require-approval", "never", "--output", "out", *app, *given)

    def status(self) -> str:
        return str(self._client("cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]["StackStatus"])

    def owners(self) -> set[str]:
        """The tag `owner` of each bucket of the stage."""
        s3 = self._client("s3")
        names = [bucket["Name"] for bucket in s3.list_buckets()["Buckets"] if bucket["Name"].startswith(STACK)]
        tags: list[Any] = [tag for name in names for tag in s3.get_bucket_tagging(Bucket=name)["TagSet"]]
        return {tag["Value"] for tag in tags if tag["Key"] == "owner"}

    def changed(self) -> set[str]:
        """The kinds of resources that updates have changed so far."""
        events = self._client("cloudformation").describe_stack_events(StackName=STACK)["StackEvents"]
        return {event["ResourceType"] for event in events if event["ResourceStatus"] == "UPDATE_COMPLETE"}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("storage-app")
    write_local_placeholders(folder / "assets")
    with LocalCloud(folder / "cloud", time_scale=0.2) as cloud:
        made = Stage(cloud, folder)
        assert made.cdk("bootstrap", "aws://000000000000/us-east-1").returncode == 0
        done = made.deploy()
        assert done.returncode == 0, done.stdout + done.stderr
        yield made


def test_a_change_that_would_replace_the_domain_is_refused_before_anything_changes(stage: Stage) -> None:
    refused = stage.deploy(auth="SSO", owner="after")
    said = refused.stdout + refused.stderr
    assert refused.returncode != 0
    assert "cannot change studio.auth from 'IAM' to 'SSO' while it stands" in said
    assert stage.status() == "UPDATE_ROLLBACK_COMPLETE"
    assert "AWS::S3::Bucket" not in stage.changed()
    assert stage.owners() == {"before"}


def test_after_the_refusal_the_stage_takes_other_changes(stage: Stage) -> None:
    done = stage.deploy(owner="after")
    assert done.returncode == 0, done.stdout + done.stderr
    assert stage.status() == "UPDATE_COMPLETE"
    assert "AWS::S3::Bucket" in stage.changed()
    assert stage.owners() == {"after"}
