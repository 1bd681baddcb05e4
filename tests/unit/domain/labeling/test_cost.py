"""What a job costs is said before it, and a job that may not cost so much does not begin."""

from __future__ import annotations

import pytest

from domain.errors import InvalidInput
from domain.labeling.cost import enough, priced
from domain.workflow.inputs import CostEstimate, LabelingTask
from tests.support.builders.runs import any_built_manifest, any_task


class EightCents:
    def estimate(self, task: LabelingTask, objects: int) -> CostEstimate:
        return CostEstimate(usd=0.08 * objects, made_of=f"{objects} objects", besides="the vendor's fee")


def task(**fields: object) -> LabelingTask:
    return LabelingTask(**any_task(**fields))


def test_the_manifest_tells_the_cost() -> None:
    built = any_built_manifest(accepted=2)
    assert built.cost is None
    cost = priced(built, task(), EightCents()).cost
    assert cost == CostEstimate(usd=0.16, made_of="2 objects", besides="the vendor's fee")


@pytest.mark.parametrize(("most", "fails"), [(0.16, False), (0.15, True), (0.0, True)])
def test_a_run_above_what_may_be_spent_fails_with_the_figure_and_what_to_lower(most: float, fails: bool) -> None:
    built, wanted = any_built_manifest(accepted=2), task(max_cost=most)
    if not fails:
        assert priced(built, wanted, EightCents()).cost is not None
        return
    said = (
        r"^task\.max_cost: the job would cost up to \$0\.16 \(2 objects, and besides the vendor's fee\), and "
        rf"\${most:.2f} may be spent\. Lower max_labeled_objects, .* or raise max_cost$"
    )
    with pytest.raises(InvalidInput, match=said):
        priced(built, wanted, EightCents())


def test_where_nobody_is_asked_nothing_is_spent() -> None:
    class Dear:
        def estimate(self, task: LabelingTask, objects: int) -> CostEstimate:
            raise AssertionError

    cost = priced(any_built_manifest(accepted=0, reused=2), task(max_cost=0.0), Dear()).cost
    assert cost is not None
    assert cost.usd == 0


@pytest.mark.parametrize(
    ("fields", "objects", "most"),
    [
        ({}, 10, None),
        ({"max_labeled_objects": 4}, 10, 4),
        ({"max_labeled_percent": 25}, 10, 3),
        ({"max_labeled_objects": 4, "max_labeled_percent": 25}, 10, 3),
    ],
)
def test_whichever_limit_comes_first_is_enough(fields: dict[str, int], objects: int, most: int | None) -> None:
    assert enough(task(**fields), objects) == most
