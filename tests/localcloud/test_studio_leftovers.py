"""What a domain leaves in the VPC, and that it can be removed in the order that AWS demands and in no other."""

from __future__ import annotations

import pytest

from tests.localcloud.studio import Studio, refusal

TAG = "ManagedByAmazonSageMakerResource"


@pytest.fixture
def studio(client, until) -> Studio:
    """A VPC for each test: what one leaves must not block another."""
    return Studio(client, until)


def nfs_groups(studio: Studio, domain: str) -> dict[str, dict]:
    names = {direction: f"security-group-for-{direction}-nfs-{domain}" for direction in ("inbound", "outbound")}
    found = studio.client("ec2").describe_security_groups(
        Filters=[
            {"Name": "vpc-id", "Values": [studio.network.vpc]},
            {"Name": "group-name", "Values": list(names.values())},
        ]
    )["SecurityGroups"]
    by_name = {group["GroupName"]: group for group in found}
    return {direction: by_name[name] for direction, name in names.items() if name in by_name}


def mount_targets(studio: Studio, file_system: str) -> list[dict]:
    return studio.client("efs").describe_mount_targets(FileSystemId=file_system)["MountTargets"]


def home(studio: Studio, domain: str) -> str:
    return studio.sagemaker.describe_domain(DomainId=domain)["HomeEfsFileSystemId"]


def test_the_home_file_system_carries_the_domains_arn_and_a_mount_target_in_each_zone(studio) -> None:
    domain = studio.domain()
    described = studio.sagemaker.describe_domain(DomainId=domain)
    (found,) = studio.client("efs").describe_file_systems(FileSystemId=described["HomeEfsFileSystemId"])["FileSystems"]
    assert {"Key": TAG, "Value": described["DomainArn"]} in found["Tags"]
    assert found["CreationToken"] == domain
    targets = mount_targets(studio, found["FileSystemId"])
    assert sorted(target["SubnetId"] for target in targets) == sorted(studio.network.subnets)


def test_each_mount_target_is_a_network_interface_with_the_inbound_group(studio) -> None:
    domain = studio.domain()
    inbound = nfs_groups(studio, domain)["inbound"]["GroupId"]
    targets = mount_targets(studio, home(studio, domain))
    for target in targets:
        (eni,) = studio.client("ec2").describe_network_interfaces(NetworkInterfaceIds=[target["NetworkInterfaceId"]])[
            "NetworkInterfaces"
        ]
        assert eni["SubnetId"] == target["SubnetId"]
        assert eni["PrivateIpAddress"] == target["IpAddress"]
        assert [group["GroupId"] for group in eni["Groups"]] == [inbound]
        assert target["MountTargetId"] in eni["Description"]


def test_the_two_nfs_groups_refer_to_each_other(studio) -> None:
    groups = nfs_groups(studio, studio.domain())
    inbound, outbound = groups["inbound"], groups["outbound"]
    assert {rule["FromPort"] for rule in inbound["IpPermissions"]} == {2049, 988, 1018}
    assert {pair["GroupId"] for rule in inbound["IpPermissions"] for pair in rule["UserIdGroupPairs"]} == {
        outbound["GroupId"]
    }
    assert {pair["GroupId"] for rule in outbound["IpPermissionsEgress"] for pair in rule["UserIdGroupPairs"]} == {
        inbound["GroupId"]
    }
    assert inbound["IpPermissionsEgress"] == outbound["IpPermissions"] == []


def test_without_a_home_file_system_nothing_is_made_in_the_vpc(studio) -> None:
    domain = studio.domain(HomeEfsFileSystemCreation="Disabled")
    assert "HomeEfsFileSystemId" not in studio.sagemaker.describe_domain(DomainId=domain)
    assert nfs_groups(studio, domain) == {}


def test_a_deleted_domain_keeps_its_file_system_unless_told_otherwise(studio) -> None:
    domain = studio.domain()
    file_system = home(studio, domain)
    studio.sagemaker.delete_domain(DomainId=domain)
    studio.domain_gone(domain)
    assert len(mount_targets(studio, file_system)) == 2


def test_retention_policy_delete_removes_the_file_system_and_leaves_the_groups(studio) -> None:
    domain = studio.domain()
    file_system = home(studio, domain)
    studio.sagemaker.delete_domain(DomainId=domain, RetentionPolicy={"HomeEfsFileSystem": "Delete"})
    studio.domain_gone(domain)
    assert refusal(studio.client("efs").describe_file_systems, FileSystemId=file_system)[0] == "FileSystemNotFound"
    assert set(nfs_groups(studio, domain)) == {"inbound", "outbound"}


def test_a_new_subnet_of_the_domain_gets_a_mount_target(studio) -> None:
    domain = studio.domain(SubnetIds=studio.network.subnets[:1])
    assert len(mount_targets(studio, home(studio, domain))) == 1
    studio.sagemaker.update_domain(DomainId=domain, SubnetIds=studio.network.subnets)
    studio.domain_reaches(domain, "InService")
    assert len(mount_targets(studio, home(studio, domain))) == 2


