"""docs/settings-changes.md, and that no setting takes away what holds people's work."""

from __future__ import annotations

import re

import pytest

from stacks.settings import Settings
from tests.infra.settings_cases import CASES, Case
from tests.infra.settings_changes import PAGE, Effect, effect_of, page, rows

BY_NAME = {case.setting: case for case in CASES}


def test_every_setting_has_a_case_and_a_row() -> None:
    fields = {name: one.annotation for name, one in Settings.model_fields.items() if name not in ("stage", "schedules")}
    names = {f"{section}.{name}" for section, model in fields.items() for name in model.model_fields}  # type: ignore[union-attr]
    assert set(BY_NAME) == names | {"schedules"}
    assert re.findall(r"^\| `([\w.]+)`", PAGE.read_text(), re.MULTILINE) == [case.setting for case in CASES]


@pytest.mark.parametrize("setting", ["studio.idle_minutes", "storage.bucket"])
def test_a_row_is_what_the_templates_say(setting: str) -> None:
    (row,) = rows((BY_NAME[setting],))
    assert row in PAGE.read_text().splitlines()


def test_what_cannot_be_updated_is_found_by_the_schemas() -> None:
    """Were nothing fixed, the change would take the domain."""
    effect = effect_of(Case("studio.auth", "SSO", {}, BY_NAME["studio.auth"].with_it))
    assert effect.replaced["AWS::SageMaker::Domain"] == 1
    assert effect.refused == ["studio.auth"]
    assert effect.endangered == set()
    effect.refused, effect.held = [], set()
    assert effect.endangered == {"AWS::SageMaker::Domain"}


def test_a_kind_that_holds_work_is_endangered_when_it_goes_and_nothing_refuses() -> None:
    effect = Effect()
    effect.removed["AWS::S3::Bucket"] += 1
    assert effect.endangered == {"AWS::S3::Bucket"}


@pytest.mark.long
def test_no_setting_takes_away_what_holds_peoples_work() -> None:
    assert {case.setting: effect_of(case).endangered for case in CASES if effect_of(case).endangered} == {}


@pytest.mark.long
def test_the_page_is_what_the_templates_say() -> None:
    assert PAGE.read_text() == page()
