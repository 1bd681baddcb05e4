"""The table of docs/scale.md is what the figures give."""

from __future__ import annotations

import pytest

from scripts.scale_table import DOCS_FILE, OUTPUTS, PLANS, PUTS_A_SECOND, Plan, with_table


def test_the_page_is_what_the_script_writes() -> None:
    text = DOCS_FILE.read_text(encoding="utf-8")
    assert with_table(text) == text


def test_shards_turn_millions_of_objects_into_hundreds() -> None:
    folders, shards = Plan(10**6, 4, shards=False), Plan(10**6, 4, shards=True)
    assert folders.objects == OUTPUTS * 10**6
    assert 500 < shards.objects < 1000
    assert folders.transfer_seconds >= folders.objects / PUTS_A_SECOND
    assert folders.request_dollars > 50 * shards.request_dollars


def test_more_instances_take_less_time_and_cost_about_the_same() -> None:
    few, many = Plan(10**7, 10, shards=True), Plan(10**7, 20, shards=True)
    assert many.work_seconds == pytest.approx(few.work_seconds / 2)
    assert many.machine_dollars < 1.5 * few.machine_dollars


def test_three_sizes_are_shown() -> None:
    assert {plan.images for plan in PLANS} == {10**4, 10**6, 10**8}
