# ruff: noqa: N818 - Step Functions shows these names to people; "Error" at each end would say nothing.
"""The errors that an execution can fail with.

Step Functions sees the class name, and Retry and Catch match on it, so a name here is part of the workflows' contract.
A message says what was wrong, where, and what to do about it.
"""

from __future__ import annotations

from collections.abc import Sequence


class KempelenError(Exception):
    """Base of every error that Kempelen raises on purpose."""


class InvalidInput(KempelenError):
    """An execution input or a payload does not fit its model; the message names each field."""


class InvalidRecipe(KempelenError):
    """A recipe does not fit its model or its graph is broken; the message names the field's path.

    `faults`: each fault by itself, the path of the value (keys and indices from the top) and the sentence about it.
    """

    def __init__(self, message: str, faults: Sequence[tuple[tuple[int | str, ...], str]] = ()) -> None:
        super().__init__(message)
        self.faults = tuple(faults)


class InvalidSettings(KempelenError):
    """A Lambda's environment variables do not fit its model; the message names the variable."""


class SettingIsFixed(KempelenError):
    """A setting was changed that a stage cannot change while it stands; the message names it, and what to do."""


class PreflightFailed(KempelenError):
    """The account, the bucket or the workteam cannot carry out the labeling; the message lists every failed check."""


class NoUsableObjects(KempelenError):
    """The source prefix holds nothing that can be labeled."""


class ManifestTooLarge(KempelenError):
    """The input manifest would pass Ground Truth's limits."""


class LabelingJobConflict(KempelenError):
    """A labeling job of our deterministic name exists, and was not made for this run."""


class LabelingFailed(KempelenError):
    """The labeling job failed and no object was labeled."""


class RoundIncomplete(KempelenError):
    """The job that decides a round of labeling ended well, and what it decided is not there."""


class NoLabels(KempelenError):
    """Augmentation was started for a data set without labels."""


class LeaseLost(KempelenError):
    """Another run took the lease over: its fencing token is newer, so this run may not publish."""


class VersionIncomplete(KempelenError):
    """The processing job's output misses parts, so the version cannot be published."""


class NothingMade(KempelenError):
    """The run made no file, so there is no new version; the message says why the files were left out."""


class TeardownIncomplete(KempelenError):
    """Teardown gave up; the message lists what is left, by name and with the reason."""


class StopIncomplete(KempelenError):
    """The budget is spent and something of the stage still runs; the message names it."""


class NetworkInUse(KempelenError):
    """Others live in the stage's network, so it cannot be deleted; the message names them."""


class AwsError(KempelenError):
    """Base of what an adapter makes of a ClientError that has no better meaning."""


class AccessDenied(AwsError):
    """The role may not do what its code does."""


class NotFound(AwsError):
    """The thing asked for does not exist."""


class AlreadyExists(AwsError):
    """The name is in use."""


class ResourceInUse(AwsError):
    """Something else still holds the resource, or its state does not allow the request now: look again later."""


class ServiceUnavailable(AwsError):
    """Throttled, or a passing fault of the service: worth a retry."""


class RequestRefused(AwsError):
    """The service refused the request as it stands: a retry would not help."""
