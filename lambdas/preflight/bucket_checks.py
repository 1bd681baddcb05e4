"""Whether workers will see the images of the data bucket."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from domain.labeling.preflight import Check
from domain.task_types import task_type
from domain.workflow.ports import ListedObject
from domain.workflow.states import LabelRun


class Bucket(Protocol):
    """The part of an object store that the preflight looks at."""

    bucket: str

    def region(self) -> str: ...

    def browser_origins(self) -> set[str]: ...

    def list_objects(self, prefix: str) -> Iterator[ListedObject]: ...


def check_same_region(store: Bucket, region: str) -> Check:
    found = store.region()
    if found == region:
        return Check("bucket Region", True, f"{store.bucket} is in {region}")
    detail = f"{store.bucket} is in {found}, the labeling job would be in {region}; use a bucket in the same Region"
    return Check("bucket Region", False, detail)


def check_cors(store: Bucket) -> Check:
    """Without a CORS rule the worker's page shows a broken image."""
    if "*" in store.browser_origins():
        return Check("bucket CORS", True, "workers' browsers may read images")
    detail = f"{store.bucket} has no CORS rule that allows GET from any origin, so workers would see no image; add one"
    return Check("bucket CORS", False, detail)


def check_objects(store: Bucket, run: LabelRun) -> Check:
    prefix = run.source_prefix
    if (run.manifest or "").endswith(".csv") and task_type(run.task.type).content != "address":
        return Check("source prefix", True, f"objects below s3://{store.bucket}/{prefix} may be made of {run.manifest}")
    if any(not (item.key.endswith("/") and item.size == 0) for item in store.list_objects(prefix)):
        return Check("source prefix", True, f"s3://{store.bucket}/{prefix} holds objects")
    detail = f"s3://{store.bucket}/{prefix} is empty; upload the images there, or set source_prefix"
    return Check("source prefix", False, detail)
