"""What IAM is asked for a call: the action itself, what it asks besides, and under which circumstances."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ministack.core import iam_actions
from ministack.services import efs, tagging

from localcloud.iam.gate import keys
from localcloud.iam.gate.callers import Caller
from localcloud.iam.gate.calls import Call
from localcloud.iam.gate.resources import arn, resource_of, vpc_of
from localcloud.iam.gate.table import ACTIONS
from localcloud.iam.requests import AuthorizationRequest, ContextValue
from localcloud.sagemaker.store import ACCOUNT, REGION, table
from localcloud.step_functions import tokens

# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
_PARTS = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}
# Roles that are handed over, and to whom: by the operation, the parameter that names the role.
_PASSED = {
    ("sagemaker", "CreateLabelingJob"): ("RoleArn", "sagemaker.amazonaws.com"),
    ("sagemaker", "CreateProcessingJob"): ("RoleArn", "sagemaker.amazonaws.com"),
    ("sagemaker", "CreateDomain"): ("DefaultUserSettings.ExecutionRole", "sagemaker.amazonaws.com"),
    ("sagemaker", "CreateUserProfile"): ("UserSettings.ExecutionRole", "sagemaker.amazonaws.com"),
    ("sagemaker", "UpdateDomain"): ("DefaultUserSettings.ExecutionRole", "sagemaker.amazonaws.com"),
    ("scheduler", "CreateSchedule"): ("Target.RoleArn", "scheduler.amazonaws.com"),
    ("scheduler", "UpdateSchedule"): ("Target.RoleArn", "scheduler.amazonaws.com"),
    ("states", "CreateStateMachine"): ("roleArn", "states.amazonaws.com"),
    ("lambda", "CreateFunction"): ("Role", "lambda.amazonaws.com"),
}
# "On the caller's behalf": https://docs.aws.amazon.com/sagemaker/latest/dg/api-permissions-reference.html
_OF_COGNITO = ("DescribeUserPool", "DescribeUserPoolClient", "UpdateUserPool", "UpdateUserPoolClient")
# A bucket's ARN does not tell its account; there is only one.
_OWN: Mapping[str, ContextValue] = {"aws:ResourceAccount": ACCOUNT}


@dataclass(frozen=True)
class Asked:
    """An action on a resource; `context` holds the keys of this one only."""

    action: str
    resource: str
    context: Mapping[str, ContextValue]


def requests(caller: Caller, call: Call, fallback: str, extra: list[tuple[str, str]]) -> list[AuthorizationRequest]:
    """`fallback`: the resource where the table has none; `extra`: what S3 asks besides."""
    common, of_keys = _common(caller), (Asked(*use) for use in keys.uses(call))
    asked = [*_asked(call, fallback), *(Asked(action, on, _OWN) for action, on in extra), *of_keys]
    name = f"{call.service}:{call.operation}"
    return [
        AuthorizationRequest(caller.principal, one.action, (one.resource,), common | dict(one.context), name, caller.by)
        for one in asked
    ]


def _asked(call: Call, fallback: str) -> Iterator[Asked]:
    several = list(_several(call))
    if several or (call.service == "states" and call.operation.startswith("SendTask")):
        yield from several or _of_token(call)
        return
    resource = resource_of(call) or fallback
    action = ACTIONS.get((call.service, call.operation), call.operation)
    yield Asked(f"{call.service}:{action}", resource, _context(call, resource))
    yield from _dependent(call, resource)


def _several(call: Call) -> Iterator[Asked]:
    """Operations that are several actions, or one on several resources; none for all others."""
    given = call.params
    if call.service == "dynamodb":
        for item in given.get("TransactItems") or []:
            for part, content in item.items():
                action = "GetItem" if part == "Get" else _PARTS.get(part, part)
                yield Asked(f"dynamodb:{action}", arn("dynamodb", f"table/{content.get('TableName')}"), {})
        if call.operation in ("BatchGetItem", "BatchWriteItem"):
            for name in given.get("RequestItems") or {}:
                yield Asked(f"dynamodb:{call.operation}", arn("dynamodb", f"table/{name}"), {})
    elif (call.service, call.operation) == ("events", "PutEvents"):
        for entry in given.get("Entries") or []:
            bus = str(entry.get("EventBusName") or "default")
            said = {"events:source": entry.get("Source", ""), "events:detail-type": entry.get("DetailType", "")}
            yield Asked("events:PutEvents", bus if bus.startswith("arn:") else arn("events", f"event-bus/{bus}"), said)


def _of_token(call: Call) -> Iterator[Asked]:
    """A token tells the machine; one that tells none is refused for itself."""
    machine = tokens.machine_of(call.params.get("taskToken", ""))
    if machine:
        yield Asked(f"states:{call.operation}", machine, {})


def _common(caller: Caller) -> dict[str, ContextValue]:
    """AWS's clients speak TLS with AWS's own addresses, so that is what AWS would see."""
    common: dict[str, ContextValue] = {"aws:SecureTransport": "true"}
    if caller.principal.startswith("arn:"):
        common |= {"aws:PrincipalAccount": ACCOUNT, "aws:PrincipalArn": caller.principal, "aws:RequestedRegion": REGION}
        tags = tagging.resource_tags(caller.principal) or {}
        common |= {f"aws:PrincipalTag/{key}": value for key, value in tags.items()}
    return common


def _context(call: Call, resource: str) -> dict[str, ContextValue]:
    context: dict[str, ContextValue] = {}
    context |= {f"aws:ResourceTag/{key}": value for key, value in tags_of(resource).items()}
    context |= _request_tags(call)
    match call.service:
        case "cloudwatch":
            context |= (
                {"cloudwatch:namespace": str(call.params.get("Namespace", ""))}
                if call.operation == "PutMetricData"
                else {}
            )
        case "ec2":
            vpc = vpc_of(call)
            context |= {"ec2:Vpc": arn("ec2", f"vpc/{vpc}")} if vpc else {}
        case "s3":
            context |= _of_s3(call)
        case "sagemaker":
            context |= _of_sagemaker(call)
    return context


def _of_s3(call: Call) -> dict[str, ContextValue]:
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html; a prefix that is not given is
    no key.
    """
    keys = {name: str(call.params[name]) for name in ("prefix", "delimiter", "max-keys") if name in call.params}
    listing = call.operation.startswith("ListBucket")
    return {**_OWN, **({f"s3:{name}": value for name, value in keys.items()} if listing else {})}


