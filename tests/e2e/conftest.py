"""Whole runs of the demo, each as its own process, as a person would start it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from localcloud.client.forms import IMAGE_SINGLE_LABEL
from localcloud.client.process import IAM, LocalCloud
from scripts.demo.cdk import Cdk
from scripts.demo.clients import Clients
from scripts.demo.data_set import read_text, upload
from scripts.demo.executions import Executions
from scripts.demo.job import DEFAULT_RECIPE, Job, answers_for
from scripts.demo.labeling import PortalPeople, ScriptedLabeling
from scripts.demo.labeling_jobs import labeling_jobs
from scripts.demo.run import TIME_SCALE
from scripts.draw_faces import draw_faces

ROOT = Path(__file__).resolve().parents[2]
# A later run takes about a minute on 2 cores; a loaded CI machine may take several times that.
TIMEOUT_SECONDS = 600


LABELS = ["mouth open", "mouth not open"]


@dataclass(frozen=True)
class DemoRun:
    """What a finished demo printed and left."""

    status: int
    output: str
    work: Path

    @property
    def summary(self) -> dict[str, Any]:
        return json.loads((self.work / "summary.json").read_text(encoding="utf-8"))

    @property
    def manifest(self) -> list[dict[str, Any]]:
        text = (self.work / "dataset/manifest.jsonl").read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines()]


@pytest.fixture(scope="session")
def run_demo(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., DemoRun]:
    """Run `python -m scripts.demo` with options, IAM enforced; its work folder is a temporary one."""

    def run(*options: str) -> DemoRun:
        work = tmp_path_factory.mktemp("demo")
        done = subprocess.run(
            [sys.executable, "-m", "scripts.demo", "--out", str(work), *options],
            cwd=ROOT,
            env={**os.environ, IAM: "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
        return DemoRun(done.returncode, done.stdout + done.stderr, work)

    return run


@dataclass(frozen=True)
class Deployed:
    """The five stacks on a local cloud, and what a user of them holds in hands."""

    cloud: LocalCloud
    outputs: dict[str, str]
    clients: Clients
    backend: str
    destroy: Callable[[], None]

    @property
    def bucket(self) -> str:
        return self.outputs["DataBucketName"]

    @property
    def executions(self) -> Executions:
        return Executions(self.clients.states)

    def pipeline_input(self, dataset: str, **changes: Any) -> dict[str, Any]:
        task = {
            "type": "image-single-label",
            "question": "Is the mouth open?",
            "labels": LABELS,
            "workers_per_object": 3,
        }
        return {
            "dataset": dataset,
            "task": task,
            "recipe": "recipes/lego-faces.yaml",
            "seed": 7,
            "instances": 1,
            **changes,
        }

    def upload(self, dataset: str, folder: Path, *, count: int, open_mouths: int) -> Job:
        draw_faces(folder / "images", folder / "answers.csv", count=count, open_mouths=open_mouths)
        answers = answers_for(folder / "answers.csv", folder / "images")
        job = Job(dataset, folder / "images", "Is the mouth open?", tuple(LABELS), answers, DEFAULT_RECIPE)
        upload(self.clients.s3, self.bucket, job)
        return job

    def rows(self, uri: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in read_text(self.clients.s3, uri).splitlines()]

    def labeling(self, job: Job) -> ScriptedLabeling:
        jobs = labeling_jobs(self.backend, self.clients, self.outputs, self.cloud.portal)
        pool = self.outputs["UserPoolId"]
        people = PortalPeople(self.clients.cognito, pool, jobs.addresses, IMAGE_SINGLE_LABEL)
        return ScriptedLabeling(jobs, people.workers(job.answers or {}))


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """The stacks, labeling in Ground Truth, deployed once for all tests of this folder that use them."""
    with deployment(tmp_path_factory.mktemp("deployed"), "ground_truth") as made:
        yield made


@pytest.fixture(scope="session")
def in_portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """The same, labeling in our own portal."""
    with deployment(tmp_path_factory.mktemp("in-portal"), "portal") as made:
        yield made


@contextmanager
def deployment(
    work: Path,
    backend: str,
    *,
    closed: bool = False,
    prepare: Callable[[Clients], Mapping[str, Mapping[str, Any]]] | None = None,
) -> Iterator[Deployed]:
    """`closed`: in an account that Ground Truth is closed to; IAM is enforced, as on AWS. `prepare` makes what is there
    before the stage, and gives the settings that name it."""
    with LocalCloud(work / "cloud", time_scale=TIME_SCALE, iam=True) as cloud:
        if closed:
            cloud.close_ground_truth()
        others = prepare(Clients(cloud)) if prepare else {}
        cdk = Cdk(cloud.environment(), work, work / "logs", labeling={"backend": backend}, others=others)
        cdk.synth()
        cdk.bootstrap()
        outputs = cdk.deploy()
        yield Deployed(cloud, outputs, Clients(cloud), backend, cdk.destroy)
