"""What the tests of Processing share: a bucket, a role that SageMaker may assume, and small scripts as containers."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

LOGS = "/aws/sagemaker/ProcessingJobs"
_TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


@dataclass(frozen=True)
class Lab:
    """Runs scripts as processing jobs on a bucket of its own."""

    client: Callable[[str], Any]
    until: Callable[..., Any]
    bucket: str = field(default_factory=lambda: f"lab-{uuid.uuid4().hex[:12]}")
    role: str = field(init=False)

    def __post_init__(self) -> None:
        self.client("s3").create_bucket(Bucket=self.bucket)
        role = self.client("iam").create_role(
            RoleName=f"{self.bucket}-role", AssumeRolePolicyDocument=json.dumps(_TRUST)
        )
        object.__setattr__(self, "role", role["Role"]["Arn"])

    @property
    def sagemaker(self) -> Any:
        return self.client("sagemaker")

    def put(self, key: str, body: str | bytes = "content") -> None:
        self.client("s3").put_object(Bucket=self.bucket, Key=key, Body=body)

    def get(self, key: str) -> str:
        return str(self.client("s3").get_object(Bucket=self.bucket, Key=key)["Body"].read().decode())

    def keys(self, prefix: str = "") -> list[str]:
        listed = self.client("s3").list_objects_v2(Bucket=self.bucket, Prefix=prefix)
        return [item["Key"] for item in listed.get("Contents", [])]

    def source(self, name: str, prefix: str, **changes: Any) -> dict[str, Any]:
        """An input whose LocalPath is /opt/ml/processing/<name>."""
        s3_input = {
            "S3Uri": f"s3://{self.bucket}/{prefix}",
            "LocalPath": f"/opt/ml/processing/{name}",
            "S3DataType": "S3Prefix",
            "S3InputMode": "File",
            **changes,
        }
        return {"InputName": name, "S3Input": s3_input}

    def target(self, name: str, prefix: str, mode: str = "EndOfJob") -> dict[str, Any]:
        """An output whose LocalPath is /opt/ml/processing/<name>."""
        s3_output = {
            "S3Uri": f"s3://{self.bucket}/{prefix}",
            "LocalPath": f"/opt/ml/processing/{name}",
            "S3UploadMode": mode,
        }
        return {"OutputName": name, "S3Output": s3_output}

    def request(self, script: str, *arguments: str, instances: int = 1, **changes: Any) -> dict[str, Any]:
        name = f"job-{uuid.uuid4().hex[:12]}"
        code = f"code/{name}/script.py"
        self.put(code, script)
        inputs = [self.source("code", code), *changes.pop("inputs", [])]
        outputs = changes.pop("outputs", [self.target("out", f"results/{name}")])
        return {
            "ProcessingJobName": name,
            "RoleArn": self.role,
            "AppSpecification": {
                "ImageUri": "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.4-2-cpu-py3",
                "ContainerEntrypoint": ["python3", "/opt/ml/processing/code/script.py"],
                **({"ContainerArguments": list(arguments)} if arguments else {}),
            },
            "ProcessingResources": {
                "ClusterConfig": {"InstanceType": "ml.m5.large", "InstanceCount": instances, "VolumeSizeInGB": 1}
            },
            "ProcessingInputs": inputs,
            "ProcessingOutputConfig": {"Outputs": outputs},
            **changes,
        }

    def start(self, script: str, *arguments: str, **changes: Any) -> str:
        request = self.request(script, *arguments, **changes)
        self.sagemaker.create_processing_job(**request)
        return str(request["ProcessingJobName"])

    def describe(self, name: str) -> dict[str, Any]:
        return dict(self.sagemaker.describe_processing_job(ProcessingJobName=name))

    def ended(self, name: str) -> dict[str, Any]:
        ends = ("Completed", "Failed", "Stopped")
        return dict(self.until(lambda: self.describe(name), lambda job: job["ProcessingJobStatus"] in ends))

    def run(self, script: str, *arguments: str, **changes: Any) -> dict[str, Any]:
        return self.ended(self.start(script, *arguments, **changes))

    def results(self, job: dict[str, Any]) -> dict[str, str]:
        """The files that the job's output holds, by their path below it."""
        prefix = f"results/{job['ProcessingJobName']}/"
        return {key.removeprefix(prefix): self.get(key) for key in self.keys(prefix)}

    def log(self, name: str) -> dict[str, list[str]]:
        """The lines of each of the job's streams; the group comes with the first job's first instance."""
        logs = self.client("logs")
        if not logs.describe_log_groups(logGroupNamePrefix=LOGS)["logGroups"]:
            return {}
        streams = logs.describe_log_streams(logGroupName=LOGS, logStreamNamePrefix=f"{name}/")["logStreams"]
        return {
            stream["logStreamName"]: [
                event["message"]
                for event in logs.get_log_events(
                    logGroupName=LOGS, logStreamName=stream["logStreamName"], startFromHead=True
                )["events"]
            ]
            for stream in streams
        }