def _of_sagemaker(call: Call) -> dict[str, ContextValue]:
    given = call.params
    keys: dict[str, ContextValue] = {}
    known = table("space").get((given.get("DomainId"), given.get("SpaceName"))) or given
    space = known if re.fullmatch("(Create|Delete|Update)(App|Space)", call.operation) else {}
    if owner := (space.get("OwnershipSettings") or {}).get("OwnerUserProfileName"):
        keys["sagemaker:OwnerUserProfileArn"] = arn("sagemaker", f"user-profile/{given['DomainId']}/{owner}")
    if sharing := (space.get("SpaceSharingSettings") or {}).get("SharingType"):
        keys["sagemaker:SpaceSharingType"] = sharing
    if types := _instance_types(given):
        keys["sagemaker:InstanceTypes"] = types
    return keys


def _instance_types(given: Mapping[str, Any]) -> tuple[str, ...]:
    cluster = (given.get("ProcessingResources") or {}).get("ClusterConfig") or {}
    found = cluster.get("InstanceType") or (given.get("ResourceSpec") or {}).get("InstanceType")
    return (found,) if found else ()


def tags_of(resource: str) -> Mapping[str, str]:
    kind = resource.split(":")[2:3]
    if kind == ["sagemaker"]:
        return dict(table("_tags").get(resource) or {})
    if kind == ["elasticfilesystem"]:
        identity = resource.rsplit("/", 1)[-1]
        found = efs._file_systems.get(identity) or efs._access_points.get(identity) or {}
        return {tag["Key"]: tag["Value"] for tag in found.get("Tags") or []}
    return {} if resource == "*" or kind == ["s3"] else dict(tagging.resource_tags(resource) or {})


def _request_tags(call: Call) -> dict[str, ContextValue]:
    listed = call.params.get("Tags")
    tags = {tag["Key"]: tag["Value"] for tag in listed if "Key" in tag} if isinstance(listed, list) else {}
    keys: dict[str, ContextValue] = {f"aws:RequestTag/{key}": value for key, value in tags.items()}
    return {**keys, "aws:TagKeys": tuple(sorted(tags))} if tags else {}


def _dependent(call: Call, resource: str) -> Iterator[Asked]:
    """What the same call must be allowed besides."""
    if passed := _PASSED.get((call.service, call.operation)):
        role = _deep(call.params, passed[0])
        if role:
            yield Asked("iam:PassRole", role, {"iam:PassedToService": passed[1]})
    if call.service == "sagemaker" and call.operation.startswith("Create") and call.params.get("Tags"):
        tagging_keys = {"sagemaker:TaggingAction": call.operation, **_request_tags(call)}
        yield Asked("sagemaker:AddTags", resource, tagging_keys)
    if (call.service, call.operation) in (("sagemaker", "CreateWorkforce"), ("sagemaker", "UpdateWorkforce")):
        pool = (call.params.get("CognitoConfig") or {}).get("UserPool")
        for operation in _OF_COGNITO if pool else ():
            yield Asked(f"cognito-idp:{operation}", arn("cognito-idp", f"userpool/{pool}"), {})
    if (call.service, call.operation) == ("elasticfilesystem", "DeleteMountTarget"):
        yield from _interface(call)


def _interface(call: Call) -> Iterator[Asked]:
    """https://docs.aws.amazon.com/efs/latest/APIReference/API_DeleteMountTarget.html: ec2:DeleteNetworkInterface."""
    target = efs._mount_targets.get(call.params.get("MountTargetId", "")) or {}
    if target.get("NetworkInterfaceId"):
        own = replace(call, service="ec2", params={"NetworkInterfaceId": target["NetworkInterfaceId"]})
        vpc = vpc_of(own) or target.get("VpcId")
        on = arn("ec2", f"network-interface/{target['NetworkInterfaceId']}")
        yield Asked("ec2:DeleteNetworkInterface", on, {"ec2:Vpc": arn("ec2", f"vpc/{vpc}")} if vpc else {})


def _deep(params: Mapping[str, Any], path: str) -> str:
    value: Any = params
    for step in path.split("."):
        value = (value or {}).get(step)
    return str(value or "")


def s3_extra(method: str, path: str, headers: Any, body: bytes, query: Any) -> list[tuple[str, str]]:
    """What a copy reads, and the second key and those after it of DeleteObjects."""
    return list(iam_actions.s3_additional_checks(method, path, headers, body, query))
