"""A stage in bucket, domain or VPC of others, or without Studio: the main job, and a destroy that spares all of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import boto3
import pytest

from scripts.demo.clients import Clients
from scripts.demo.executions import Executions
from scripts.demo.studio import use_studio, wait_in_service
from tests.e2e.conftest import Deployed, deployment

pytestmark = pytest.mark.long
BUCKET = "their-data"
EVERYONE_MAY_LOOK = {"CORSRules": [{"AllowedMethods": ["GET"], "AllowedOrigins": ["*"]}]}
Own = Mapping[str, Mapping[str, Any]]


def ec2_of(clients: Clients) -> Any:
    meta = clients.s3.meta
    keys = {"aws_access_key_id": "local", "aws_secret_access_key": "local"}
    return boto3.client("ec2", endpoint_url=meta.endpoint_url, region_name="us-east-1", **keys)


def their_bucket(clients: Clients) -> None:
    clients.s3.create_bucket(Bucket=BUCKET)
    clients.s3.put_bucket_cors(Bucket=BUCKET, CORSConfiguration=EVERYONE_MAY_LOOK)
    clients.s3.put_object(Bucket=BUCKET, Key="theirs/before.txt", Body=b"theirs")


def their_vpc(clients: Clients) -> tuple[str, list[str]]:
    ec2 = ec2_of(clients)
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    blocks = (("us-east-1a", "10.9.0.0/24"), ("us-east-1b", "10.9.1.0/24"))
    subnets = [
        ec2.create_subnet(VpcId=vpc, AvailabilityZone=zone, CidrBlock=block)["Subnet"]["SubnetId"]
        for zone, block in blocks
    ]
    ec2.create_security_group(VpcId=vpc, GroupName="theirs", Description="theirs")
    return vpc, subnets


def their_domain(clients: Clients) -> str:
    vpc, subnets = their_vpc(clients)
    domain = clients.sagemaker.create_domain(
        DomainName="theirs",
        AuthMode="IAM",
        VpcId=vpc,
        SubnetIds=subnets,
        DefaultUserSettings={"ExecutionRole": "arn:aws:iam::000000000000:role/theirs"},
    )["DomainArn"].rpartition("/")[2]
    wait_in_service(lambda: clients.sagemaker.describe_domain(DomainId=domain))
    clients.sagemaker.create_user_profile(DomainId=domain, UserProfileName="bob")
    wait_in_service(lambda: clients.sagemaker.describe_user_profile(DomainId=domain, UserProfileName="bob"))
    use_studio(clients.sagemaker, domain, "bob")
    return str(domain)


def without_studio(clients: Clients) -> Own:
    their_bucket(clients)
    return {"studio": {"domain": "none", "user_profiles": []}, "storage": {"bucket": BUCKET}}


def beside_their_domain(clients: Clients) -> Own:
    their_bucket(clients)
    return {"studio": {"domain": their_domain(clients), "user_profiles": []}, "storage": {"bucket": BUCKET}}


def in_their_vpc(clients: Clients) -> Own:
    vpc, subnets = their_vpc(clients)
    return {"network": {"mode": "VpcOnly", "vpc_id": vpc, "subnet_ids": subnets}}


@pytest.mark.parametrize("prepare", [without_studio, beside_their_domain, in_their_vpc])
def test_the_main_job_runs_and_destroy_leaves_what_is_of_others_as_it_was(
    prepare: Callable[[Clients], Own], tmp_path: Path
) -> None:
    theirs: list[Any] = []
    groups: list[Any] = []

    def noting(clients: Clients) -> Own:
        own = prepare(clients)
        theirs.append(own)
        groups.extend(ec2_of(clients).describe_security_groups()["SecurityGroups"])
        return own

    with deployment(tmp_path, "portal", prepare=noting) as made:
        label_and_augment(made, tmp_path)
        if prepare is in_their_vpc:
            use_studio(made.clients.sagemaker, made.outputs["DomainId"], made.outputs["UserProfileName"])
        torn = Executions(made.clients.states)
        torn.wait(torn.start(made.outputs["TeardownStateMachineArn"], "end", {"confirm": "dev"}))
        untouched(made, theirs[0], groups)
        made.destroy()
        untouched(made, theirs[0], groups)
        assert [one for one in made.cloud.inventory() if "kempelen-dev" in one["id"]] == []


def label_and_augment(made: Deployed, folder: Path) -> None:
    job = made.upload("faces", folder / "faces", count=4, open_mouths=2)
    labeling = made.labeling(job)
    given = made.pipeline_input("faces", run_id="one")
    given["task"]["workers_per_object"] = labeling.workers_per_object
    run = made.executions.start(made.outputs["PipelineStateMachineArn"], "one", given)
    with labeling:
        output = made.executions.wait(run)
    assert output["label"]["counts"]["labeled"] == 4
    assert output["augment"]["outputs"] > 4
    assert output["augment"]["uri"].startswith(f"s3://{made.bucket}/datasets/faces/")


def untouched(made: Deployed, own: Own, groups: list[Any]) -> None:
    s3, sagemaker, ec2 = made.clients.s3, made.clients.sagemaker, ec2_of(made.clients)
    if own.get("storage"):
        assert s3.get_object(Bucket=BUCKET, Key="theirs/before.txt")["Body"].read() == b"theirs"
        assert s3.list_objects_v2(Bucket=BUCKET, Prefix="datasets/faces/")["KeyCount"] > 0
        assert s3.get_bucket_cors(Bucket=BUCKET)["CORSRules"][0]["AllowedMethods"] == ["GET"]
    domain = own.get("studio", {}).get("domain", "none")
    if domain != "none":
        assert sagemaker.describe_domain(DomainId=domain)["Status"] == "InService"
        apps = sagemaker.list_apps(DomainIdEquals=domain)["Apps"]
        assert [app["Status"] for app in apps] == ["InService", "InService"]
    if "network" in own:
        left = ec2.describe_subnets(SubnetIds=own["network"]["subnet_ids"])["Subnets"]
        assert {subnet["VpcId"] for subnet in left} == {own["network"]["vpc_id"]}
    kept = {group["GroupId"] for group in ec2.describe_security_groups()["SecurityGroups"]}
    assert {group["GroupId"] for group in groups} <= kept
