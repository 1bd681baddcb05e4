from __future__ import annotations

import pytest

from localcloud.sagemaker.outcomes import AS_USUAL, Outcome, Plan


def plan(*rules: dict) -> Plan:
    made = Plan()
    made.set(list(rules))
    return made


def test_without_a_rule_everything_goes_as_usual() -> None:
    assert plan().draw("CreateDomain", "any") == AS_USUAL


def test_a_rule_fits_its_operation_and_name_as_often_as_it_says() -> None:
    made = plan({"operation": "CreateApp", "name": "lab-*", "reason": "full", "count": 2})
    drawn = [made.draw(*call) for call in [("DeleteApp", "lab-1"), ("CreateApp", "other")]]
    assert drawn == [AS_USUAL, AS_USUAL]
    assert [made.draw("CreateApp", "lab-1").reason for _ in range(3)] == ["full", "full", None]


def test_the_first_rule_that_fits_is_drawn() -> None:
    made = plan({"operation": "CreateApp", "delay": 5}, {"operation": "CreateApp", "reason": "later"})
    assert made.draw("CreateApp", "x") == Outcome(None, 5.0)
    assert made.draw("CreateApp", "x") == Outcome("later", 0.0)


@pytest.mark.parametrize(("short", "words"), [("capacity", "CapacityError: "), ("internal", "InternalServerError: ")])
def test_well_known_reasons_have_aws_words(short: str, words: str) -> None:
    reason = plan({"operation": "CreateProcessingJob", "reason": short}).draw("CreateProcessingJob", "job").reason
    assert reason is not None
    assert reason.startswith(words)


@pytest.mark.parametrize("rule", [{"reason": "x"}, {"operation": "CreateApp"}, {"operation": "CreateApp", "kind": "x"}])
def test_a_rule_that_cannot_be_understood_is_refused_with_the_rule_in_the_message(rule: dict) -> None:
    with pytest.raises(ValueError, match="outcome rule"):
        plan(rule)


def test_a_new_plan_replaces_the_old_one() -> None:
    made = plan({"operation": "CreateApp", "reason": "x", "count": 9})
    made.set([])
    assert made.draw("CreateApp", "x") == AS_USUAL


def test_a_rule_may_meet_a_share_of_the_calls_and_always_the_same_ones() -> None:
    def drawn() -> list[bool]:
        made = plan({"operation": "Invoke", "reason": "killed", "count": 1000, "share": 0.2})
        return [made.draw("Invoke", "f").reason == "killed" for _ in range(500)]

    assert drawn() == drawn()
    assert 60 < sum(drawn()) < 140
