"""Where a run labels: what it says, what can be used, and what was decided before."""

from __future__ import annotations

import pytest

from domain.errors import InvalidInput, PreflightFailed
from domain.labeling.choice import backend_of, check_deployed, choose
from domain.labeling.preflight import Check, passed
from tests.support.builders.runs import any_label_run

BOTH = ("ground_truth", "portal")
ALL = (*BOTH, "label_studio")
CLOSED = Check("Ground Truth", False, "closed to new customers; use another account")
NOBODY = Check("workers", False, "invite somebody")


class Looks:
    """What each back end says; one that is not here is well."""

    def __init__(self, **checks: Check) -> None:
        self._checks = checks
        self.at: list[str] = []

    def __call__(self, name: str) -> list[Check]:
        self.at.append(name)
        return [self._checks.get(name, Check(name, True, "it answers"))]


def test_ground_truth_is_taken_where_the_account_can_use_it() -> None:
    looks = Looks()
    name, checks = choose(any_label_run(), None, BOTH, looks)
    assert (name, looks.at) == ("ground_truth", ["ground_truth"])
    assert passed(checks) == [
        "back end: ground_truth, for it can be used",
        "ground_truth: it answers",
    ]


def test_else_the_portal_with_the_reason_and_what_to_do() -> None:
    name, checks = choose(any_label_run(), None, ALL, Looks(ground_truth=CLOSED))
    assert name == "portal"
    (first, _) = passed(checks)
    assert first == (
        "back end: portal, for it can be used and others cannot: ground_truth: Ground Truth: closed to new customers; "
        "use another account"
    )


def test_where_none_can_be_used_each_says_why() -> None:
    _, checks = choose(any_label_run(), None, BOTH, Looks(ground_truth=CLOSED, portal=NOBODY))
    with pytest.raises(
        PreflightFailed, match=r"ground_truth: Ground Truth: closed.*; portal: workers: invite somebody"
    ):
        passed(checks)


def test_a_server_is_never_taken_by_itself_but_by_name() -> None:
    looks = Looks(ground_truth=CLOSED, portal=NOBODY)
    choose(any_label_run(), None, ALL, looks)
    assert "label_studio" not in looks.at
    name, checks = choose(any_label_run(backend="label_studio"), None, ALL, looks)
    assert name == "label_studio"
    assert passed(checks)[0] == "back end: label_studio, for the run's input names it"


def test_what_was_decided_stays_though_it_cannot_be_used_any_more() -> None:
    looks = Looks(ground_truth=CLOSED)
    name, checks = choose(any_label_run(), "ground_truth", BOTH, looks)
    assert (name, looks.at) == ("ground_truth", ["ground_truth"])
    with pytest.raises(PreflightFailed, match="closed to new customers"):
        passed(checks)


def test_a_run_does_not_move_to_another_backend() -> None:
    with pytest.raises(InvalidInput, match=r"^backend: run 'run-1' .* labels in ground_truth, .* another run_id"):
        choose(any_label_run(backend="portal"), "ground_truth", BOTH, Looks())
    with pytest.raises(InvalidInput, match=r"labels in ground_truth, which this stage has no more"):
        choose(any_label_run(), "ground_truth", ("portal",), Looks())


@pytest.mark.parametrize("only", ALL)
def test_a_stage_of_one_backend_has_no_choice_to_tell_of(only: str) -> None:
    name, checks = choose(any_label_run(), None, (only,), Looks())
    assert (name, [check.name for check in checks]) == (only, [only])


def test_a_backend_that_the_stage_has_not_is_refused_with_the_setting() -> None:
    for name in ("auto", *BOTH):
        check_deployed(name, BOTH)
    with pytest.raises(InvalidInput, match=r"no label_studio, only ground_truth, portal; .*labeling\.label_studio_url"):
        check_deployed("label_studio", BOTH)
    with pytest.raises(InvalidInput, match=r'leave backend out, or set labeling\.backend = "ground_truth" or "auto"'):
        check_deployed("ground_truth", ("portal",))
    with pytest.raises(InvalidInput, match="there is no 'fax'; there are auto, ground_truth, portal, label_studio"):
        check_deployed("fax", BOTH)


def test_runs_of_before_are_in_the_stages_only_backend_or_in_the_portal() -> None:
    assert [backend_of("auto", (name,)) for name in ALL] == list(ALL)
    assert backend_of("auto", BOTH) == "portal"
    assert backend_of("ground_truth", BOTH) == "ground_truth"
