"""What `Ref` and `Fn::GetAtt` give for the kinds of resources that policies name.

"Return values" of each resource type in https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from localcloud.iam.deployment import Deployment

# (the deployment, what Ref gives) -> what the attribute is; `{…}` of an ARN.
_ATTRIBUTES: dict[tuple[str, str], str] = {
    ("AWS::Cognito::UserPool", "Arn"): "arn:{partition}:cognito-idp:{region}:{account}:userpool/{ref}",
    ("AWS::DynamoDB::Table", "Arn"): "arn:{partition}:dynamodb:{region}:{account}:table/{ref}",
    ("AWS::Events::Rule", "Arn"): "arn:{partition}:events:{region}:{account}:rule/{ref}",
    ("AWS::IAM::Role", "Arn"): "arn:{partition}:iam::{account}:role/{ref}",
    ("AWS::KMS::Key", "Arn"): "arn:{partition}:kms:{region}:{account}:key/{ref}",
    ("AWS::Lambda::Function", "Arn"): "arn:{partition}:lambda:{region}:{account}:function:{ref}",
    ("AWS::Logs::LogGroup", "Arn"): "arn:{partition}:logs:{region}:{account}:log-group:{ref}:*",
    ("AWS::S3::Bucket", "Arn"): "arn:{partition}:s3:::{ref}",
    ("AWS::SageMaker::Domain", "DomainId"): "{ref}",
    ("AWS::SageMaker::Domain", "DomainArn"): "arn:{partition}:sagemaker:{region}:{account}:domain/{ref}",
    ("AWS::Scheduler::ScheduleGroup", "Arn"): "arn:{partition}:scheduler:{region}:{account}:schedule-group/{ref}",
    ("AWS::SQS::Queue", "Arn"): "arn:{partition}:sqs:{region}:{account}:{last}",
    ("AWS::EC2::SecurityGroup", "GroupId"): "{ref}",
}
# What Ref gives where it is not the name, for a name that is made up; the name is `{name}`.
_REFS = {
    "AWS::SNS::Topic": "arn:{partition}:sns:{region}:{account}:{name}",
    "AWS::SQS::Queue": "https://sqs.{region}.amazonaws.com/{account}/{name}",
    "AWS::StepFunctions::StateMachine": "arn:{partition}:states:{region}:{account}:stateMachine:{name}",
    "AWS::SageMaker::Workteam": "arn:{partition}:sagemaker:{region}:{account}:workteam/private-crowd/{name}",
    "AWS::Cognito::UserPool": "{region}_{short}",
    "AWS::SageMaker::Domain": "d-{short}",
    "AWS::EC2::VPC": "vpc-{short}",
    "AWS::EC2::Subnet": "subnet-{short}",
    "AWS::EC2::SecurityGroup": "sg-{short}",
    "AWS::ApiGatewayV2::Api": "{short}",
    "AWS::KMS::Key": "{short}-0000-0000-0000-000000000000",
}
_NAMES = (
    *("FunctionName", "RoleName", "StateMachineName", "TableName", "TopicName", "QueueName", "LogGroupName", "Name"),
    *("WorkteamName", "BucketName"),
)


NAMED = {kind for kind, _ in _ATTRIBUTES} | _REFS.keys()
"""Kinds of resources that policies and requests name."""


class UnknownAttributeError(Exception):
    """A kind of resource whose attribute the proof has not learned; a line above is missing."""


def attribute(deployment: Deployment, kind: str, name: str, ref: str) -> str:
    """What `Fn::GetAtt` gives."""
    form = _ATTRIBUTES.get((kind, name))
    if form is None:
        raise UnknownAttributeError(f"{kind}.{name}: say in scripts/iam_proof/physical.py what it is")
    return _filled(form, deployment, ref=ref, last=ref.rsplit("/", 1)[-1])


def invented(account: str, region: str, templates: Mapping[str, Mapping[str, Any]]) -> Deployment:
    """A deployment that there never was, by the templates alone: names that they give, others made of logical ids."""
    bare = Deployment(account, region, {}, {})
    stacks = {
        stack: {
            logical: _made_up(bare, stack, logical, resource) for logical, resource in template["Resources"].items()
        }
        for stack, template in templates.items()
    }
    return Deployment(account, region, stacks, {})


def _made_up(deployment: Deployment, stack: str, logical: str, resource: Mapping[str, Any]) -> str:
    properties = resource.get("Properties", {})
    given = (properties.get(name) for name in _NAMES)
    name = next((one for one in given if isinstance(one, str)), f"{stack}-{logical}"[:63])
    if resource["Type"] == "AWS::S3::Bucket":
        name = name.lower()
    short = hashlib.sha256(f"{stack}{logical}".encode()).hexdigest()[:12]
    return _filled(_REFS.get(resource["Type"], "{name}"), deployment, name=name, short=short)


def _filled(form: str, deployment: Deployment, **more: str) -> str:
    place = {"partition": deployment.partition, "region": deployment.region, "account": deployment.account}
    return form.format(**place, **more)
