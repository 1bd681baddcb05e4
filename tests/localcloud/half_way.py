"""The stage's templates, deployed to a local cloud by CloudFormation's API alone: some hundred times faster than by the
CDK CLI. A resource is planned to fail; then the stack is deleted, and the inventory tells what is left."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

from localcloud.client.process import LocalCloud
from scripts.build_assets import write_local_placeholders
from tests.localcloud.stage import APP

ENDED = ("CREATE_COMPLETE", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_COMPLETE", "DELETE_FAILED")
ORDER = ("network", "storage", "studio", "workforce", "portal", "workflow")
_PATIENCE_SECONDS = 240.0


def synthesized(folder: Path, **context: str) -> Path:
    """The app's cloud assembly, made without the CDK CLI."""
    write_local_placeholders(folder / "assets")
    variables = {
        "CDK_OUTDIR": str(folder / "cdk.out"),
        "CDK_CONTEXT_JSON": json.dumps({"assets": str(folder / "assets"), **context}),
        "CDK_DEFAULT_ACCOUNT": "000000000000",
        "CDK_DEFAULT_REGION": "us-east-1",
    }
    subprocess.run([sys.executable, str(APP)], env={**os.environ, **variables}, check=True, capture_output=True)
    return folder / "cdk.out"


@dataclass
class HalfWay:
    """`stacks`: of the stage, in the order of deployment."""

    cloud: LocalCloud
    assembly: Path

    def __post_init__(self) -> None:
        keys = {"aws_access_key_id": "local", "aws_secret_access_key": "local", "region_name": "us-east-1"}
        self.client: Callable[[str], Any] = lambda service: boto3.client(
            service, endpoint_url=self.cloud.endpoint, **keys
        )
        made = {path.name.split(".")[0] for path in self.assembly.glob("*.template.json")}
        self.stacks = [f"kempelen-dev-{part}" for part in ORDER if f"kempelen-dev-{part}" in made]
        self.client("ssm").put_parameter(Name="/cdk-bootstrap/hnb659fds/version", Value="99", Type="String")
        for path in self.assembly.glob("*.assets.json"):
            self._upload(json.loads(path.read_text())["files"])

    def _upload(self, files: dict[str, Any]) -> None:
        s3 = self.client("s3")
        for asset in files.values():
            (to,) = asset["destinations"].values()
            s3.create_bucket(Bucket=to["bucketName"])
            s3.put_object(Bucket=to["bucketName"], Key=to["objectKey"], Body=self._content(asset["source"]))

    def _content(self, source: dict[str, str]) -> bytes:
        path = self.assembly / source["path"]
        if source["packaging"] == "file":
            return path.read_bytes()
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for file in sorted(one for one in path.rglob("*") if one.is_file()):
                archive.write(file, file.relative_to(path))
        return buffer.getvalue()

    def resources(self, stack: str) -> dict[str, str]:
        """Types by logical id."""
        template = json.loads((self.assembly / f"{stack}.template.json").read_text())
        return {name: one["Type"] for name, one in template["Resources"].items()}

    def deploy(self, stack: str) -> str:
        """Create the stack; its last status."""
        bucket = next(one["Name"] for one in self.client("s3").list_buckets()["Buckets"] if "cdk-hnb" in one["Name"])
        self.client("s3").upload_file(str(self.assembly / f"{stack}.template.json"), bucket, stack)
        self.client("cloudformation").create_stack(
            StackName=stack,
            TemplateURL=f"{self.cloud.endpoint}/{bucket}/{stack}",
            Capabilities=["CAPABILITY_NAMED_IAM"],
        )
        return self._ended(stack)

    def delete(self, stack: str) -> str:
        self.client("cloudformation").delete_stack(StackName=stack)
        return self._ended(stack)

    def _ended(self, stack: str) -> str:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < deadline:
            status = self.statuses().get(stack, "DELETE_COMPLETE")
            if status in ENDED:
                return status
            time.sleep(0.05)
        raise TimeoutError(f"{stack} hangs: it is {status} after {_PATIENCE_SECONDS:.0f} s")

    def statuses(self) -> dict[str, str]:
        stacks = self.client("cloudformation").describe_stacks()["Stacks"]
        return {stack["StackName"]: stack["StackStatus"] for stack in stacks}

    def reasons(self, stack: str) -> list[str]:
        events = self.client("cloudformation").describe_stack_events(StackName=stack)["StackEvents"]
        return [
            f"{event['LogicalResourceId']} {event['ResourceStatus']}: {event.get('ResourceStatusReason', '')[:300]}"
            for event in events
            if "FAILED" in event["ResourceStatus"]
        ]

    def fails_at(self, stack: str, resource: str) -> list[dict[str, str]]:
        """Deploy the stack, which fails there and rolls back, and delete it; what is left of it then."""
        before = self.cloud.inventory()
        self.cloud.plan_outcomes([{"operation": "CreateResource", "name": f"{stack}/{resource}", "reason": "planned"}])
        status = self.deploy(stack)
        where = f"{stack}/{resource}"
        assert status == "ROLLBACK_COMPLETE", f"{where}: {status}, {self.reasons(stack)}"
        assert any("planned" in reason for reason in self.reasons(stack)), where
        assert self.delete(stack) == "DELETE_COMPLETE", f"{where}: {self.reasons(stack)}"
        self.cloud.plan_outcomes([])
        return [one for one in self.cloud.inventory() if one not in before and one["id"] != stack]


@contextmanager
def started(folder: Path, **context: str) -> Iterator[HalfWay]:
    assembly = synthesized(folder, **context)
    with LocalCloud(folder / "cloud", time_scale=0.02) as cloud:
        yield HalfWay(cloud, assembly)
