"""What this account, this Region and this workteam can be used for, looked up before a labeling job is made."""

from __future__ import annotations

import re
from typing import Any

from adapters.aws_errors import translated
from domain.errors import AccessDenied, NotFound, RequestRefused
from domain.labeling.preflight import Check
from domain.workflow.inputs import LabelingTask
from labelers.ground_truth.built_in_functions import ACCOUNTS, BUILT_IN, NOT_BUILT_IN

_WORKTEAM_ARN = re.compile(r"arn:aws[a-z-]*:sagemaker:(?P<region>[^:]+):\d{12}:workteam/(?P<crowd>[^/]+)/(?P<name>.+)")
_CLOSED = (
    "Ground Truth is closed to new customers since 2026-07-30 and this account cannot use it; "
    "use an account that used it before, or another labeling back end"
)

_NO_WORKTEAM = (
    "this stage was deployed with workforce.enabled = false, so nobody can label; set it to true or give "
    "workforce.workteam_arn in the stage's settings and deploy again, or bring labels of your own and start `augment`"
)


def check_service(client: Any) -> Check:
    """Whether the account may use Ground Truth at all. Raises ServiceUnavailable, which is worth a retry."""
    try:
        with translated("list labeling jobs"):
            client.list_labeling_jobs(MaxResults=1)
    except (AccessDenied, RequestRefused) as error:
        # AWS gives both cases the same codes; only the text tells a closed service from a missing permission.
        if re.search(r"new customers|not subscribed|subscription|opt.?in", str(error), re.IGNORECASE):
            return Check("Ground Truth", False, f"{_CLOSED} ({error})")
        return Check("Ground Truth", False, f"{error}; allow sagemaker:ListLabelingJobs, then start again")
    return Check("Ground Truth", True, "the account can use it")


def check_task_type(task: LabelingTask) -> Check:
    """Whether AWS has functions for the type, and they take as many labels."""
    if task.type not in BUILT_IN:
        because = NOT_BUILT_IN.get(task.type, "Ground Truth has no built-in functions for it")
        can = ", ".join(sorted(BUILT_IN))
        detail = f'{task.type}: {because}; it works with labeling.backend = "portal". With Ground Truth: {can}'
        return Check("task type", False, detail)
    kind, labels = BUILT_IN[task.type], len(task.labels)
    if kind.max_labels is not None and labels > kind.max_labels:
        detail = (
            f"{task.type}: Ground Truth takes at most {kind.max_labels} labels, task.labels has {labels}; leave some "
            'out, or label with labeling.backend = "portal"'
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
    """Whether the workteam is private, of this Region, and exists. Raises ServiceUnavailable: worth a retry."""
    if not arn:
        return Check("workteam", False, _NO_WORKTEAM)
    match = _WORKTEAM_ARN.fullmatch(arn)
    if match is None:
        return Check("workteam", False, f"{arn!r} is not the ARN of a workteam")
    if match["crowd"] == "public-crowd":
        return Check("workteam", False, "Mechanical Turk is closed since 2026-09-30; use a private workteam")
    if match["crowd"] != "private-crowd":
        return Check("workteam", False, f"{arn} is a vendor's; Kempelen works only with private workteams")
    if match["region"] != region:
        return Check("workteam", False, f"{arn} is in {match['region']}, the labeling job would be in {region}")
    try:
        with translated(f"describe workteam {match['name']}"):
            client.describe_workteam(WorkteamName=match["name"])
    except (AccessDenied, NotFound, RequestRefused) as error:
        return Check("workteam", False, f"{error}; deploy the workforce stack, or set another workteam")
    return Check("workteam", True, f"private workteam {match['name']}")
