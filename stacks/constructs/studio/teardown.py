"""Empties a domain before CloudFormation deletes it: apps, spaces and files would block that."""

from __future__ import annotations

from typing import cast

from aws_cdk import aws_iam as iam
from constructs import Construct, IConstruct

from stacks.constructs.shared.access import permit
from stacks.constructs.shared.python_function import PythonFunctions
from stacks.constructs.studio.teardown_access import DomainRef, domain_permissions, machine_arns, stage_permissions
from stacks.constructs.studio.teardown_provider import TeardownResources
from stacks.naming import Names
from stacks.settings import Settings

_TYPE = "Custom::KempelenDomainTeardown"


class DomainTeardown(Construct):
    """On destroy `Resource` runs first, for it depends on all that it empties.

    `Safeguard` does the same, but is there before any profile: when one cannot be made, CloudFormation takes the domain
    back by itself, and would leave the home file system behind. What the safeguard needs is there before the domain,
    but for the permission to delete this very one; whatever else needs the domain comes after the safeguard.
    """

    def __init__(
        self, scope: Construct, identity: str, *, settings: Settings, functions: PythonFunctions, domain: DomainRef
    ) -> None:
        super().__init__(scope, identity)
        resources = TeardownResources(
            self,
            settings=settings,
            functions=functions,
            domain_id=domain.domain_id,
            machine_arns=machine_arns(self, Names(settings.stage)),
            permissions=stage_permissions(self, settings=settings, vpc_id=domain.vpc_id),
        )
        domain.resource.node.add_dependency(resources.provider)
        permission = self._domain_policy(resources, settings, domain.domain_id)
        self._safeguard, self._resource = (resources.add(identity, _TYPE, {}) for identity in ("Safeguard", "Resource"))
        for emptying in (self._safeguard, self._resource):
            emptying.node.add_dependency(domain.resource, permission)

    def _domain_policy(self, resources: TeardownResources, settings: Settings, domain_id: str) -> iam.Policy:
        roles = [cast(iam.Role, function.role) for function in resources.functions]
        policy = iam.Policy(self, "DomainPolicy", roles=roles)
        permit(roles[0], domain_permissions(self, settings, domain_id), policy=policy)
        return policy

    def comes_before(self, *parts: IConstruct) -> None:
        """Should one of these not come about, the safeguard takes the domain down."""
        for part in parts:
            part.node.add_dependency(self._safeguard)

    def empties(self, part: Construct) -> None:
        """A part of the domain that CloudFormation makes: after the safeguard, and it is deleted after the emptying."""
        self.comes_before(part)
        self._resource.node.add_dependency(part)
