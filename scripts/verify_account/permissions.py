"""Whether IAM lets the caller hand over to the CDK, and the CDK's role make what the templates hold."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scripts.verify_account.account import Account
from scripts.verify_account.finding import Finding, judged

_ASSUMED = re.compile(r"arn:[^:]+:sts::\d{12}:assumed-role/([^/]+)/.+")

CREATES = {
    "AWS::ApiGatewayV2::Api": "apigateway:POST",
    "AWS::CloudWatch::Alarm": "cloudwatch:PutMetricAlarm",
    "AWS::CloudWatch::Dashboard": "cloudwatch:PutDashboard",
    "AWS::Cognito::UserPool": "cognito-idp:CreateUserPool",
    "AWS::Cognito::UserPoolClient": "cognito-idp:CreateUserPoolClient",
    "AWS::Cognito::UserPoolDomain": "cognito-idp:CreateUserPoolDomain",
    "AWS::Cognito::UserPoolGroup": "cognito-idp:CreateGroup",
    "AWS::Cognito::UserPoolUser": "cognito-idp:AdminCreateUser",
    "AWS::DynamoDB::Table": "dynamodb:CreateTable",
    "AWS::EC2::FlowLog": "ec2:CreateFlowLogs",
    "AWS::EC2::NatGateway": "ec2:CreateNatGateway",
    "AWS::EC2::SecurityGroup": "ec2:CreateSecurityGroup",
    "AWS::EC2::Subnet": "ec2:CreateSubnet",
    "AWS::EC2::VPC": "ec2:CreateVpc",
    "AWS::EC2::VPCEndpoint": "ec2:CreateVpcEndpoint",
    "AWS::Events::Rule": "events:PutRule",
    "AWS::IAM::Policy": "iam:PutRolePolicy",
    "AWS::IAM::Role": "iam:CreateRole",
    "AWS::KMS::Key": "kms:CreateKey",
    "AWS::Lambda::EventInvokeConfig": "lambda:PutFunctionEventInvokeConfig",
    "AWS::Lambda::Function": "lambda:CreateFunction",
    "AWS::Lambda::LayerVersion": "lambda:PublishLayerVersion",
    "AWS::Lambda::Permission": "lambda:AddPermission",
    "AWS::Logs::LogGroup": "logs:CreateLogGroup",
    "AWS::S3::Bucket": "s3:CreateBucket",
    "AWS::S3::BucketPolicy": "s3:PutBucketPolicy",
    "AWS::SNS::Topic": "sns:CreateTopic",
    "AWS::SQS::Queue": "sqs:CreateQueue",
    "AWS::SageMaker::Domain": "sagemaker:CreateDomain",
    "AWS::SageMaker::UserProfile": "sagemaker:CreateUserProfile",
    "AWS::SageMaker::Workteam": "sagemaker:CreateWorkteam",
    "AWS::Scheduler::Schedule": "scheduler:CreateSchedule",
    "AWS::Scheduler::ScheduleGroup": "scheduler:CreateScheduleGroup",
    "AWS::StepFunctions::StateMachine": "states:CreateStateMachine",
}
"""The call by which CloudFormation makes each kind; a role that may not do it fails the deployment half-way. Kinds that
go with another one (a route with its table, a rule with its group) are left out."""


def handing_over(account: Account) -> Iterator[Finding]:
    if account.caller.endswith(":root"):  # whom IAM's simulation does not take, and policies do not bind
        return
    roles = sorted({_exact(account, one["assumeRoleArn"]) for one in account.stage.stacks.values()})
    denied = _denied(account, _principal(account), ["sts:AssumeRole"], roles)
    yield judged(
        "permissions",
        not denied,
        "the caller may assume the CDK's deploy role",
        "the caller may not assume the CDK's deploy role: allow sts:AssumeRole on arn:aws:iam::<account>:role/cdk-*",
    )


def making(account: Account) -> Iterator[Finding]:
    """IAM's answer leaves some policies of an organization out: what it allows may still be denied.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
    """
    kinds = {one.kind for one in account.stage.resources}
    actions = sorted({action for kind, action in CREATES.items() if kind in kinds} | {"iam:PassRole"})
    for role in sorted(
        {_exact(account, one["cloudFormationExecutionRoleArn"]) for one in account.stage.stacks.values()}
    ):
        denied = _denied(account, role, actions, ["*"])
        yield judged(
            "permissions",
            not denied,
            f"CloudFormation's role may do all {len(actions)} kinds of calls",
            f"CloudFormation's role may not do {', '.join(denied)}: see `cdk bootstrap "
            "--cloudformation-execution-policies`",
        )


def _denied(account: Account, principal: str, actions: list[str], resources: list[str]) -> list[str]:
    pages = account.client("iam").get_paginator("simulate_principal_policy")
    asked = pages.paginate(PolicySourceArn=principal, ActionNames=actions, ResourceArns=resources)
    results = [one for page in asked for one in page["EvaluationResults"]]
    return sorted({one["EvalActionName"] for one in results if one["EvalDecision"] != "allowed"})


def _principal(account: Account) -> str:
    """A session's role, with the path that the session's own ARN leaves out."""
    session = _ASSUMED.fullmatch(account.caller)
    if not session:
        return account.caller
    return str(account.client("iam").get_role(RoleName=session[1])["Role"]["Arn"])


def _exact(account: Account, text: str) -> str:
    known = {"${AWS::Partition}": "aws", "${AWS::AccountId}": account.number, "${AWS::Region}": account.region}
    for name, value in known.items():
        text = text.replace(name, value)
    return text
