"""Regions: where a stage can be deployed, and in how many zones."""

from __future__ import annotations

from collections.abc import Collection

from stacks.processing_image import UnknownRegionError, processing_image
from stacks.settings import Settings

_USUAL_ZONES = 3
_FEWER_ZONES = {"us-west-1": 2}
"""What a new account gets, as of 2026-11: https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html"""


def check_region(region: str, settings: Settings, ground_truth: Collection[str]) -> None:
    """Before anything is synthesized: half a deployment is no place to learn it. `ground_truth`: the Regions it is in.

    Raises:
        UnknownRegionError: a service that the settings ask for is not there; the text says where it is.
    """
    processing_image(region)
    if settings.own_workteam and not settings.in_portal and region not in ground_truth:
        raise UnknownRegionError(
            f'Ground Truth is not in {region!r}, so nobody can label there. Set labeling.backend = "portal", or '
            f"deploy to one of: {', '.join(sorted(ground_truth))}"
        )


def zones(region: str) -> int:
    """How many zones of the Region every account has, at most three."""
    return _FEWER_ZONES.get(region, _USUAL_ZONES)
