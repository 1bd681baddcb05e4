"""Empties a domain before CloudFormation deletes it: apps, spaces and files would block that."""

from __future__ import annotations

from constructs import Construct

from stacks.constructs.shared.python_function import PythonFunctions
from stacks.constructs.studio.teardown_access import DomainRef, machine_arns, teardown_permissions
from stacks.constructs.studio.teardown_provider import TeardownResources
from stacks.naming import Names
from stacks.settings import Settings

_TYPE = "Custom::KempelenDomainTeardown"


class DomainTeardown(Construct):
    """On destroy `Resource` runs first, for it depends on all that it empties.

    `Safeguard` does the same, but is there before any profile: when one cannot be made, CloudFormation takes the domain
    back by itself, and would leave the home file system behind.
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
            permissions=teardown_permissions(self, settings=settings, own=domain),
        )
        self._safeguard, self._resource = (resources.add(identity, _TYPE, {}) for identity in ("Safeguard", "Resource"))
        for emptying in (self._safeguard, self._resource):
            emptying.node.add_dependency(domain.resource)

    def empties(self, part: Construct) -> None:
        """A part of the domain that CloudFormation makes: after the safeguard, and it is deleted after the emptying."""
        part.node.add_dependency(self._safeguard)
        self._resource.node.add_dependency(part)
