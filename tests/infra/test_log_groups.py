"""Log groups: the stage's own key, and what becomes of them when the stacks go."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.infra.variants import Synthesized

# Made before the key, or in the network stack, which outlives the key's.
WITHOUT_KEY = {"FlowLogs", "Functionsnetworktenants", "TenantsFramework", "Functionsfixedsettings", "FixedSettings"}


def of_kind(made: Synthesized, kind: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Part, logical id, resource."""
    for part, template in made.templates.items():
        for identity, resource in template.find_resources(kind).items():
            yield part, identity, resource


def may_lack_the_key(identity: str) -> bool:
    return any(identity.startswith(name) for name in (*WITHOUT_KEY, "TenantsProvider"))


def test_the_own_key_encrypts_what_is_logged_and_what_functions_are_told(guarded: Synthesized) -> None:
    seen = 0
    for kind, member in (("AWS::Logs::LogGroup", "KmsKeyId"), ("AWS::Lambda::Function", "KmsKeyArn")):
        for part, identity, resource in of_kind(guarded, kind):
            if not may_lack_the_key(identity):
                assert member in resource["Properties"], f"{part} {identity}"
                seen += 1
    assert seen > 50


def test_only_log_groups_of_this_account_and_region_may_use_the_key(guarded: Synthesized) -> None:
    statements = guarded.only("storage", "AWS::KMS::Key")["KeyPolicy"]["Statement"]
    (logs,) = (one for one in statements if "logs." in json.dumps(one["Principal"]))
    assert list(logs["Condition"]) == ["ArnLike"]
    (pattern,) = logs["Condition"]["ArnLike"].values()
    assert json.dumps(pattern).count("AWS::AccountId") == 1


def test_log_groups_of_a_stage_that_retains_stay_and_are_not_in_the_way_of_the_next_one(guarded: Synthesized) -> None:
    named = 0
    for part, identity, group in of_kind(guarded, "AWS::Logs::LogGroup"):
        assert group["DeletionPolicy"] == "RetainExceptOnCreate", f"{part} {identity}"
        if "LogGroupName" in group["Properties"]:
            assert "AWS::StackId" in json.dumps(group["Properties"]["LogGroupName"]), f"{part} {identity}"
            named += 1
    assert named > 20
