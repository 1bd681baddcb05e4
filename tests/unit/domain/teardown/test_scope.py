from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from domain.teardown.scope import EFS_OWNER_TAG, NO_DOMAIN, Scope


def any_scope(**changes: Any) -> Scope:
    values = {"domain_id": "d-abc", "tag_key": "kempelen:stage", "stage": "dev", "job_name_prefix": "kempelen-dev-"}
    return Scope(**{**values, **changes})


@pytest.mark.parametrize(
    "changes",
    [
        {"domain_id": ""},
        {"domain_id": "*"},
        {"domain_id": "abc"},
        {"domain_id": "d-"},
        {"domain_id": "d-abc,d-def"},
        {"domain_id": "d-abc\n"},
        {"tag_key": ""},
        {"stage": ""},
        {"job_name_prefix": ""},
        {"schedule_group": ""},
        {"schedule_group": "default"},
        {"surprise": 1},
    ],
)
def test_a_scope_that_would_match_others_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        any_scope(**changes)


def test_a_stage_may_have_no_domain_of_its_own_which_is_said_by_a_word_and_not_by_nothing() -> None:
    assert any_scope().has_domain
    assert not any_scope(domain_id=NO_DOMAIN).has_domain


def test_a_schedule_group_of_the_stages_own_or_none_is_accepted() -> None:
    assert any_scope(schedule_group="kempelen-dev").schedule_group == "kempelen-dev"
    assert any_scope().schedule_group is None


@pytest.mark.parametrize(
    ("name", "tags", "ours"),
    [
        ("kempelen-dev-faces-1", {"kempelen:stage": "dev"}, True),
        ("kempelen-dev-2-faces", {"kempelen:stage": "dev-2"}, False),
        ("kempelen-dev-faces-1", {}, False),
        ("kempelen-dev-faces-1", {"stage": "dev"}, False),
        ("faces-kempelen-dev-1", {"kempelen:stage": "dev"}, False),
        ("KEMPELEN-DEV-faces", {"kempelen:stage": "dev"}, False),
    ],
)
def test_a_job_is_ours_by_prefix_and_tag_together(name: str, tags: dict[str, str], ours: bool) -> None:
    assert any_scope().owns_job(name, tags) is ours


def owner(value: str) -> dict[str, str]:
    return {EFS_OWNER_TAG: value}


@pytest.mark.parametrize(
    ("tags", "home", "ours"),
    [
        (owner("arn:aws:sagemaker:us-east-1:000000000000:domain/d-abc"), None, True),
        (owner("arn:aws-cn:sagemaker:cn-north-1:000000000000:domain/d-abc"), None, True),
        (owner("arn:aws:sagemaker:us-east-1:000000000000:domain/d-abcd"), None, False),
        (owner("arn:aws:sagemaker:us-east-1:000000000000:domain/d-ab"), None, False),
        (owner("arn:aws:sagemaker:us-east-1:000000000000:space/d-abc"), None, False),
        (owner("domain/d-abc"), None, False),
        (owner("d-abc"), None, False),
        ({}, None, False),
        ({"Name": "d-abc"}, None, False),
        ({}, "fs-1", True),
        ({}, "fs-2", False),
        (owner("arn:aws:sagemaker:us-east-1:000000000000:domain/d-other"), "fs-1", False),
    ],
)
def test_a_file_system_is_ours_by_the_exact_domain_or_as_the_home_that_the_domain_named(
    tags: dict[str, str], home: str | None, ours: bool
) -> None:
    assert any_scope().owns_file_system("fs-1", tags, home) is ours


def test_the_tag_of_a_home_file_system_is_the_one_that_sagemaker_sets() -> None:
    assert EFS_OWNER_TAG == "ManagedByAmazonSageMakerResource"


def test_the_nfs_groups_are_named_after_the_domain() -> None:
    assert any_scope().nfs_group_names == (
        "security-group-for-inbound-nfs-d-abc",
        "security-group-for-outbound-nfs-d-abc",
    )
