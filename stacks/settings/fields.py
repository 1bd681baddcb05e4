"""The kinds of text that a setting may be, each with its pattern."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$")]
ProfileName = Annotated[str, Field(pattern=r"^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$")]
Email = Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=254)]


def _not_mechanical_turk(arn: str) -> str:
    if ":workteam/public-crowd/" in arn:
        raise ValueError(
            f"{arn} is Mechanical Turk, closed since 2026-09-30: name a private workteam or a vendor's, leave it out "
            'for one of our own, or label in our portal, labeling.backend = "portal"'
        )
    return arn


WorkteamArn = Annotated[
    str,
    Field(
        pattern=r"^arn:aws[a-z-]*:sagemaker:[a-z0-9-]+:\d{12}:"
        r"workteam/(private|vendor|public)-crowd/[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$"
    ),
    AfterValidator(_not_mechanical_turk),
]
_LOOPBACK = r"(127\.0\.0\.1|localhost|\[::1\])"
ServerUrl = Annotated[
    str,
    Field(pattern=rf"^(https://[A-Za-z0-9.-]+|http://{_LOOPBACK})(:\d{{1,5}})?(/[A-Za-z0-9._~/-]*)?$", max_length=500),
]
SecretName = Annotated[
    str,
    Field(
        pattern=r"^([A-Za-z0-9/_+=.@-]{1,512}"
        r"|arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[A-Za-z0-9/_+=.@-]{1,512}-[A-Za-z0-9]{6})$"
    ),
]
Zone = Annotated[str, Field(pattern=r"^[a-z]{2}(-[a-z]+)+-\d[a-z]$")]
VpcId = Annotated[str, Field(pattern=r"^vpc-[0-9a-f]{8,17}$")]
SubnetId = Annotated[str, Field(pattern=r"^subnet-[0-9a-f]{8,17}$")]
SecurityGroupId = Annotated[str, Field(pattern=r"^sg-[0-9a-f]{8,17}$")]
BucketName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")]
KeyArn = Annotated[str, Field(pattern=r"^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/[A-Za-z0-9-]+$")]
Cidr = Annotated[str, Field(pattern=r"^\d{1,3}(\.\d{1,3}){3}/\d{1,2}$")]
