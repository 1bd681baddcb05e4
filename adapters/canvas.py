"""Canvas apps of a domain, and how long their people have not been active."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from adapters.teardown.faults import translated
from adapters.teardown.pages import entries
from domain.errors import NotFound, ResourceInUse

NAMESPACE, METRIC = "/aws/sagemaker/Canvas/AppActivity", "TimeSinceLastActive"
"""Seconds, of a domain and a user profile; where AWS documents how to use it:
https://aws.amazon.com/blogs/machine-learning/optimizing-costs-for-amazon-sagemaker-canvas-with-automatic-shutdown-of-idle-apps/
and https://github.com/aws-samples/sagemaker-canvas-auto-shutdown-on-idle
"""

_RECENT = timedelta(minutes=30)


@dataclass(frozen=True)
class CanvasApp:
    """An open app; each profile has one at most. `opened`: when."""

    profile: str
    name: str
    opened: datetime


class Canvas:
    """The open Canvas apps of one domain."""

    def __init__(self, sagemaker: Any, cloudwatch: Any, domain_id: str) -> None:
        self._sagemaker = sagemaker
        self._cloudwatch = cloudwatch
        self._domain = domain_id

    def apps(self) -> Iterator[CanvasApp]:
        """Those in service. Raises AwsError: they could not be listed."""
        for app in entries(self._sagemaker, "list_apps", "Apps", DomainIdEquals=self._domain):
            if (app["AppType"], app["Status"]) == ("Canvas", "InService"):
                yield CanvasApp(app["UserProfileName"], app["AppName"], app["CreationTime"])

    def idle_seconds(self, app: CanvasApp, now: float) -> float | None:
        """The newest value of the last half hour that is of this app; None when there is none, and nobody knows.

        Of an app that was closed and opened again, earlier values are about the former one.

        Raises:
            AwsError: CloudWatch did not answer.
        """
        end = datetime.fromtimestamp(now, UTC)
        with translated("get_metric_statistics"):
            answer = self._cloudwatch.get_metric_statistics(
                Namespace=NAMESPACE,
                MetricName=METRIC,
                Dimensions=[
                    {"Name": "DomainId", "Value": self._domain},
                    {"Name": "UserProfileName", "Value": app.profile},
                ],
                StartTime=max(end - _RECENT, app.opened),
                EndTime=end,
                Period=60,
                Statistics=["Minimum"],
            )
        points = sorted(answer["Datapoints"], key=lambda point: point["Timestamp"])
        return float(points[-1]["Minimum"]) if points else None

    def close(self, app: CanvasApp) -> None:
        """Ask for its end; one that is going already is closed.

        Raises:
            AwsError: it was refused.
        """
        try:
            with translated("delete_app"):
                self._sagemaker.delete_app(
                    DomainId=self._domain, UserProfileName=app.profile, AppType="Canvas", AppName=app.name
                )
        except (NotFound, ResourceInUse):
            return
