"""The contract of the labeling back ends on the local cloud: Ground Truth's API and portal, our portal's table."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from adapters.events import PortalEvents
from adapters.object_store import S3ObjectStore
from adapters.people import CognitoTeam
from adapters.task_store import DynamoTaskStore
from domain.tasks import jobs
from domain.tasks.pool import TaskPool
from labelers.ground_truth.labeling_job import GroundTruthLabeler, JobSettings
from labelers.portal.labeler import Clockwork, PortalLabeler
from localcloud.client.process import LocalCloud
from localcloud.client.scripted_workers import ScriptedWorker
from tests.localcloud import labeling
from tests.localcloud.labeling import GROUP, PASSWORD, WORKERS, Workforce
from tests.support.builders.tables import make_tasks
from tests.support.builders.tasks import InOrder, answer_of, any_worker
from tests.unit.labelers.test_every_backend import OBJECTS, PEOPLE, RUN, Back
from tests.unit.labelers.test_every_backend import (
    test_a_job_of_another_run_is_a_conflict as test_a_job_of_another_run_is_a_conflict,
)
from tests.unit.labelers.test_every_backend import (
    test_a_job_that_nobody_started_is_not_found as test_a_job_that_nobody_started_is_not_found,
)
from tests.unit.labelers.test_every_backend import (
    test_a_second_start_finds_it_and_knows_whose_it_is as test_a_second_start_finds_it_and_knows_whose_it_is,
)
from tests.unit.labelers.test_every_backend import (
    test_a_start_makes_the_job_that_the_run_names as test_a_start_makes_the_job_that_the_run_names,
)
from tests.unit.labelers.test_every_backend import (
    test_checks_are_named_and_say_what_was_found as test_checks_are_named_and_say_what_was_found,
)
from tests.unit.labelers.test_every_backend import (
    test_it_is_finished_when_every_object_has_its_answers as test_it_is_finished_when_every_object_has_its_answers,
)
from tests.unit.labelers.test_every_backend import (
    test_only_its_own_execution_stops_it as test_only_its_own_execution_stops_it,
)
from tests.unit.labelers.test_every_backend import (
    test_what_is_labeled_half_way_is_there as test_what_is_labeled_half_way_is_there,
)

pytestmark = pytest.mark.long

Client = Callable[[str], Any]


@pytest.fixture(scope="module")
def workforce(client: Client) -> Iterator[Workforce]:
    with labeling.workforce_for_a_while(client) as made:
        yield made


@pytest.fixture(scope="module")
def store(client: Client) -> Iterator[S3ObjectStore]:
    """Three objects; the contract's answers name the bucket."""
    s3 = client("s3")
    bucket = labeling.make_bucket(s3, "data-bucket")
    labeling.put_images(s3, bucket, [f"faces/{name}.jpg" for name in OBJECTS])
    yield S3ObjectStore(s3, bucket)
    labeling.remove_bucket(s3, bucket)


@pytest.fixture(scope="module")
def tasks(client: Client) -> Iterator[DynamoTaskStore]:
    make_tasks(client("dynamodb"))
    yield DynamoTaskStore(client("dynamodb"), "tasks")
    client("dynamodb").delete_table(TableName="tasks")


class GroundTruth:
    """People answer in the worker portal. Names of jobs are used up, so each test has a prefix of its own."""

    def __init__(self, cloud: LocalCloud, client: Client, store: S3ObjectStore, workforce: Workforce) -> None:
        self.store = store
        settings = JobSettings("us-east-1", workforce.workteam_arn, workforce.role_arn, f"t{_unique()}-", "dev")
        self.labeler = GroundTruthLabeler(client("sagemaker"), store, settings)
        self._sagemaker = client("sagemaker")
        self._portal = cloud.portal
        self._answers = 0

    def answer(self, job: str, person: str, label: str) -> None:
        answers = {f"{name}.jpg": label for name in OBJECTS}
        worker = ScriptedWorker(self._portal, WORKERS[PEOPLE.index(person)], PASSWORD, answers)
        worker.sign_in()
        assert worker.work(job) is None
        worker.close()
        self._answers += 1

    def take_over(self, job: str) -> None:
        arn = self._sagemaker.describe_labeling_job(LabelingJobName=job)["LabelingJobArn"]
        self._sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "kempelen:run", "Value": "another"}])

    def settle(self, job: str) -> None:
        all_answered = self._answers == len(PEOPLE) * len(OBJECTS)

        def settled() -> bool:
            status = self._sagemaker.describe_labeling_job(LabelingJobName=job)["LabelingJobStatus"]
            return bool(status == "Completed" if all_answered else status != "Initializing")

        labeling.wait_until(settled)


class Portal:
    """People answer through the pool behind the pages; what it keeps is in DynamoDB."""

    def __init__(self, client: Client, store: S3ObjectStore, tasks: DynamoTaskStore, workforce: Workforce) -> None:
        self.store = store
        self._tasks = tasks
        team = CognitoTeam(client("cognito-idp"), "us-east-1", workforce.user_pool, GROUP)
        clock = Clockwork(time.time, time.sleep)
        tell = PortalEvents(client("events")).job_ended
        self.labeler = PortalLabeler(tasks, store, team, f"t{_unique()}-", clock, tell)
        self._pool = TaskPool(
            tasks, time.time, time.sleep, lambda name: jobs.settle(tasks, name, time.time()), InOrder()
        )

    def answer(self, job: str, person: str, label: str) -> None:
        worker = any_worker(person)
        task = self._pool.take(job, worker)
        assert task is not None
        self._pool.submit(job, task.task, worker, answer_of(label))

    def take_over(self, job: str) -> None:
        jobs.change(self._tasks, job, lambda known: known.model_copy(update={"run_id": "another"}))

    def settle(self, job: str) -> None:
        """Nothing comes later."""


def _unique() -> str:
    return uuid.uuid4().hex[:6]


@pytest.fixture(params=["ground_truth", "portal"])
def back(
    request: pytest.FixtureRequest,
    cloud: LocalCloud,
    client: Client,
    store: S3ObjectStore,
    tasks: DynamoTaskStore,
    workforce: Workforce,
) -> Back:
    if request.param == "portal":
        return Portal(client, store, tasks, workforce)
    if "half_way" in request.node.name:
        pytest.skip("Ground Truth writes its output manifest when a job ends")
    return GroundTruth(cloud, client, store, workforce)


def test_the_checks_are_all_well(back: Back) -> None:
    assert [check for check in back.labeler.checks(RUN.task) if not check.ok] == []
