"""`make demo ASSIST=1`: the same faces, fewer questions, and each label says who gave it."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.e2e.conftest import DemoRun

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def demo(run_demo: Callable[..., DemoRun]) -> DemoRun:
    run = run_demo("--assist", "--backend", "portal")
    assert run.status == 0, run.output
    return run


def test_people_are_asked_about_fewer_images_and_the_machine_labels_the_rest(demo: DemoRun) -> None:
    told = demo.summary["assist"]
    assert told["asked"] < 33
    assert told["consensus"] == told["asked"]
    assert told["machine"] == 33 - told["asked"] > 0
    assert told["machine_right"]["of"] == told["machine"]
    assert f"People were asked about {told['asked']} of 33 images" in demo.output
    assert demo.summary["leftovers"] == []


def test_each_label_says_who_gave_it(demo: DemoRun) -> None:
    rows = [json.loads(line) for line in (demo.work / "labels.jsonl").read_text("utf-8").splitlines()]
    by_machine = [row for row in rows if row["method"] == "machine"]
    assert len(by_machine) == demo.summary["assist"]["machine"]
    for row in by_machine:
        assert row["decided_by"] == "machine"
        assert row["votes"] == []
        assert row["confidence"] >= row["machine"]["threshold"]
    assert all(len(row["votes"]) == 3 for row in rows if row["status"] == "labeled" and row not in by_machine)


def test_the_report_says_it_too(demo: DemoRun) -> None:
    page = (demo.work / "dataset/report.html").read_text("utf-8")
    assert "Who gave the labels" in page
    assert f"People were asked about {demo.summary['assist']['asked']} of 33 images" in page


def test_each_round_was_a_run_of_label_of_its_own(demo: DemoRun) -> None:
    names = [one["name"] for one in demo.summary["executions"]]
    rounds = [name for name in names if "-label/" in name]
    assert rounds == [f"kempelen-dev-label/demo-1-assist-r{number}" for number in range(len(rounds))]
    assert len(rounds) == demo.summary["assist"]["rounds"] > 1
