"""A workforce, a bucket and labeling jobs for the tests of one module."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.localcloud import labeling
from tests.localcloud.ground_truth.jobs import FILES, described
from tests.localcloud.labeling import Workforce


@pytest.fixture(scope="module")
def workforce(client: Callable[[str], Any]) -> Iterator[Workforce]:
    with labeling.workforce_for_a_while(client) as made:
        yield made


@pytest.fixture(scope="module")
def bucket(client: Callable[[str], Any], workforce: Workforce) -> Iterator[str]:
    name = labeling.make_bucket(client("s3"), f"labeling-{uuid.uuid4().hex[:8]}")
    yield name
    labeling.remove_bucket(client("s3"), name)


@pytest.fixture
def start(
    client: Callable[[str], Any], workforce: Workforce, bucket: str, unique: Callable[[str], str], until: Any
) -> Callable[..., str]:
    """Create a job over FILES (or other rows) and wait until it is in progress, or ended; its name."""

    def create(wait: bool = True, **task: Any) -> str:
        name = unique("job")
        uris = labeling.put_images(client("s3"), bucket, FILES)
        conditions = task.pop("StoppingConditions", None)
        request = labeling.job_request(workforce, client("s3"), bucket, name, uris, **task)
        if conditions:
            request["StoppingConditions"] = conditions
        client("sagemaker").create_labeling_job(**request)
        if wait:
            until(lambda: described(client, name)["LabelingJobStatus"], lambda status: status != "Initializing")
        return name

    return create
