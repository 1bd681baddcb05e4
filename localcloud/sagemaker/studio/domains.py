"""Domains: CreateDomain, DescribeDomain, UpdateDomain, DeleteDomain, ListDomains."""

from __future__ import annotations

import secrets
import string

from ministack.services import ec2

from localcloud.network import vpc
from localcloud.sagemaker import clock, store
from localcloud.sagemaker.api import Params, operation
from localcloud.sagemaker.errors import ApiError
from localcloud.sagemaker.store import ACCOUNT, LOCK, REGION, Record, table
from localcloud.sagemaker.studio import home_file_system, lifecycle

_DEFAULTS = {
    "AppNetworkAccessType": "PublicInternetOnly",
    "HomeEfsFileSystemCreation": "Enabled",
    "TagPropagation": "DISABLED",
}
# What may change only while no app of the domain is Pending, InService or Deleting.
_WHILE_NO_APP_RUNS = ("AppNetworkAccessType", "SubnetIds", "VpcId")


def find(domain_id: str) -> Record:
    return lifecycle.found("domain", domain_id, f"Domain {domain_id}")


def in_service(domain_id: str) -> Record:
    """The domain, if profiles, spaces and apps can be made in it now."""
    domain = find(domain_id)
    if domain["Status"] not in ("InService", "Updating", "Update_Failed"):
        raise ApiError("ValidationException", f"Domain {domain_id} is in status {domain['Status']}, not InService")
    return domain


@operation("CreateDomain")
def create(params: Params) -> Params:
    domain_id = "d-" + "".join(secrets.choice(string.ascii_lowercase + string.digits) for _ in range(12))
    record: Record = {
        **_DEFAULTS,
        **params,
        "DomainId": domain_id,
        "DomainArn": store.arn("domain", domain_id),
        "Url": f"https://{domain_id}.studio.{REGION}.sagemaker.aws",
        "CreationTime": clock.now(),
    }
    record.pop("Tags", None)
    _check_settings(record)
    _check_network(record)
    if record["AuthMode"] == "SSO":
        instance = secrets.token_hex(8)
        record["SingleSignOnManagedApplicationInstanceId"] = f"ins-{instance}"
        record["SingleSignOnApplicationArn"] = f"arn:aws:sso::{ACCOUNT}:application/ssoins-{instance}/apl-{instance}"
    with LOCK:
        table("domain")[domain_id] = record
        lifecycle.begin("CreateDomain", record, record["DomainName"], lambda: _created(record))
    return {key: record[key] for key in ("DomainId", "DomainArn", "Url")}


def _created(record: Record) -> None:
    if record["HomeEfsFileSystemCreation"] == "Enabled":
        record["HomeEfsFileSystemId"] = home_file_system.create(record)
    lifecycle.enter(record, "InService")


def _check_settings(record: Record) -> None:
    if not record["DefaultUserSettings"].get("ExecutionRole"):
        raise ApiError("ValidationException", "DefaultUserSettings.ExecutionRole is required for a domain")


def _check_network(record: Record) -> None:
    vpc_id, subnets = record.get("VpcId"), record.get("SubnetIds")
    if not vpc_id or not subnets:
        raise ApiError("ValidationException", "VpcId and SubnetIds are required for a domain")
    groups = record["DefaultUserSettings"].get("SecurityGroups") or []
    if record["AppNetworkAccessType"] == "VpcOnly" and not groups:
        raise ApiError("ValidationException", "DefaultUserSettings.SecurityGroups is required for VpcOnly")
    for kind, ids, known in (("Subnet", subnets, ec2._subnets), ("Security group", groups, ec2._security_groups)):
        strangers = [one for one in ids if known.get(one, {}).get("VpcId") != vpc_id]
        if strangers:
            raise ApiError("ValidationException", f"{kind} {strangers[0]} does not exist in {vpc_id}")


@operation("DescribeDomain")
def describe(params: Params) -> Params:
    return dict(find(params["DomainId"]))


@operation("UpdateDomain")
def update(params: Params) -> Params:
    with LOCK:
        record = find(params["DomainId"])
        lifecycle.require_settled(record, f"Domain {record['DomainId']}")
        changed = {name for name in _WHILE_NO_APP_RUNS if name in params and params[name] != record.get(name)}
        if changed and _children(record["DomainId"], "app"):
            raise ApiError("ResourceInUse", f"{', '.join(sorted(changed))} can change only while no app is running")
        merged = {**record, **_without(params, "DomainSettingsForUpdate")}
        merged["DefaultUserSettings"] = {**record["DefaultUserSettings"], **params.get("DefaultUserSettings", {})}
        merged["DomainSettings"] = {**record.get("DomainSettings", {}), **params.get("DomainSettingsForUpdate", {})}
        _check_network(merged)
        lifecycle.begin("UpdateDomain", record, record["DomainName"], lambda: _updated(record, merged))
    return {"DomainArn": record["DomainArn"]}


def _updated(record: Record, merged: Record) -> None:
    record.update(_without(merged, "Status", "LastModifiedTime", "FailureReason"))
    if record.get("HomeEfsFileSystemId"):
        home_file_system.add_mount_targets(record["HomeEfsFileSystemId"], record)
    lifecycle.enter(record, "InService")


def _without(record: Record, *names: str) -> Record:
    return {key: value for key, value in record.items() if key not in names}


@operation("DeleteDomain")
def delete(params: Params) -> Params:
    domain_id = params["DomainId"]
    retain = params.get("RetentionPolicy", {}).get("HomeEfsFileSystem", "Retain") == "Retain"
    with LOCK:
        record = find(domain_id)
        lifecycle.require_settled(record, f"Domain {domain_id}")
        for kind, noun in (("app", "App(s)"), ("space", "Space(s)"), ("user-profile", "UserProfile(s)")):
            if _children(domain_id, kind):
                message = f"Unable to delete Domain [{record['DomainArn']}] because {noun} are associated with it."
                raise ApiError("ResourceInUse", message)
        lifecycle.begin("DeleteDomain", record, record["DomainName"], lambda: _deleted(record, retain=retain))
    return {}


def _deleted(record: Record, *, retain: bool) -> None:
    """The home file system goes only when asked; the two NFS security groups stay whatever was asked.

    Apps that Failed did not block the deletion, and end with the domain.
    """
    for key, app in list(table("app").items()):
        if app["DomainId"] == record["DomainId"]:
            vpc.remove_interface(app.get("_interface", ""))
            lifecycle.drop("app", key, app["AppArn"])
    if not retain and record.get("HomeEfsFileSystemId"):
        home_file_system.delete(record["HomeEfsFileSystemId"])
    lifecycle.drop("domain", record["DomainId"], record["DomainArn"])


def _children(domain_id: str, kind: str) -> list[Record]:
    """Apps that Failed neither run nor block; profiles and spaces block in any state."""
    records = [record for record in table(kind).values() if record["DomainId"] == domain_id]
    return [record for record in records if kind != "app" or record["Status"] != "Failed"]


@operation("ListDomains")
def list_domains(params: Params) -> Params:
    return store.paginate(lifecycle.snapshot("domain"), params, "Domains")
