# ruff: noqa: N818 - people read these names in Step Functions and CloudFormation.
"""Errors of teardown, beside the general ones of `domain.errors`."""

from domain.errors import AwsError, KempelenError


class ResourceInUse(AwsError):
    """Something else still holds the resource, or its state does not allow the request now: look again later."""


class TeardownIncomplete(KempelenError):
    """Teardown gave up; the message lists what is left, by name and with the reason."""
