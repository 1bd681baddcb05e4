"""Six objects with known answers, and looks at the jobs over them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from localcloud.client.process import LocalCloud
from localcloud.client.scripted_workers import ScriptedWorker
from tests.localcloud.labeling import LABELS, PASSWORD, WORKERS

FILES = ("a b.jpg", "quo\"te's.jpg", "Zoë.JPG", "plain-1.jpg", "plain-2.jpg", "plain-3.jpg")
ANSWERS = {name: LABELS[index % 2] for index, name in enumerate(FILES)}


def described(client: Callable[[str], Any], name: str) -> dict[str, Any]:
    return dict(client("sagemaker").describe_labeling_job(LabelingJobName=name))


def workers(cloud: LocalCloud, **options: Any) -> list[ScriptedWorker]:
    return [
        ScriptedWorker(cloud.portal, email, PASSWORD, ANSWERS, seconds_per_task=0.001, seed=index, **options)
        for index, email in enumerate(WORKERS)
    ]


def read(client: Callable[[str], Any], uri: str) -> str:
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return str(client("s3").get_object(Bucket=bucket, Key=key)["Body"].read().decode())


def keys(client: Callable[[str], Any], bucket: str, prefix: str) -> list[str]:
    found = client("s3").list_objects_v2(Bucket=bucket, Prefix=prefix)
    return [item["Key"].removeprefix(prefix) for item in found.get("Contents", [])]
