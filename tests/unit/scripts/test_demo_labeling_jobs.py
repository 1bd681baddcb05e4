"""Where the demo's people work, and whose job is shown to them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from scripts.demo.job import DemoError
from scripts.demo.labeling_jobs import IN_THE_CLOUD, JobsOfEither, PortalJobs, Progress, known_backend, labeling_jobs

OUTPUTS = {"PortalAddress": "http://ours", "ManageLabelingFunctionName": "manage"}
CLIENTS: Any = SimpleNamespace(sagemaker=None, functions=None)


class Jobs:
    def __init__(self, address: str, progress: Progress | None = None) -> None:
        self.addresses = (address,)
        self._progress = progress
        self.stopped: list[str] = []

    def progress(self) -> Progress | None:
        return self._progress

    def stop(self, name: str) -> None:
        self.stopped.append(name)


def test_a_backend_is_known_however_it_is_written() -> None:
    assert [known_backend(name) for name in ("", "Ground-Truth", "auto")] == ["ground_truth", "ground_truth", "auto"]
    with pytest.raises(DemoError, match="BACKEND=fax is none of ground_truth, portal, auto, label_studio"):
        known_backend("fax")


def test_a_server_beside_the_cloud_is_refused_where_nobody_starts_one() -> None:
    assert known_backend("label-studio") == "label_studio"
    with pytest.raises(DemoError, match="BACKEND=label-studio is none of ground_truth, portal, auto"):
        known_backend("label-studio", IN_THE_CLOUD)


def test_people_are_at_work_where_the_job_may_be() -> None:
    both = labeling_jobs("auto", CLIENTS, {**OUTPUTS, "GroundTruthPortal": "https://theirs"}, "http://theirs")
    assert both.addresses == ("http://theirs", "http://ours")
    refused = labeling_jobs(
        "auto", CLIENTS, {**OUTPUTS, "GroundTruthPortal": "none, for it is closed"}, "http://theirs"
    )
    assert isinstance(refused, PortalJobs)
    assert refused.addresses == ("http://ours",)


def test_the_job_that_is_open_is_the_one_that_is_shown_and_stopped() -> None:
    over, running = Jobs("a", Progress("first", 3, 3, open=False)), Jobs("b", Progress("second", 1, 3, open=True))
    assert JobsOfEither(Jobs("c"), Jobs("d")).progress() is None
    either = JobsOfEither(over, running)
    assert either.progress() == Progress("second", 1, 3, open=True)
    either.stop("second")
    assert (over.stopped, running.stopped) == ([], ["second"])
