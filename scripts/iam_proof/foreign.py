"""What is not ours: resources beside those that a policy names, and circumstances beside those that it asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator

VARIABLE = re.compile(r"\$\{([^},]+)[^}]*\}")
ACCOUNT, REGION, NAME = "999999999999", "eu-central-1", "someone-elses"

# The value that each condition key never has in a request of ours, by
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html and each service's own list.
# TLS is apart: only plain HTTP is foreign, and only where a policy of a resource forbids it.
VALUES = {
    "aws:resourcetag/managedbyamazonsagemakerresource": f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:domain/d-{NAME}",
    "aws:principalaccount": ACCOUNT,
    "aws:sourceaccount": ACCOUNT,
    "aws:sourcearn": f"arn:aws:events:{REGION}:{ACCOUNT}:rule/{NAME}",
    "cloudwatch:namespace": "Someone/Elses",
    "ec2:vpc": f"arn:aws:ec2:{REGION}:{ACCOUNT}:vpc/vpc-{NAME}",
    "events:source": "someone.elses",
    "iam:passedtoservice": "ec2.amazonaws.com",
    "kms:encryptioncontext:aws:s3:arn": f"arn:aws:s3:::{NAME}/object",
    "kms:grantisforawsresource": "false",
    "kms:viaservice": f"ec2.{REGION}.amazonaws.com",
    "s3:prefix": f"{NAME}/",
    "sagemaker:owneruserprofilearn": f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:user-profile/d-{NAME}/{NAME}",
    "sagemaker:spacesharingtype": "Other",
    "sagemaker:taggingaction": "",
    "sagemaker:userprofilename": NAME,
}

# Which of them IAM must ask about whatever a request of ours tells, by the action (a shell pattern).
ASKED = {
    "iam:PassRole": ("iam:passedtoservice",),
    "sts:AssumeRole": ("aws:sourceaccount",),
    "lambda:InvokeFunction": ("aws:sourcearn",),
    "sns:Publish": ("aws:sourceaccount",),
    "sqs:SendMessage": ("aws:sourcearn",),
    "cloudwatch:PutMetricData": ("cloudwatch:namespace",),
    "events:PutEvents": ("events:source",),
    "ec2:Delete*": ("ec2:vpc",),
    "ec2:Revoke*": ("ec2:vpc",),
    "elasticfilesystem:Delete*": ("aws:resourcetag/managedbyamazonsagemakerresource",),
    "kms:*": ("kms:viaservice", "kms:encryptioncontext:aws:s3:arn", "kms:grantisforawsresource"),
}


def sample(pattern: str) -> str:
    """A resource that the pattern means; where it names what a variable says, that is `sample` too."""
    return VARIABLE.sub("sample", pattern).replace("*", "sample").replace("?", "x")


def foreign(pattern: str, *, named: bool = False, own: str = "") -> Iterator[tuple[str, str]]:
    """What kind of other resource, and its ARN: near to the pattern, and never meant by it. None for `*`, which means
    all. With `named` it is the ARN of one thing, of which what follows its name (an object's key) may be anything.
    `own`: our account, in which the same as in AWS's is not meant.
    """
    parts = VARIABLE.sub("sample", pattern).split(":", 5)
    if len(parts) < 6:
        return
    if parts[4].isdigit():
        yield "another account", _arn(parts, account=ACCOUNT, end=sample(parts[5]))
        if own and parts[4] != own:
            yield "our own account", _arn(parts, account=own, end=sample(parts[5]))
    if parts[3] not in ("", "*"):
        yield "another Region", _arn(parts, region=REGION, end=sample(parts[5]))
    bucket = parts[2] == "s3"
    for what, other in _beside(parts[5], first="another bucket" if bucket else "", named=named):
        yield what if bucket else "another name", _arn(parts, end=other)
    if "-dev" in parts[5]:
        yield "another stage", _arn(parts, end=sample(parts[5]).replace("-dev", "-prod"))


def _beside(end: str, *, first: str, named: bool) -> Iterator[tuple[str, str]]:
    """Each step of `log-group:/aws/sagemaker/Jobs*` or of `bucket/labels/*.csv` replaced by another one, and going on;
    not the kind of resource, by which an ARN's end begins (without `first`), and not what is any. Only the first such
    step with `named`.
    """
    steps = re.split(r"([/:])", end)
    places = [i for i in range(0, len(steps), 2) if steps[i].strip("*") and (i > 0 or first)]
    for index in places[:1] if named else places:
        step = steps[index]
        goes_on = not step.endswith("*") and (index == 0 or not named)
        for other in (NAME, f"{sample(step)}-{NAME}") if goes_on else (NAME,):
            what = first if index == 0 else "another key"
            yield what, sample("".join([*steps[:index], other, *steps[index + 1 :]]))


def _arn(parts: list[str], *, account: str = "", region: str = "", end: str) -> str:
    return ":".join([*parts[:3], region or parts[3], account or parts[4], end])
