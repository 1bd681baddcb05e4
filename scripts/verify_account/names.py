"""Names that the stage would take, and that somebody may have taken before: CloudFormation finds out late."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from botocore.exceptions import ClientError

from adapters.aws_errors import error_code
from scripts.verify_account.account import Account
from scripts.verify_account.finding import Finding, ok, problem
from scripts.verify_account.stage import Resource, resolved

Client = Callable[[str], Any]
_GONE = {
    "404",
    "NoSuchBucket",
    "NoSuchEntity",
    "NotFoundException",
    "ResourceNotFound",
    "ResourceNotFoundException",
    "StateMachineDoesNotExist",
}


def _log_group(client: Client, name: str, _: Account) -> bool:
    pages = client("logs").get_paginator("describe_log_groups").paginate(logGroupNamePrefix=name)
    return any(one["logGroupName"] == name for page in pages for one in page["logGroups"])


def _machine(client: Client, name: str, account: Account) -> bool:
    arn = f"arn:aws:states:{account.region}:{account.number}:stateMachine:{name}"
    return bool(client("stepfunctions").describe_state_machine(stateMachineArn=arn))


def _domain_prefix(client: Client, name: str, _: Account) -> bool:
    """A prefix is taken by whoever has it in the Region, in any account; then the answer names no pool of ours."""
    return bool(client("cognito-idp").describe_user_pool_domain(Domain=name).get("DomainDescription"))


def _studio(client: Client, name: str, _: Account) -> bool:
    pages = client("sagemaker").get_paginator("list_domains").paginate()
    return any(one["DomainName"] == name for page in pages for one in page["Domains"])


_TAKEN: dict[str, tuple[str, Callable[[Client, str, Account], bool]]] = {
    "AWS::Budgets::Budget": (
        "Budget.BudgetName",
        lambda client, name, account: bool(
            client("budgets").describe_budget(AccountId=account.number, BudgetName=name)
        ),
    ),
    "AWS::CloudWatch::Dashboard": (
        "DashboardName",
        lambda client, name, _: bool(client("cloudwatch").get_dashboard(DashboardName=name)),
    ),
    "AWS::Cognito::UserPoolDomain": ("Domain", _domain_prefix),
    "AWS::DynamoDB::Table": (
        "TableName",
        lambda client, name, _: bool(client("dynamodb").describe_table(TableName=name)),
    ),
    "AWS::IAM::Role": ("RoleName", lambda client, name, _: bool(client("iam").get_role(RoleName=name))),
    "AWS::Lambda::Function": (
        "FunctionName",
        lambda client, name, _: bool(client("lambda").get_function_configuration(FunctionName=name)),
    ),
    "AWS::Logs::LogGroup": ("LogGroupName", _log_group),
    "AWS::S3::Bucket": ("BucketName", lambda client, name, _: bool(client("s3").head_bucket(Bucket=name))),
    "AWS::SageMaker::Domain": ("DomainName", _studio),
    "AWS::Scheduler::ScheduleGroup": (
        "Name",
        lambda client, name, _: bool(client("scheduler").get_schedule_group(Name=name)),
    ),
    "AWS::StepFunctions::StateMachine": ("StateMachineName", _machine),
}
"""By the kind of resource: the property that names it, and whether there is one already."""


def collisions(account: Account, kind: str) -> Iterator[Finding]:
    """Of one kind, in stacks that are not deployed yet."""
    name_of, taken = _TAKEN[kind]
    names = sorted(set(filter(None, (_name(account, one, name_of) for one in account.stage.of_kind(kind)))))
    found = [name for name in names if _is_there(account, taken, name)]
    for name in found:
        yield problem("names", f"{kind} {name} exists already: delete it, or give the stage another name")
    if names and not found:
        yield ok("names", f"{kind}: {len(names)} free")


def kinds() -> list[str]:
    return list(_TAKEN)


def _name(account: Account, resource: Resource, path: str) -> str | None:
    if resource.stack in account.deployed:
        return None
    value: Any = resource.properties
    for part in path.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return resolved(value, account.region, account.number)


def _is_there(account: Account, taken: Callable[[Client, str, Account], bool], name: str) -> bool:
    try:
        return taken(account.client, name, account)
    except ClientError as error:
        if error_code(error) in _GONE:
            return False
        raise
