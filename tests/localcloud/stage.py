"""The stage's own stacks on a local cloud of their own, deployed and destroyed by the real CDK CLI."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3

from localcloud.client.process import PROJECT, LocalCloud
from scripts.build_assets import write_local_placeholders

APP = Path(__file__).parent / "stage_app" / "app.py"
NETWORK, STORAGE, STUDIO = "kempelen-dev-network", "kempelen-dev-storage", "kempelen-dev-studio"


class Stage:
    def __init__(self, cloud: LocalCloud, folder: Path) -> None:
        self.cloud, self._folder = cloud, folder
        self.toolkit: list[dict[str, str]] = []
        keys = {"aws_access_key_id": "local", "aws_secret_access_key": "local"}
        self.client = lambda service: boto3.client(
            service, endpoint_url=cloud.endpoint, region_name="us-east-1", **keys
        )

    def cdk(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(PROJECT / "node_modules/.bin/cdk"), *arguments, "--no-notices"]
        environment = {**os.environ, **self.cloud.environment()}
        return subprocess.run(
            command, cwd=self._folder, env=environment, capture_output=True, text=True, timeout=300, check=False
        )

    def deploy(self, *stacks: str, **context: str) -> subprocess.CompletedProcess[str]:
        given = [word for name, value in context.items() for word in ("--context", f"{name}={value}")]
        app = ("--app", f"{sys.executable} {APP}", "--context", f"assets={self._folder / 'assets'}")
        return self.cdk("deploy", *stacks, "--exclusively", "--require-approval", "never", *app, *given)

    def deploy_more(self, *stacks: str) -> subprocess.CompletedProcess[str]:
        """Of what was synthesized last, which takes longer than to deploy a stack."""
        return self.cdk("deploy", *stacks, "--exclusively", "--require-approval", "never", "--app", "cdk.out")

    def status(self, stack: str) -> str:
        return str(self.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"])

    def stacks(self) -> set[str]:
        found = self.client("cloudformation").describe_stacks()["Stacks"]
        return {stack["StackName"] for stack in found if stack["StackStatus"] != "DELETE_COMPLETE"}

    def outputs(self) -> dict[str, str]:
        """Of all stacks."""
        stacks = self.client("cloudformation").describe_stacks()["Stacks"]
        return {out["OutputKey"]: out["OutputValue"] for stack in stacks for out in stack.get("Outputs", [])}

    def owners(self) -> set[str]:
        """The tag `owner` of each bucket of the stage."""
        s3 = self.client("s3")
        names = [bucket["Name"] for bucket in s3.list_buckets()["Buckets"] if bucket["Name"].startswith(STORAGE)]
        tags: list[Any] = [tag for name in names for tag in s3.get_bucket_tagging(Bucket=name)["TagSet"]]
        return {tag["Value"] for tag in tags if tag["Key"] == "owner"}

    def changed(self) -> set[str]:
        """The kinds of resources that updates have changed so far."""
        events = self.client("cloudformation").describe_stack_events(StackName=STORAGE)["StackEvents"]
        return {event["ResourceType"] for event in events if event["ResourceStatus"] == "UPDATE_COMPLETE"}


@contextmanager
def running(folder: Path) -> Iterator[Stage]:
    """A bootstrapped local cloud, before any stack of the stage; everything of it lies in the folder."""
    write_local_placeholders(folder / "assets")
    with LocalCloud(folder / "cloud", time_scale=0.2) as cloud:
        made = Stage(cloud, folder)
        assert made.cdk("bootstrap", "aws://000000000000/us-east-1").returncode == 0
        made.toolkit = cloud.inventory()
        yield made
