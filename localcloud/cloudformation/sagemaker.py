"""SageMaker's resource types. As on AWS, they wait until a domain or a profile is in service or gone."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from localcloud.cloudformation.registry import Created, Properties, register
from localcloud.sagemaker.api import ApiError, call
from localcloud.sagemaker.model import operation_model

_TIMEOUT_SECONDS = 3600.0  # CloudFormation's own bound for stabilizing a domain
_PAUSE_SECONDS = 0.05
_GONE = ("ResourceNotFound", "ResourceNotFoundException")


def register_types() -> None:
    register("AWS::SageMaker::Domain", _create_domain, _delete_domain, update=_update_domain, tags=True)
    register("AWS::SageMaker::UserProfile", _create_profile, _delete_profile, update=_update_profile, tags=True)
    register("AWS::SageMaker::Workteam", _create_workteam, _delete_workteam, update=_update_workteam, tags=True)


def _request(operation: str, properties: Properties) -> dict[str, Any]:
    """The properties that the operation takes; numbers and booleans that a template carries as strings converted."""
    shape: Any = operation_model(operation).input_shape
    known = {name: value for name, value in properties.items() if name in shape.members}
    return dict(_typed(shape, known))


def _typed(shape: Any, value: Any) -> Any:
    if shape.type_name == "structure" and isinstance(value, dict):
        return {k: _typed(shape.members[k], v) if k in shape.members else v for k, v in value.items()}
    if shape.type_name == "list" and isinstance(value, list):
        return [_typed(shape.member, item) for item in value]
    if shape.type_name in ("integer", "long") and isinstance(value, str):
        return int(value)
    if shape.type_name == "boolean" and isinstance(value, str):
        return value.lower() == "true"
    return value


def _settled(describe: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Wait for the end of a state change. Raises ValueError with AWS's reason when it ends in a failure."""
    deadline = time.monotonic() + _TIMEOUT_SECONDS
    while time.monotonic() < deadline:
        record = describe()
        status = record["Status"]
        if status == "InService":
            return record
        if status.endswith("Failed"):
            raise ValueError(f"{status}: {record.get('FailureReason', 'no reason given')}")
        time.sleep(_PAUSE_SECONDS)
    raise ValueError(f"did not settle within {_TIMEOUT_SECONDS:.0f} s")


def _delete(operation: str, identity: dict[str, str]) -> None:
    """Delete and wait until it is gone; what is gone already is deleted."""
    try:
        call(f"Delete{operation}", identity)
        while True:
            _settled(lambda: call(f"Describe{operation}", identity))
            time.sleep(_PAUSE_SECONDS)
    except ApiError as error:
        if error.code not in _GONE:
            raise ValueError(f"{error.code}: {error.message}") from error


def _changed(old: Properties, new: Properties, replacing: tuple[str, ...]) -> bool:
    return any(old.get(name) != new.get(name) for name in replacing)


def _create_domain(properties: Properties, _name: str) -> Created:
    created = call("CreateDomain", _request("CreateDomain", properties))
    domain_id = created.get("DomainId") or created["DomainArn"].rsplit("/", 1)[-1]
    try:
        return _domain(domain_id)
    except ValueError:
        _delete_domain(domain_id, properties)  # AWS: a few moments later, in the rollback
        raise


def _domain(domain_id: str) -> Created:
    names = (
        "DomainArn",
        "DomainId",
        "HomeEfsFileSystemId",
        "SecurityGroupIdForDomainBoundary",
        "SingleSignOnApplicationArn",
        "SingleSignOnManagedApplicationInstanceId",
        "Url",
    )
    record = _settled(lambda: call("DescribeDomain", {"DomainId": domain_id}))
    return domain_id, {name: record.get(name, "") for name in names}


def _update_domain(domain_id: str, old: Properties, new: Properties) -> Created:
    if _changed(old, new, ("AuthMode", "DomainName", "KmsKeyId", "VpcId")):
        return _create_domain(new, "")
    call("UpdateDomain", {**_request("UpdateDomain", new), "DomainId": domain_id})
    return _domain(domain_id)


def _delete_domain(domain_id: str, _properties: Properties) -> None:
    _delete("Domain", {"DomainId": domain_id})


def _profile_identity(properties: Properties) -> dict[str, str]:
    return {"DomainId": properties["DomainId"], "UserProfileName": properties["UserProfileName"]}


def _create_profile(properties: Properties, _name: str) -> Created:
    call("CreateUserProfile", _request("CreateUserProfile", properties))
    return _profile(properties)


def _profile(properties: Properties) -> Created:
    identity = _profile_identity(properties)
    record = _settled(lambda: call("DescribeUserProfile", identity))
    return f"{identity['UserProfileName']}|{identity['DomainId']}", {"UserProfileArn": record["UserProfileArn"]}


def _update_profile(_physical_id: str, old: Properties, new: Properties) -> Created:
    replacing = ("DomainId", "UserProfileName", "SingleSignOnUserIdentifier", "SingleSignOnUserValue")
    if _changed(old, new, replacing):
        return _create_profile(new, "")
    call("UpdateUserProfile", _request("UpdateUserProfile", new))
    return _profile(new)


def _delete_profile(_physical_id: str, properties: Properties) -> None:
    _delete("UserProfile", _profile_identity(properties))


def _workteam_request(operation: str, properties: Properties, name: str) -> dict[str, Any]:
    """CloudFormation names the members of a Cognito definition differently than the API does."""
    request = {"WorkteamName": name, **_request(operation, properties)}
    request["MemberDefinitions"] = [_member(definition) for definition in properties.get("MemberDefinitions", [])]
    return request


def _member(definition: dict[str, Any]) -> dict[str, Any]:
    cognito = definition.get("CognitoMemberDefinition")
    if cognito is None:
        return definition
    names = {"CognitoUserPool": "UserPool", "CognitoUserGroup": "UserGroup", "CognitoClientId": "ClientId"}
    return {"CognitoMemberDefinition": {names.get(key, key): value for key, value in cognito.items()}}


def _create_workteam(properties: Properties, name: str) -> Created:
    request = _workteam_request("CreateWorkteam", properties, name)
    arn = call("CreateWorkteam", request)["WorkteamArn"]
    return arn, {"Id": arn, "WorkteamName": request["WorkteamName"]}


def _update_workteam(arn: str, old: Properties, new: Properties) -> Created:
    if _changed(old, new, ("WorkteamName", "WorkforceName")):
        return _create_workteam(new, "")
    name = arn.rsplit("/", 1)[-1]
    call("UpdateWorkteam", _workteam_request("UpdateWorkteam", new, name))
    return arn, {"Id": arn, "WorkteamName": name}


def _delete_workteam(arn: str, _properties: Properties) -> None:
    if not call("DeleteWorkteam", {"WorkteamName": arn.rsplit("/", 1)[-1]})["Success"]:
        raise ValueError(f"workteam {arn} could not be deleted")
