"""What machines cost: by price, instances and seconds, held against what may be spent."""

from __future__ import annotations

import pytest

from domain.errors import InvalidInput
from domain.workflow.inputs import Took
from domain.workflow.run_cost import (
    FINGERPRINT_SECONDS,
    NO_MACHINE,
    SOURCE_SECONDS,
    START_SECONDS,
    Machine,
    Work,
    deadline,
    dollars,
    estimated,
    took,
)
from domain.workflow.states import JobTimes

HOURS = 4 * 3600
XLARGE = Machine("ml.m5.xlarge")


def any_took(**fields: object) -> Took:
    values = {"instance_type": "ml.m5.xlarge", "instances": 1, "sources": 1000, "host_seconds": 500.0}
    return Took.model_validate({**values, **fields})


def test_an_estimate_is_likely_by_the_files_and_at_most_by_the_longest_run() -> None:
    found = estimated(Work(10_000, 2, HOURS), XLARGE)
    seconds = START_SECONDS + 10_000 * SOURCE_SECONDS / 2
    assert found.likely == pytest.approx(2 * seconds / 3600 * 0.23, abs=1e-4)
    assert found.usd == pytest.approx(2 * 4 * 0.23)
    assert "2 x ml.m5.xlarge at $0.23 an hour (list price of us-east-1)" in found.made_of
    assert "10,000 files of 0.02 s each, assumed" in found.made_of
    assert "a GB and month" in found.besides


def test_the_last_run_of_the_data_set_says_how_long_a_file_takes_on_the_same_machine() -> None:
    known = estimated(Work(10_000, 1, HOURS, history=any_took()), XLARGE)
    assert known.likely == pytest.approx((START_SECONDS + 10_000 * 0.5) / 3600 * 0.23, abs=1e-4)
    assert "as the last run took" in known.made_of
    other = any_took(instance_type="ml.c5.xlarge")
    assert estimated(Work(10_000, 1, HOURS, history=other), XLARGE) == estimated(Work(10_000, 1, HOURS), XLARGE)


def test_a_job_for_fingerprints_before_costs_another_start_and_another_hour_at_most() -> None:
    one, two = (estimated(Work(0, 3, HOURS, before=before), XLARGE) for before in (False, True))
    assert two.likely == pytest.approx(2 * one.likely, abs=1e-4)  # type: ignore[operator]
    assert two.usd - one.usd == pytest.approx(3 * FINGERPRINT_SECONDS / 3600 * 0.23)


def test_a_run_that_is_likely_to_cost_more_is_refused_with_what_to_change() -> None:
    work = Work(1_000_000, 1, HOURS)
    with pytest.raises(
        InvalidInput, match=r"^max_cost: the run would cost about \$1\.29 \(1 x .*\$1\.00 may be spent\."
    ):
        estimated(work, XLARGE, 1.0)
    assert estimated(work, XLARGE, 1.3).usd <= 1.3 + 1e-4


@pytest.mark.parametrize("most", [0.05, 0.2, 0.5])
def test_the_job_is_stopped_before_it_costs_more_than_it_may(most: float) -> None:
    work = Work(1_000, 1, HOURS)
    assert deadline(work, XLARGE, most) / 3600 * 0.23 <= most
    assert estimated(work, XLARGE, most).usd <= most
    assert deadline(work, XLARGE, None) == deadline(work, XLARGE, 100) == HOURS


def test_a_deadline_never_ends_a_run_that_takes_as_long_as_was_likely() -> None:
    work = Work(1_000, 4, HOURS, before=True)
    likely = estimated(work, XLARGE).likely or 0
    assert deadline(work, XLARGE, likely + 0.001) >= 2 * START_SECONDS + 1_000 * SOURCE_SECONDS / 4 - 1


def test_without_a_price_nothing_is_claimed_and_a_limit_is_refused() -> None:
    found = estimated(Work(10, 1, HOURS), Machine("ml.unheard.of"))
    assert (found.likely, found.besides) == (None, "all of it")
    with pytest.raises(InvalidInput, match=r"max_cost: the price of ml\.unheard\.of is not known"):
        estimated(Work(10, 1, HOURS), Machine("ml.unheard.of"), 5)


def test_another_region_has_its_own_price() -> None:
    ireland = estimated(Work(0, 1, HOURS), Machine("ml.m5.xlarge", "eu-west-1"))
    assert ireland.usd == pytest.approx(4 * 0.257)
    assert (
        "that of eu-west-3 is not known here"
        in estimated(Work(0, 1, HOURS), Machine("ml.m5.xlarge", "eu-west-3")).made_of
    )


def test_what_a_run_took_is_priced_by_sagemakers_clock_where_it_is_known() -> None:
    assert took(any_took(host_seconds=3600), XLARGE).usd == pytest.approx(0.23)
    assert took(any_took(host_seconds=3600, billed_seconds=7200), XLARGE).usd == pytest.approx(0.46)
    assert took(any_took(), NO_MACHINE).usd is None


@pytest.mark.parametrize(
    ("started", "ended", "seconds"),
    [
        ("2026-11-28T12:00:00Z", "2026-11-28T12:02:30.500Z", 150.5),
        ("1790000000000", "1790000060000", 60),
        ("1790000000", "1790000060", 60),
        ("1.79E12", "1.79000006E12", 60),
        ("2026-11-28T12:00:00Z", None, None),
        (None, None, None),
    ],
)
def test_times_are_read_as_step_functions_writes_them(started: str, ended: str, seconds: float | None) -> None:
    found = JobTimes(started=started, ended=ended).seconds
    assert found == (None if seconds is None else pytest.approx(seconds))


def test_small_amounts_are_told_as_small_as_they_are() -> None:
    assert [dollars(amount) for amount in (0, 0.0031, 1234.5)] == ["$0.00", "$0.0031", "$1,234.50"]
