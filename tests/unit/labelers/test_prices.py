"""What each back end says that a job costs."""

from __future__ import annotations

import pytest

from domain.workflow.inputs import LabelingTask
from labelers.ground_truth.fee import fee
from labelers.portal.price import price
from tests.support.builders.runs import any_task
from tests.unit.labelers import test_label_studio_job

PRIVATE = "arn:aws:sagemaker:us-east-1:123456789012:workteam/private-crowd/team"
VENDOR = "arn:aws:sagemaker:us-east-1:123456789012:workteam/vendor-crowd/team"


def task(**fields: object) -> LabelingTask:
    return LabelingTask(**any_task(**fields))


@pytest.mark.parametrize(
    ("objects", "usd"),
    [
        (1, 0.08),
        (50_000, 4_000.00),
        (50_001, 4_000.04),
        (100_000, 6_000.00),
        (1_000_000, 42_000.00),
        (1_100_000, 44_000.00),
    ],
)
def test_ground_truth_asks_by_tiers_however_many_people_label_an_object(objects: int, usd: float) -> None:
    for workers in (1, 9):
        assert fee(task(workers_per_object=workers), objects, PRIVATE).usd == usd


def test_the_limits_of_the_job_lower_it_but_what_the_model_labels_is_paid_too() -> None:
    assert fee(task(max_labeled_objects=100), 5_000, PRIVATE).usd == 8
    assert fee(task(max_labeled_percent=10), 5_000, PRIVATE).usd == 40
    assert fee(task(max_labeled_objects=100, automated_labeling=True), 5_000, PRIVATE).usd == 400


def test_what_cannot_be_known_is_said() -> None:
    assert fee(task(), 10, PRIVATE).besides == ""
    assert "vendor's own fee" in fee(task(), 10, VENDOR).besides
    assert "machines that train" in fee(task(automated_labeling=True), 5_000, PRIVATE).besides


def test_a_thousand_answers_in_the_portal_are_a_few_cents_and_grow_with_the_answers() -> None:
    """docs/costs.md says three cents."""
    thousand = price(task(workers_per_object=1), 1_000).usd
    assert 0.02 < thousand < 0.04
    assert price(task(workers_per_object=3), 1_000).usd > 2 * thousand
    assert price(task(workers_per_object=1, max_labeled_objects=10), 1_000).usd < thousand / 4


def test_label_studio_costs_what_the_server_costs() -> None:
    found = test_label_studio_job.World().labeler.estimate(task(), 1_000)
    assert (found.usd, found.besides) == (0, "your server")
