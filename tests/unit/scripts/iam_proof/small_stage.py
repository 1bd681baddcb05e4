"""Two stacks with a bucket, a function's role and a job's role, small enough to be seen through."""

from __future__ import annotations

import copy
from typing import Any

from localcloud.iam.requests import AuthorizationRequest
from scripts.iam_proof.explained import Explanation, Explanations
from scripts.iam_proof.intrinsics import Templates
from scripts.iam_proof.physical import invented
from scripts.iam_proof.proof import Proof
from scripts.iam_proof.stage import Stage, stage

ACCOUNT, REGION = "123456789012", "us-east-1"
BUCKET = "arn:aws:s3:::any-dev-data"
WRITER = f"arn:aws:iam::{ACCOUNT}:role/writer"
JOB = f"arn:aws:iam::{ACCOUNT}:role/job"
TLS = {"aws:SecureTransport": "true"}


def get(logical: str, attribute: str = "Arn") -> dict[str, Any]:
    return {"Fn::GetAtt": [logical, attribute]}


def role(name: str, service: str, **condition: Any) -> dict[str, Any]:
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": service}, **condition}
    properties = {"RoleName": name, "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]}}
    return {"Type": "AWS::IAM::Role", "Properties": properties}


def policy(role_id: str, *statements: dict[str, Any]) -> dict[str, Any]:
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    return {"Type": "AWS::IAM::Policy", "Properties": {"Roles": [{"Ref": role_id}], "PolicyDocument": document}}


_BUCKET_POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Deny",
            "Principal": {"AWS": "*"},
            "Action": "s3:*",
            "Resource": [get("Data12345678"), {"Fn::Join": ["", [get("Data12345678"), "/*"]]}],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
    ],
}
_TEMPLATES = {
    "any-dev-storage": {
        "Resources": {
            "Data12345678": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "any-dev-data"}},
            "DataPolicy12345678": {
                "Type": "AWS::S3::BucketPolicy",
                "Properties": {"Bucket": {"Ref": "Data12345678"}, "PolicyDocument": _BUCKET_POLICY},
            },
        },
        "Outputs": {"Export": {"Export": {"Name": "data-arn"}, "Value": get("Data12345678")}},
    },
    "any-dev-work": {
        "Resources": {
            "Writer12345678": role("writer", "lambda.amazonaws.com"),
            "Job12345678": role(
                "job",
                "sagemaker.amazonaws.com",
                Condition={"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}},
            ),
            "WriterPolicy12345678": policy(
                "Writer12345678",
                {
                    "Effect": "Allow",
                    "Action": ["s3:PutObject"],
                    "Resource": {"Fn::Join": ["", [{"Fn::ImportValue": "data-arn"}, "/labels/*"]]},
                },
                {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": {"Fn::ImportValue": "data-arn"}},
                {
                    "Effect": "Allow",
                    "Action": "iam:PassRole",
                    "Resource": get("Job12345678"),
                    "Condition": {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
                },
            ),
        }
    },
}
TRUST = [
    AuthorizationRequest("lambda.amazonaws.com", "sts:AssumeRole", (WRITER,)),
    AuthorizationRequest("sagemaker.amazonaws.com", "sts:AssumeRole", (JOB,), {"aws:SourceAccount": ACCOUNT}),
]
WRITE = AuthorizationRequest(WRITER, "s3:PutObject", (f"{BUCKET}/labels/one",), TLS, "s3:PutObject", "writer")
LIST = AuthorizationRequest(WRITER, "s3:ListBucket", (BUCKET,), TLS)
PASS = AuthorizationRequest(WRITER, "iam:PassRole", (JOB,), {"iam:PassedToService": "sagemaker.amazonaws.com"})


def templates() -> dict[str, Any]:
    """To be changed at will."""
    return copy.deepcopy(_TEMPLATES)


def small(made: Templates | None = None) -> Stage:
    given = made or _TEMPLATES
    return stage(given, invented(ACCOUNT, REGION, given))


def proof(*requests: AuthorizationRequest, of: Stage | None = None, explained: tuple[Explanation, ...] = ()) -> Proof:
    return Proof(of or small(), [WRITE, LIST, PASS, *requests], TRUST, Explanations(explained))
