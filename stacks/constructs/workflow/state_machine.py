"""A state machine whose definition is a file: literal in the template, where linters see it; with logs and tracing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from aws_cdk import aws_iam as iam
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from stacks.constructs.shared.access import Permission, permit, service_principal
from stacks.constructs.shared.log_groups import LogGroups
from stacks.constructs.workflow.definition import WorkflowError, read_definition
from stacks.nag import acknowledge

_PLACEHOLDER = re.compile(r"\$\{(\w+)\}")


@dataclass(frozen=True)
class Substitution:
    """The value of one `${…}`, and what a state machine that names it must be permitted."""

    value: str
    permissions: Sequence[Permission] = ()


def placeholders(definition: str) -> set[str]:
    return set(_PLACEHOLDER.findall(definition))


class FileStateMachine(Construct):
    """Gives the definition the substitutions that it names, and its role the permissions that come with them."""

    def __init__(
        self,
        scope: Construct,
        identity: str,
        *,
        name: str,
        definition: Path,
        offered: Mapping[str, Substitution],
        logs: LogGroups,
    ) -> None:
        super().__init__(scope, identity)
        text = read_definition(definition)
        used = {key: _offered(offered, key, definition) for key in sorted(placeholders(text))}
        self.role = self._make_role(name)
        # Under /aws/vendedlogs/ the account's resource policy for log delivery stays short, whatever is deployed.
        log_group = logs.make(self, "Logs", name=f"/aws/vendedlogs/states/{name}")
        self.machine = sfn.StateMachine(
            self,
            "StateMachine",
            state_machine_name=name,
            definition_body=sfn.DefinitionBody.from_string(text),
            definition_substitutions={key: substitution.value for key, substitution in used.items()},
            role=self.role,
            tracing_enabled=True,
            logs=sfn.LogOptions(destination=log_group, level=sfn.LogLevel.ALL),
        )
        for substitution in used.values():
            permit(self.role, substitution.permissions)

    def _make_role(self, name: str) -> iam.Role:
        principal = service_principal("states.amazonaws.com")
        role = iam.Role(self, "Role", assumed_by=principal, description=f"State machine {name}")
        acknowledge(
            role,
            "IAM5",
            "CloudWatch's log delivery API and X-Ray know no resources.",
            findings=["Resource::*"],
        )
        return role


def _offered(offered: Mapping[str, Substitution], key: str, definition: Path) -> Substitution:
    if key not in offered:
        raise WorkflowError(f"{definition.name} names ${{{key}}}; known: {', '.join(sorted(offered))}")
    return offered[key]
