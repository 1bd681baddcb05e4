"""What teardown leaves of a stage that keeps its people's home directories."""

from __future__ import annotations

import random

import pytest

from adapters.teardown.cloud import AwsCloud
from domain.teardown.progress import Limits, Memory, Verdict
from domain.teardown.step import take_step
from tests.support.fakes.clients import fake_clients
from tests.support.fakes.faults import Faults
from tests.support.fakes.studio import FakeStudio
from tests.support.fakes.teardown_worlds import OURS, SCOPE, TWIN, add_app, add_domain, add_profile

HOME = "fs-ours"


@pytest.mark.parametrize("kept", [True, False])
def test_the_directories_stay_and_nothing_of_the_network_is_held(kept: bool) -> None:
    studio = FakeStudio(random.Random(1), slowest=30)
    for domain in (OURS, TWIN):
        add_domain(studio, domain)
        add_profile(studio, domain, "alice")
        add_app(studio, domain, kind="Canvas", UserProfileName="alice")
    others = {key: part for key, part in studio.mount_targets.items() if part["FileSystemId"] != HOME}
    cloud = AwsCloud(fake_clients(studio, Faults()), SCOPE.model_copy(update={"retain": kept}))
    memory, verdict = Memory(), Verdict.AGAIN
    while verdict is Verdict.AGAIN:
        report = take_step(cloud, memory, studio.clock, Limits(), lambda: True)
        memory, verdict = report.memory, report.verdict
        studio.sleep(report.pause)
    assert verdict is Verdict.EMPTY
    assert OURS not in studio.domains
    assert (HOME in studio.file_systems) == kept
    points = [point for point in studio.access_points.values() if point["FileSystemId"] == HOME]
    assert len(points) == (1 if kept else 0)
    assert studio.mount_targets == others
    assert not [group for group in studio.groups.values() if group["GroupName"].endswith(OURS)]
