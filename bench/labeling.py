"""Many people at once in our portal's task store, on the local cloud's DynamoDB: `python -m bench.labeling`.

Each worker takes a task, answers it after a pause, and goes on, until the job ends by itself. What is measured is the
way to the next task as the portal's function goes it, without HTTP and pages. Then every object is looked at: it has
exactly its votes, by different people. The result goes to .local/bench/labeling.json.
"""

from __future__ import annotations

import multiprocessing
import random
import statistics
import tempfile
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import boto3
import typer
from botocore.config import Config

from adapters.task_store import DynamoTaskStore
from bench.results import keep_and_show
from domain.tasks import jobs
from domain.tasks.model import Job, TaskObject, Worker
from domain.tasks.pool import TaskPool
from domain.workflow.s3_uri import S3Uri
from localcloud.client.process import LocalCloud

TABLE, VOTES, SMALL, SHORT_JOBS = "tasks", 3, 100, 3
ANSWER: dict[str, object] = {"crowd-image-classifier": {"label": "open"}}


@dataclass(frozen=True)
class Run:
    """One job with so many objects, and how long each way to a next task took, in seconds."""

    objects: int
    seconds: float
    takes: list[float]

    def at(self, share: float) -> float:
        """Milliseconds that so large a share of the ways stays below."""
        return round(1000 * sorted(self.takes)[int(share * (len(self.takes) - 1))], 1)


def main(
    objects: Annotated[int, typer.Option(help="Objects of the long job.")] = 10_000,
    workers: Annotated[int, typer.Option(help="People at once.")] = 20,
    pause: Annotated[float, typer.Option(help="Seconds that a person looks at an object, on average.")] = 1.0,
    processes: Annotated[int, typer.Option(help="Processes that the people are spread over.")] = 2,
) -> None:
    with tempfile.TemporaryDirectory() as folder, LocalCloud(Path(folder) / "cloud") as cloud:
        make_table(client(cloud.endpoint))
        crowd = Crowd(cloud.endpoint, workers, pause, processes)
        small = [crowd.label(SMALL) for _ in range(SHORT_JOBS)]
        long = crowd.label(objects)
        small += [crowd.label(SMALL) for _ in range(SHORT_JOBS)]
    report(long, small, workers, pause)


def report(long: Run, small: list[Run], workers: int, pause: float) -> None:
    """Short jobs before and after the long one: a machine that gets slower meanwhile shows."""
    short = Run(SMALL, sum(run.seconds for run in small), [take for run in small for take in run.takes])
    result: dict[str, Any] = {
        "workers": workers,
        "pause_seconds": pause,
        "votes_per_object": VOTES,
        "objects": long.objects,
        "votes_a_second": round(VOTES * long.objects / long.seconds, 1),
        "next_task_ms": {"p50": long.at(0.5), "p95": long.at(0.95), "p99": long.at(0.99)},
        f"next_task_ms_of_{SMALL}_objects": {"p50": short.at(0.5), "p95": short.at(0.95)},
        "ratio_of_medians": round(long.at(0.5) / short.at(0.5), 2),
        "ratio_of_p95": round(long.at(0.95) / short.at(0.95), 2),
        "ratio_of_means": round(statistics.mean(long.takes) / statistics.mean(short.takes), 2),
    }
    keep_and_show("labeling", result)


@dataclass(frozen=True)
class Crowd:
    endpoint: str
    workers: int
    pause: float
    processes: int

    def label(self, objects: int) -> Run:
        job = new_job(objects)
        store = DynamoTaskStore(client(self.endpoint), TABLE)
        store.add_job(job)
        store.add_objects(job, objects_of(job))
        began = time.monotonic()
        names = [f"private.{number}" for number in range(self.workers)]
        parts = [(self.endpoint, job.name, names[part :: self.processes], self.pause) for part in range(self.processes)]
        with multiprocessing.get_context("spawn").Pool(self.processes) as pool:
            takes = [take for part in pool.starmap(work, parts) for take in part]
        run = Run(objects, time.monotonic() - began, takes)
        check(store, job)
        return run


