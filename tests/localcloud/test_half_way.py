"""A deployment that fails half way: at each resource of the stage in turn CloudFormation fails, rolls back, and the
stack is deleted. Nothing of it is left, and nothing hangs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.localcloud.half_way import HalfWay, started

WITHOUT_SAFEGUARD = ("TeardownDomainPolicy", "TeardownSafeguard")
"""Between the domain and its safeguard stand the permission to delete it, and the safeguard itself: without them
CloudFormation deletes the domain, and leaves its files. The network names them."""
FILES = {"file_systems", "mount_targets", "network_interfaces", "security_groups"}
A_FEW = {
    "storage": ("DataBucket", "FixedSettings"),
    "studio": ("Domain", "TeardownSafeguard", "Teardown0042FE15", "Profilejane"),
}


@pytest.fixture(scope="module")
def half_way(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HalfWay]:
    with started(tmp_path_factory.mktemp("half-way")) as made:
        yield made


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HalfWay]:
    with started(tmp_path_factory.mktemp("half-way-portal"), backend="portal") as made:
        yield made


def fail_at(made: HalfWay, stack: str, resource: str) -> None:
    left = made.fails_at(stack, resource)
    if resource.startswith(WITHOUT_SAFEGUARD):
        assert {one["type"] for one in left} == FILES, left
        remove(made, left)
    else:
        assert left == [], f"{stack}/{resource}"


def remove(made: HalfWay, left: list[dict[str, str]]) -> None:
    """What people do whom the network's deletion has named the file system (`lambdas/network_tenants`)."""
    (system,) = (one["id"] for one in left if one["type"] == "file_systems")
    efs, ec2 = made.client("efs"), made.client("ec2")
    for target in efs.describe_mount_targets(FileSystemId=system)["MountTargets"]:
        efs.delete_mount_target(MountTargetId=target["MountTargetId"])
    efs.delete_file_system(FileSystemId=system)
    ids = [one["id"] for one in left if one["type"] == "security_groups"]
    groups = ec2.describe_security_groups(GroupIds=ids)["SecurityGroups"]
    for group in groups:
        for direction, rules in (("ingress", "IpPermissions"), ("egress", "IpPermissionsEgress")):
            revoke = getattr(ec2, f"revoke_security_group_{direction}")
            revoke(GroupId=group["GroupId"], IpPermissions=group[rules])
    for group in groups:
        ec2.delete_security_group(GroupId=group["GroupId"])


def test_a_few_resources_that_fail_leave_nothing_behind(half_way: HalfWay) -> None:
    """The domain, what guards it, and what people were to use: what costs and blocks most."""
    begun = half_way.cloud.inventory()
    assert half_way.deploy("kempelen-dev-network") == "CREATE_COMPLETE"
    for part, names in A_FEW.items():
        stack = f"kempelen-dev-{part}"
        made = [name for name in half_way.resources(stack) if name.startswith(names)]
        for resource in made if part == "studio" else made[:2]:
            fail_at(half_way, stack, resource)
        if part == "storage":
            assert half_way.deploy(stack) == "CREATE_COMPLETE"
    for stack in ("kempelen-dev-storage", "kempelen-dev-network"):
        assert half_way.delete(stack) == "DELETE_COMPLETE"
    assert half_way.cloud.inventory() == begun


@pytest.mark.long
@pytest.mark.parametrize("backend", ["half_way", "portal"])
def test_a_deployment_that_fails_at_any_resource_leaves_nothing_behind(
    backend: str, request: pytest.FixtureRequest
) -> None:
    """Every resource of every stack, the stacks before it standing; in the end the whole stage goes."""
    made: HalfWay = request.getfixturevalue(backend)
    begun = made.cloud.inventory()
    for stack in made.stacks:
        for resource in made.resources(stack):
            fail_at(made, stack, resource)
        assert made.deploy(stack) == "CREATE_COMPLETE", made.reasons(stack)
    for stack in reversed(made.stacks):
        assert made.delete(stack) == "DELETE_COMPLETE", made.reasons(stack)
    assert made.cloud.inventory() == begun
