"""What a user does in Studio: a Canvas app, a notebook in a space, a second user. Teardown has to find all of it."""

from __future__ import annotations

import time
from typing import Any

from scripts.demo.job import DemoError

SECOND_USER = "second-user"
SPACE = "notebooks"
# Apps take seconds in the local cloud and minutes on AWS.
PATIENCE_SECONDS = 60


def use_studio(sagemaker: Any, domain: str, profile: str) -> list[str]:
    """Create what people create by clicking; the names of the apps that run at the end."""
    sagemaker.create_user_profile(DomainId=domain, UserProfileName=SECOND_USER)
    sagemaker.create_app(DomainId=domain, UserProfileName=profile, AppType="Canvas", AppName="default")
    sagemaker.create_space(
        DomainId=domain,
        SpaceName=SPACE,
        OwnershipSettings={"OwnerUserProfileName": profile},
        SpaceSharingSettings={"SharingType": "Private"},
        SpaceSettings={"AppType": "JupyterLab"},
    )
    wait_in_service(lambda: sagemaker.describe_space(DomainId=domain, SpaceName=SPACE))
    sagemaker.create_app(DomainId=domain, SpaceName=SPACE, AppType="JupyterLab", AppName="default")
    wait_in_service(
        lambda: sagemaker.describe_app(DomainId=domain, UserProfileName=profile, AppType="Canvas", AppName="default")
    )
    return ["Canvas", f"JupyterLab in {SPACE}"]


def wait_in_service(describe: Any) -> None:
    """Wait until the described thing is in service."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (status := describe()["Status"]) != "InService":
        if status == "Failed" or time.monotonic() > deadline:
            raise DemoError(f"Studio: still {status} after {PATIENCE_SECONDS} s: {describe().get('FailureReason', '')}")
        time.sleep(0.2)
