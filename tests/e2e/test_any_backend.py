"""`labeling.backend = "auto"`: a run labels in Ground Truth where the account can use it, in the portal where not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scripts.demo.job import Job
from tests.e2e.conftest import Deployed, deployment
from tests.e2e.test_own_portal import ask

# Each deploys the stacks for itself.
pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def by_itself(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    with deployment(tmp_path_factory.mktemp("by-itself"), "auto") as made:
        yield made


@pytest.fixture
def job(by_itself: Deployed, tmp_path: Path) -> Iterator[Job]:
    yield by_itself.upload("faces", tmp_path, count=3, open_mouths=1)
    by_itself.cloud.inject_faults([])


def label(deployed: Deployed, job: Job, name: str, **changes: Any) -> dict[str, Any]:
    """The output of an execution of `label`, with people at work in whatever portals there are."""
    given = {**deployed.pipeline_input("faces", run_id=name, **changes)}
    given["task"]["relabel"] = True
    with deployed.labeling(job) as people:
        arn = deployed.executions.start(deployed.outputs["LabelStateMachineArn"], name, given)
        return deployed.executions.wait(arn, meanwhile=people.look_after)


def checks(deployed: Deployed, name: str) -> list[str]:
    """What the preflight of an execution said."""
    arn = deployed.outputs["LabelStateMachineArn"].replace(":stateMachine:", ":execution:") + f":{name}"
    history = deployed.clients.states.get_execution_history(executionArn=arn)["events"]
    outputs = [event.get("stateExitedEventDetails", {}) for event in history]
    (preflight,) = [json.loads(one["output"]) for one in outputs if one.get("name") == "Preflight"]
    return list(preflight["Payload"]["checks"])


def in_portal(deployed: Deployed) -> int:
    return len(ask(deployed, action="jobs")["jobs"])


def in_ground_truth(deployed: Deployed) -> int:
    return len(deployed.clients.sagemaker.list_labeling_jobs()["LabelingJobSummaryList"])


def test_an_open_account_labels_in_ground_truth_and_one_that_was_closed_since_in_the_portal(
    by_itself: Deployed, job: Job
) -> None:
    first = label(by_itself, job, "open")
    assert (first["backend"], first["counts"]["labeled"]) == ("ground_truth", 3)
    assert checks(by_itself, "open")[0] == "back end: ground_truth, for it can be used"
    assert (in_ground_truth(by_itself), in_portal(by_itself)) == (1, 0)

    by_itself.cloud.close_ground_truth()
    second = label(by_itself, job, "closed")
    assert (second["backend"], second["counts"]["labeled"]) == ("portal", 3)
    assert checks(by_itself, "closed")[0].startswith("back end: portal, for it can be used and others cannot: ground_")
    by_itself.cloud.inject_faults([])
    assert (in_ground_truth(by_itself), in_portal(by_itself)) == (1, 1)


def test_the_runs_input_names_the_backend(by_itself: Deployed, job: Job) -> None:
    before = in_portal(by_itself)
    assert label(by_itself, job, "named", backend="portal")["backend"] == "portal"
    assert in_portal(by_itself) == before + 1


def test_an_account_that_ground_truth_is_closed_to_deploys_labels_and_is_destroyed(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    work = tmp_path_factory.mktemp("closed")
    with deployment(work, "auto", closed=True) as made:
        assert made.outputs["WorkteamArn"] == "refused"
        assert "not available to new customers" in made.outputs["GroundTruthPortal"]
        job = made.upload("faces", tmp_path, count=3, open_mouths=1)
        output = label(made, job, "closed")
        assert (output["backend"], output["counts"]["labeled"]) == ("portal", 3)
        made.destroy()
        assert not [one for one in made.cloud.inventory() if "kempelen" in one["id"].lower()]
