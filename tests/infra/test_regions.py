"""Where a stage can be deployed is said before anything is synthesized, and each Region gets zones that it has."""

from __future__ import annotations

import pytest

from labelers.ground_truth.built_in_functions import ACCOUNTS
from stacks.processing_image import UnknownRegionError
from stacks.regions import check_region, zones
from tests.infra.variants import GIVEN_WORKTEAM, IAM_PUBLIC, IN_PORTAL, NOT_LABELING, Synthesized, settings_of


@pytest.mark.parametrize("region", ["us-west-1", "me-central-1"])
def test_a_region_without_ground_truth_is_refused_with_those_that_have_it_unless_nobody_labels(region: str) -> None:
    with pytest.raises(UnknownRegionError) as error:
        check_region(region, settings_of(IAM_PUBLIC), ACCOUNTS)
    assert repr(region) in str(error.value)
    assert 'labeling.backend = "portal"' in str(error.value)
    assert "eu-central-1, eu-west-1" in str(error.value)
    for variant in (NOT_LABELING, GIVEN_WORKTEAM, IN_PORTAL):
        check_region(region, settings_of(variant), ACCOUNTS)


def test_a_region_that_nobody_knows_is_refused_whatever_the_settings() -> None:
    with pytest.raises(UnknownRegionError, match="'mars-1'"):
        check_region("mars-1", settings_of(NOT_LABELING), ACCOUNTS)


def test_a_stage_has_three_zones_or_as_many_as_the_region() -> None:
    assert (zones("us-east-1"), zones("us-west-1")) == (3, 2)


def test_without_names_cloudformation_picks_the_zones(dev: Synthesized) -> None:
    subnets = dev.resources("network", "AWS::EC2::Subnet").values()
    assert sorted(subnet["AvailabilityZone"]["Fn::Select"][0] for subnet in subnets) == [0, 1, 2]


def test_named_zones_are_those_of_the_subnets(synthesized) -> None:
    subnets = synthesized(NOT_LABELING).resources("network", "AWS::EC2::Subnet").values()
    assert sorted(subnet["AvailabilityZone"] for subnet in subnets) == ["us-east-1b", "us-east-1d"]
