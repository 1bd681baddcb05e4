"""What IAM is asked is written down: who, what, on what, under which circumstances, each once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from localcloud.client.process import LocalCloud
from localcloud.iam.deployment import read_deployment
from tests.localcloud.iam.conftest import Guarded

TEMPLATE = {
    "Resources": {
        "Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {"Version": "2012-10-17", "Statement": []}}},
        "Bucket": {"Type": "AWS::S3::Bucket"},
        "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"KmsMasterKeyId": {"Ref": "Key"}}},
        "Table": {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {
                "TableName": "ledger",
                "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [{"AttributeName": "k", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "k", "KeyType": "HASH"}],
                "SSESpecification": {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": {"Ref": "Key"}},
            },
        },
    },
    "Outputs": {"Topic": {"Value": {"Ref": "Topic"}}},
}


def test_a_request_is_noted_once_with_its_circumstances(guarded: Guarded) -> None:
    bucket = f"arn:aws:s3:::{guarded.bucket}"
    role = guarded.role(("s3:ListBucket", bucket))
    s3 = guarded.as_role(role, "s3")
    for _ in range(3):
        s3.list_objects_v2(Bucket=guarded.bucket, Prefix="raw/")
    (noted,) = [request for request in guarded.requests() if request.principal == role]
    assert (noted.action, noted.resources, noted.call, noted.by) == ("s3:ListBucket", (bucket,), "s3:ListBucket", "job")
    assert noted.context["s3:prefix"] == "raw/"
    assert noted.context["aws:SecureTransport"] == "true"
    assert noted.context["aws:PrincipalArn"] == role


def test_what_is_refused_is_noted_too(guarded: Guarded) -> None:
    role = guarded.role()
    sagemaker = guarded.as_role(role, "sagemaker")
    with pytest.raises(ClientError, match="AccessDenied"):
        sagemaker.list_domains()
    assert [request.action for request in guarded.requests() if request.principal == role] == ["sagemaker:ListDomains"]


def test_a_service_that_takes_a_role_on_says_for_which_account(guarded: Guarded) -> None:
    role = guarded.role(trusts="sagemaker.amazonaws.com")
    guarded.client("sagemaker").create_processing_job(
        ProcessingJobName="noted",
        RoleArn=role,
        AppSpecification={"ImageUri": "image", "ContainerEntrypoint": ["python3", "-c", "pass"]},
        ProcessingResources={
            "ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.t3.medium", "VolumeSizeInGB": 1}
        },
    )
    (noted,) = [request for request in guarded.requests() if role in request.resources]
    assert (noted.principal, noted.action) == ("sagemaker.amazonaws.com", "sts:AssumeRole")
    assert noted.context["aws:SourceAccount"] == "000000000000"


def test_without_enforcement_all_is_allowed_and_noted_and_physical_ids_outlive_their_stacks(tmp_path: Path) -> None:
    with LocalCloud(tmp_path / "cloud", iam=False, record_iam=tmp_path / "recording") as cloud:
        guarded = Guarded(cloud, tmp_path / "recording")
        role = guarded.role()
        guarded.as_role(role, "sagemaker").list_domains()
        stacks = guarded.client("cloudformation")
        stacks.create_stack(StackName="small", TemplateBody=json.dumps(TEMPLATE))
        stacks.get_waiter("stack_create_complete").wait(StackName="small", WaiterConfig={"Delay": 1})
        outputs = stacks.describe_stacks(StackName="small")["Stacks"][0]["Outputs"]
        guarded.as_role(role, "sns").publish(TopicArn=outputs[0]["OutputValue"], Message="any")
        guarded.as_role(role, "dynamodb").get_item(TableName="ledger", Key={"k": {"S": "any"}})
        (bucket,) = [one["Name"] for one in guarded.client("s3").list_buckets()["Buckets"]]
        stacks.delete_stack(StackName="small")
        stacks.get_waiter("stack_delete_complete").wait(StackName="small", WaiterConfig={"Delay": 1})
    asked = {request.action: request for request in guarded.requests() if request.principal == role}
    assert asked.keys() == {
        "dynamodb:GetItem", "kms:Decrypt", "kms:GenerateDataKey", "sagemaker:ListDomains", "sns:Publish",
    }  # fmt: skip
    services = {one.context["kms:ViaService"] for one in guarded.requests() if one.action == "kms:Decrypt"}
    assert services == {"dynamodb.us-east-1.amazonaws.com", "sns.us-east-1.amazonaws.com"}
    made = read_deployment(tmp_path / "recording")
    assert made.stacks["small"]["Bucket"] == bucket
    assert made.stacks["small"].keys() == {*TEMPLATE["Resources"], "AWS::StackId"}
