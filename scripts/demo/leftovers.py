"""What an account holds after `cdk destroy` that it did not hold before `cdk deploy`."""

from __future__ import annotations

from collections.abc import Sequence

Resource = dict[str, str]


def leftovers(before: Sequence[Resource], after: Sequence[Resource]) -> list[Resource]:
    """The resources of `after` that `before`, the freshly bootstrapped cloud, lacks; sorted by service, type, id."""
    known = {identity(resource) for resource in before}
    return sorted((resource for resource in after if identity(resource) not in known), key=identity)


def identity(resource: Resource) -> tuple[str, str, str]:
    """What tells two resources apart."""
    return resource["service"], resource["type"], resource["id"]
