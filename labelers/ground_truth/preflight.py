"""What this account, this Region and this workteam can be used for, looked up before a labeling job is made."""

from __future__ import annotations

import re
from typing import Any

from adapters.aws_errors import says_closed, translated
from domain.errors import AccessDenied, NotFound, RequestRefused
from domain.labeling.preflight import Check
from domain.workflow.inputs import LabelingTask
from domain.workforce.model import REFUSED
from labelers.ground_truth.built_in_functions import ACCOUNTS, BUILT_IN, NOT_BUILT_IN

_WORKTEAM_ARN = re.compile(r"arn:aws[a-z-]*:sagemaker:(?P<region>[^:]+):\d{12}:workteam/(?P<crowd>[^/]+)/(?P<name>.+)")
_CLOSED = (
    "Ground Truth is closed to new customers since 2026-07-30 and this account cannot use it; "
    "use an account that used it before, or another labeling back end"
)

_IN_THE_PORTAL = "in the portal (the run's `backend`, or labeling.backend = \"portal\" in the stage's settings)"
_NO_WORKTEAM = (
    "this stage was deployed with workforce.enabled = false, so nobody can label; set it to true or give "
    "workforce.workteam_arn in the stage's settings and deploy again, or bring labels of your own and start `augment`"
)
_REFUSED = (
    "this stage got none when it was deployed: the output GroundTruthPortal of its workforce stack says why; give a "
    "workteam that exists by workforce.workteam_arn in the stage's settings and deploy again, or mend it, destroy the "
    "stage and deploy it anew"
)
_MECHANICAL_TURK = (
    "Mechanical Turk is closed since 2026-09-30; use a private workteam or a vendor's (workforce.workteam_arn), or "
    'labeling.backend = "portal"'
)


def check_service(client: Any) -> Check:
    """Whether the account may use Ground Truth at all. Raises ServiceUnavailable, which is worth a retry."""
    try:
        with translated("list labeling jobs"):
            client.list_labeling_jobs(MaxResults=1)
    except (AccessDenied, RequestRefused) as error:
        if says_closed(error):
            return Check("Ground Truth", False, f"{_CLOSED} ({error})")
        return Check("Ground Truth", False, f"{error}; allow sagemaker:ListLabelingJobs, then start again")
    return Check("Ground Truth", True, "the account can use it")


def check_task_type(task: LabelingTask) -> Check:
    """Whether AWS has functions for the type, and they take as many labels."""
    if task.type not in BUILT_IN:
        because = NOT_BUILT_IN.get(task.type, "Ground Truth has no built-in functions for it")
        can = ", ".join(sorted(BUILT_IN))
        detail = f"{task.type}: {because}; it works {_IN_THE_PORTAL}. With Ground Truth: {can}"
        return Check("task type", False, detail)
    kind, labels = BUILT_IN[task.type], len(task.labels)
    if kind.max_labels is not None and labels > kind.max_labels:
        detail = (
            f"{task.type}: Ground Truth takes at most {kind.max_labels} labels, task.labels has {labels}; leave some "
            f"out, or label {_IN_THE_PORTAL}"
        )
        return Check("task type", False, detail)
    if kind.content == "source" and task.label_attribute == "object":
        detail = (
            "task.label_attribute: Ground Truth would write the label over `object`, the text's address; choose another"
        )
        return Check("task type", False, detail)
    return Check("task type", True, f"{task.type} is Ground Truth's {kind.function}")


def check_region(region: str) -> Check:
    if region in ACCOUNTS:
        return Check("Region", True, f"{region} has the built-in labeling functions")
    choice = ", ".join(sorted(ACCOUNTS))
    return Check("Region", False, f"{region} has no built-in labeling functions; deploy to one of {choice}")


def check_workteam(client: Any, arn: str, region: str) -> Check:
    """Whether the workteam is private or a vendor's, of this Region, and there.

    Raises:
        ServiceUnavailable: worth a retry.
    """
    if arn in ("", REFUSED):
        return Check("workteam", False, _REFUSED if arn else _NO_WORKTEAM)
    match = _WORKTEAM_ARN.fullmatch(arn)
    if match is None:
        return Check("workteam", False, f"{arn!r} is not the ARN of a workteam")
    if match["crowd"] == "public-crowd":
        return Check("workteam", False, _MECHANICAL_TURK)
    if match["crowd"] not in ("private-crowd", "vendor-crowd"):
        return Check("workteam", False, f"{arn} is neither a private workteam's nor a vendor's")
    if match["region"] != region:
        return Check("workteam", False, f"{arn} is in {match['region']}, the labeling job would be in {region}")
    if match["crowd"] == "vendor-crowd":
        return _check_vendor(client, arn)
    try:
        with translated(f"describe workteam {match['name']}"):
            client.describe_workteam(WorkteamName=match["name"])
    except (AccessDenied, NotFound, RequestRefused) as error:
        return Check("workteam", False, f"{error}; deploy the workforce stack, or set another workteam")
    return Check("workteam", True, f"private workteam {match['name']}")


def _check_vendor(client: Any, arn: str) -> Check:
    """A vendor's workteam is there for an account that has subscribed to it in AWS Marketplace."""
    try:
        with translated(f"describe subscribed workteam {arn}"):
            team = client.describe_subscribed_workteam(WorkteamArn=arn)["SubscribedWorkteam"]
    except (AccessDenied, NotFound, RequestRefused) as error:
        told = f"{error}; subscribe to the vendor in AWS Marketplace, or set another workteam"
        return Check("workteam", False, told)
    return Check("workteam", True, f"workteam of the vendor {team.get('SellerName') or team['WorkteamArn']}")