def test_left_overs_go_in_one_order_only(studio) -> None:
    ec2, efs = studio.client("ec2"), studio.client("efs")
    domain = studio.domain()
    file_system = home(studio, domain)
    studio.sagemaker.delete_domain(DomainId=domain)
    studio.domain_gone(domain)
    inbound, outbound = (nfs_groups(studio, domain)[direction] for direction in ("inbound", "outbound"))

    assert refusal(ec2.delete_subnet, SubnetId=studio.network.subnets[0])[0] == "DependencyViolation"
    assert refusal(ec2.delete_security_group, GroupId=inbound["GroupId"])[0] == "DependencyViolation"
    assert refusal(efs.delete_file_system, FileSystemId=file_system)[0] == "FileSystemInUse"
    for target in mount_targets(studio, file_system):
        efs.delete_mount_target(MountTargetId=target["MountTargetId"])
    efs.delete_file_system(FileSystemId=file_system)
    for subnet in studio.network.subnets:
        ec2.delete_subnet(SubnetId=subnet)

    # The interfaces are gone; now the groups block each other, and both the VPC.
    assert refusal(ec2.delete_security_group, GroupId=inbound["GroupId"])[0] == "DependencyViolation"
    assert refusal(ec2.delete_security_group, GroupId=outbound["GroupId"])[0] == "DependencyViolation"
    ec2.revoke_security_group_ingress(GroupId=inbound["GroupId"], IpPermissions=inbound["IpPermissions"])
    ec2.revoke_security_group_egress(GroupId=outbound["GroupId"], IpPermissions=outbound["IpPermissionsEgress"])
    ec2.delete_security_group(GroupId=inbound["GroupId"])
    assert refusal(ec2.delete_vpc, VpcId=studio.network.vpc)[0] == "DependencyViolation"
    ec2.delete_security_group(GroupId=outbound["GroupId"])
    ec2.delete_security_group(GroupId=studio.network.group)
    ec2.delete_vpc(VpcId=studio.network.vpc)


def test_a_group_that_refers_to_itself_alone_can_be_deleted(studio) -> None:
    ec2, group = studio.client("ec2"), studio.network.group
    rule = {"IpProtocol": "tcp", "FromPort": 2049, "ToPort": 2049, "UserIdGroupPairs": [{"GroupId": group}]}
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])
    ec2.delete_security_group(GroupId=group)


def test_a_mount_target_whose_groups_change_no_longer_blocks_the_old_group(studio) -> None:
    ec2, efs = studio.client("ec2"), studio.client("efs")
    file_system = efs.create_file_system(CreationToken=studio.network.vpc)["FileSystemId"]
    target = efs.create_mount_target(
        FileSystemId=file_system, SubnetId=studio.network.subnets[0], SecurityGroups=[studio.network.group]
    )
    assert refusal(ec2.delete_security_group, GroupId=studio.network.group)[0] == "DependencyViolation"
    other = ec2.create_security_group(GroupName="other", Description="other", VpcId=studio.network.vpc)["GroupId"]
    efs.modify_mount_target_security_groups(MountTargetId=target["MountTargetId"], SecurityGroups=[other])
    ec2.delete_security_group(GroupId=studio.network.group)


def test_network_interfaces_are_selected_by_filters(studio) -> None:
    ec2 = studio.client("ec2")
    targets = mount_targets(studio, home(studio, studio.domain()))

    def found(name: str, *values: str) -> set[str]:
        answer = ec2.describe_network_interfaces(Filters=[{"Name": name, "Values": list(values)}])
        return {eni["NetworkInterfaceId"] for eni in answer["NetworkInterfaces"]}

    mine = {target["NetworkInterfaceId"] for target in targets}
    assert found("vpc-id", studio.network.vpc) == mine
    assert found("subnet-id", targets[0]["SubnetId"]) == {targets[0]["NetworkInterfaceId"]}
    assert found("description", f"EFS mount target for {targets[0]['FileSystemId']}*") == mine
    assert found("group-id", studio.network.group) == set()
    assert refusal(ec2.describe_network_interfaces, Filters=[{"Name": "colour", "Values": ["red"]}])[0] == (
        "InvalidParameterValue"
    )


def test_a_domain_whose_subnet_vanishes_meanwhile_fails_and_says_why(studio, cloud) -> None:
    cloud.plan_outcomes([{"operation": "CreateDomain", "delay": 5}])
    domain = studio.sagemaker.create_domain(**studio.domain_request())["DomainId"]
    studio.client("ec2").delete_subnet(SubnetId=studio.network.subnets[1])
    assert studio.network.subnets[1] in studio.domain_reaches(domain, "Failed")["FailureReason"]


def test_an_app_that_could_not_be_deleted_ends_with_its_domain(studio, cloud, until) -> None:
    domain = studio.domain()
    app = studio.canvas(domain, studio.profile(domain))
    cloud.plan_outcomes([{"operation": "DeleteApp", "reason": "internal"}])
    studio.sagemaker.delete_app(**app)
    assert "internal error" in studio.app_reaches(app, "Failed")["FailureReason"]
    studio.sagemaker.delete_user_profile(DomainId=domain, UserProfileName=app["UserProfileName"])
    profiles = studio.sagemaker.list_user_profiles
    until(lambda: profiles(DomainIdEquals=domain)["UserProfiles"], lambda left: not left)
    studio.sagemaker.delete_domain(DomainId=domain, RetentionPolicy={"HomeEfsFileSystem": "Delete"})
    studio.domain_gone(domain)
    assert studio.sagemaker.list_apps(DomainIdEquals=domain)["Apps"] == []
    of_vpc = [{"Name": "vpc-id", "Values": [studio.network.vpc]}]
    assert studio.client("ec2").describe_network_interfaces(Filters=of_vpc)["NetworkInterfaces"] == []
