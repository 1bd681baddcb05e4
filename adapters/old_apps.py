"""Apps of a domain that no idle setting of SageMaker's reaches, by their age."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from adapters.teardown.faults import translated
from adapters.teardown.pages import entries
from domain.errors import NotFound, ResourceInUse

KINDS = ("DetailedProfiler", "KernelGateway", "RSessionGateway", "TensorBoard")
"""Idle settings are for JupyterLab and Code Editor:
https://docs.aws.amazon.com/sagemaker/latest/dg/studio-updated-idle-shutdown.html
JupyterServer and RStudioServerPro run on machines that are not billed by the app's time."""

App = dict[str, Any]


def old_apps(sagemaker: Any, domain_id: str, now: float, hours: int) -> Iterator[App]:
    """Those in service for longer than so many hours. Raises AwsError: they could not be listed."""
    opened_before = datetime.fromtimestamp(now - hours * 3600, UTC)
    for app in entries(sagemaker, "list_apps", "Apps", DomainIdEquals=domain_id):
        if app["AppType"] in KINDS and app["Status"] == "InService" and app["CreationTime"] <= opened_before:
            yield app


def close(sagemaker: Any, app: App) -> None:
    """Ask for its end; one that is going already is closed. Raises AwsError: it was refused."""
    members = ("DomainId", "UserProfileName", "SpaceName", "AppType", "AppName")
    try:
        with translated("delete_app"):
            sagemaker.delete_app(**{member: app[member] for member in members if app.get(member)})
    except (NotFound, ResourceInUse):
        return


def told(app: App) -> str:
    """As people know it: `KernelGateway/kernel-1 of jane`."""
    return f"{app['AppType']}/{app['AppName']} of {app.get('UserProfileName') or app.get('SpaceName')}"
