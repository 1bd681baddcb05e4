"""The resource of a call: by the table, or, where it takes more than a name, by what is there.

What is not in the table is called by nothing of ours but the CDK command line: then ministack says which it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from ministack.core import iam_actions
from ministack.services import ec2, efs, secretsmanager

from localcloud.iam.gate.calls import Call
from localcloud.iam.gate.table import ARNS, NONE, TABLE, by_operation
from localcloud.sagemaker.store import ACCOUNT, REGION

_TABLE, _ARNS = by_operation(TABLE), by_operation(ARNS)


def resource_of(call: Call) -> str | None:
    """The ARN, `*` where there is none; None where only ministack knows."""
    if call.service in NONE:
        return "*"
    if special := _SPECIAL.get((call.service, call.operation)):
        return special(call)
    if parameter := _ARNS.get((call.service, call.operation)):
        return str(call.params.get(parameter, "*"))
    if form := _TABLE.get((call.service, call.operation)):
        return arn(call.service, _filled(form, call.params))
    return "*" if call.service in TABLE else None


def arn(service: str, resource: str) -> str:
    return resource if resource.startswith("arn:") else f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}"


def _filled(form: str, params: Mapping[str, Any]) -> str:
    def value(found: re.Match[str]) -> str:
        text = str(params.get(found[1]) or found[3] or "")
        return text.lower() if found[2] else text

    return re.sub(r"\{(\w+)(!l)?(?:\?(\w*))?\}", value, form)


def _app(call: Call) -> str:
    """How an app's ARN spells its type is not documented; answers of the API have small letters."""
    given = call.params
    owner = given.get("UserProfileName") or given.get("SpaceName")
    kind = str(given.get("AppType", "")).lower()
    return arn("sagemaker", f"app/{given.get('DomainId')}/{owner}/{kind}/{given.get('AppName')}")


def _function(call: Call) -> str:
    """An alias or a version is part of the ARN."""
    name = str(call.params.get("FunctionName", ""))
    full = name if name.startswith("arn:") else arn("lambda", f"function:{name}")
    return f"{full}:{call.params['Qualifier']}" if call.params.get("Qualifier") else full


def _query(call: Call) -> str:
    index = call.params.get("IndexName")
    return arn("dynamodb", f"table/{call.params.get('TableName')}" + (f"/index/{index}" if index else ""))


def _queue(call: Call) -> str:
    return arn("sqs", str(call.params.get("QueueUrl", "")).rsplit("/", 1)[-1])


def _secret(call: Call) -> str:
    _, secret = secretsmanager._resolve(call.params.get("SecretId", ""))
    return str(secret["ARN"]) if secret else arn("secretsmanager", f"secret:{call.params.get('SecretId')}")


def _file_system(call: Call) -> str:
    """Of a mount target it is its file system. Without any of them, those that there are."""
    target = efs._mount_targets.get(call.params.get("MountTargetId", "")) or {}
    identity = call.params.get("FileSystemId") or target.get("FileSystemId")
    return arn("elasticfilesystem", f"file-system/{identity}") if identity else "*"


def _access_point(call: Call) -> str:
    identity = call.params.get("AccessPointId")
    return arn("elasticfilesystem", f"access-point/{identity}") if identity else _file_system(call)


_SPECIAL: dict[tuple[str, str], Callable[[Call], str]] = {
    ("dynamodb", "Query"): _query,
    ("elasticfilesystem", "DeleteMountTarget"): _file_system,
    ("elasticfilesystem", "DescribeAccessPoints"): _access_point,
    ("elasticfilesystem", "DescribeFileSystems"): _file_system,
    ("elasticfilesystem", "DescribeMountTargets"): _file_system,
    ("lambda", "Invoke"): _function,
    ("secretsmanager", "GetSecretValue"): _secret,
    ("sqs", "SendMessage"): _queue,
    ("sqs", "SendMessageBatch"): _queue,
    **{("sagemaker", f"{verb}App"): _app for verb in ("Create", "Delete", "Describe")},
}


def vpc_of(call: Call) -> str:
    """The VPC's id, of what an EC2 call is about; empty where it is about nothing in one."""
    group = ec2._security_groups.get(call.params.get("GroupId", "")) or {}
    interface = ec2._network_interfaces.get(call.params.get("NetworkInterfaceId", "")) or {}
    return str(group.get("VpcId") or interface.get("VpcId") or "")


def as_ministack_says(service: str, method: str, path: str, headers: Any, body: bytes, query: Any) -> str:
    """For what is not in the table."""
    return str(iam_actions.extract_resource_arn(service, method, path, headers, body, query, REGION, ACCOUNT))
