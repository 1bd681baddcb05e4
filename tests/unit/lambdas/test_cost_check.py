"""The preflight says what all of a run is likely to cost, before anybody is asked."""

from __future__ import annotations

from typing import Any

import pytest

from domain.workflow.inputs import CostEstimate, LabelingTask
from domain.workflow.run_cost import START_SECONDS, Machine
from lambdas.preflight.cost_check import check_cost
from tests.support.builders.runs import any_label_run
from tests.support.fakes.store import MemoryStore

XLARGE = Machine("ml.m5.xlarge")


class EightCents:
    """A back end of which each object costs eight cents."""

    def estimate(self, task: LabelingTask, objects: int) -> CostEstimate:
        return CostEstimate(usd=objects * 0.08, made_of=f"{objects} objects")


def store(images: int) -> MemoryStore:
    return MemoryStore(objects={f"raw/faces/{number}.jpg": "x" for number in range(images)})


def check(images: int = 100, machine: Machine = XLARGE, **run: Any) -> tuple[bool, str]:
    found = check_cost(any_label_run(**run), store(images), EightCents(), machine, None)
    return found.ok, found.detail


def test_labels_and_machines_count_together() -> None:
    machines = (START_SECONDS + 100 * 0.02) / 3600 * 0.23
    ok, told = check(max_cost=8 + machines + 0.001)
    assert ok, told
    ok, told = check(max_cost=8 + machines - 0.001)
    assert not ok
    for part in ("would cost about $8.02", "$8.00 for labels (100 objects)", "1 x ml.m5.xlarge", "raise max_cost"):
        assert part in told


def test_a_sample_costs_what_the_sample_costs() -> None:
    assert check(max_cost=1, sample={"objects": 10})[0]
    assert check(max_cost=1, sample={"percent": 10})[0]
    assert not check(max_cost=1, sample={"percent": 50})[0]


def test_a_machine_without_a_price_cannot_be_held() -> None:
    ok, told = check(max_cost=100, machine=Machine("ml.unheard.of"))
    assert not ok
    assert "the price of ml.unheard.of is not known" in told


@pytest.mark.parametrize("most", [0, 5])
def test_an_empty_prefix_costs_nothing_that_is_known(most: float) -> None:
    assert check(0, max_cost=most) == (True, "nothing lies below raw/faces/ yet, so its cost is not known")