def check(store: DynamoTaskStore, job: Job) -> None:
    """Raises SystemExit when a vote is lost or doubled."""
    items = list(store.objects(job))
    votes = [len(item.answers) for item in items]
    ended = store.job(job.name)
    counted = sum(gate.votes for gate in store.gates(job.name))
    told = sum(state.answered for state in store.workers(job.name))
    if votes != [VOTES] * job.objects or counted != told or counted != VOTES * job.objects:
        raise SystemExit(f"{job.name}: votes are lost or doubled: {counted} counted, {told} told, {sum(votes)} there")
    if ended is None or ended.status != "Completed":
        raise SystemExit(f"{job.name}: it did not end by itself: {ended}")


def work(endpoint: str, job: str, names: list[str], pause: float) -> list[float]:
    """Some of the people, each on a thread of her own; how long each way to a next task took."""
    store = DynamoTaskStore(client(endpoint), TABLE)
    pool = TaskPool(store, time.time, time.sleep, lambda name: jobs.settle(store, name, time.time()))
    takes: list[float] = []
    people = [threading.Thread(target=work_as, args=(pool, job, name, pause, takes)) for name in names]
    for person in people:
        person.start()
    for person in people:
        person.join()
    return takes


def work_as(pool: TaskPool, job: str, name: str, pause: float, takes: list[float]) -> None:
    worker, pace = Worker(name, "bench"), random.Random(name)  # noqa: S311
    time.sleep(pace.uniform(0, pause))
    while True:
        began = time.perf_counter()
        task = pool.take(job, worker)
        if task is None:
            found = pool.store.job(job)
            if found is None or found.ended is not None:
                return
            time.sleep(1)
            continue
        takes.append(time.perf_counter() - began)
        time.sleep(pace.uniform(0.5, 1.5) * pause)
        pool.submit(job, task.task, worker, ANSWER)


def new_job(objects: int) -> Job:
    name, folder = f"kempelen-bench-{objects}-{time.time_ns()}", "s3://data/labeling/bench/one"
    return Job(
        name=name,
        dataset="bench",
        run_id="one",
        execution="one",
        type="image-single-label",
        title="Bench",
        question="Is it?",
        labels=("open", "shut"),
        template_uri=S3Uri(f"{folder}/template.liquid.html"),
        manifest_uri=S3Uri(f"{folder}/input.manifest"),
        output_uri=S3Uri(f"{folder}/output"),
        objects=objects,
        needed=VOTES,
        seconds=600,
        created=time.time(),
        expires=time.time() + 86_400,
        status="InProgress",
    )


def objects_of(job: Job) -> Iterable[TaskObject]:
    return (
        TaskObject(job=job.name, number=number, source_ref=f"s3://data/raw/bench/{number}.jpg", needed=job.needed)
        for number in range(job.objects)
    )


def client(endpoint: str) -> Any:
    keys = {"aws_access_key_id": "local", "aws_secret_access_key": "local"}
    config = Config(max_pool_connections=64, retries={"mode": "standard", "total_max_attempts": 4})
    return boto3.client("dynamodb", endpoint_url=endpoint, region_name="us-east-1", config=config, **keys)  # type: ignore[call-overload]


def make_table(dynamodb: Any) -> None:
    """As stacks/constructs/labeling/task_table.py has it."""
    texts = [{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", "open_in")]
    dynamodb.create_table(
        TableName=TABLE,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[*texts, {"AttributeName": "open_at", "AttributeType": "N"}],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "open",
                "KeySchema": [
                    {"AttributeName": "open_in", "KeyType": "HASH"},
                    {"AttributeName": "open_at", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    )


if __name__ == "__main__":
    typer.run(main)
