"""What an account asks of everything that is deployed into it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from stacks.settings.section import Section


class DeploymentSettings(Section):
    """What `cdk bootstrap` was told, and what a security team asks of roles.

    `permissions_boundary`: name of a managed policy of the account; every role of the stage has it as its boundary.
    `role_path`: the path of every role of the stage, such as /kempelen/.
    `qualifier`: the one of `cdk bootstrap --qualifier`; without it the CDK's own.
    Without them, the contexts `@aws-cdk/core:permissionsBoundary` and `@aws-cdk/core:bootstrapQualifier` count.
    """

    permissions_boundary: Annotated[str, Field(pattern=r"^[A-Za-z0-9+=,.@_-]{1,128}$")] | None = None
    role_path: Annotated[str, Field(pattern=r"^/([A-Za-z0-9+=,.@_-]+/)+$", max_length=512)] | None = None
    qualifier: Annotated[str, Field(pattern=r"^[a-z0-9]{1,10}$")] | None = None
