"""Who asks, of which Region, and whether the CDK is at home there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from adapters.aws_errors import error_code
from scripts.verify_account.finding import Finding, judged, note, ok, problem
from scripts.verify_account.stage import Stage


@dataclass
class Account:
    """`client` gives one for a service's name. `number` and `caller` are known once `identity` was looked at."""

    stage: Stage
    client: Callable[[str], Any]
    region: str
    number: str = ""
    caller: str = ""
    deployed: set[str] = field(default_factory=set)

    @property
    def secrets(self) -> list[str]:
        """What of the caller must not be in a report, and no pattern knows: a user's name, a session's."""
        return [self.caller.rpartition("/")[2]] if "/" in self.caller else []


def identity(account: Account) -> Iterator[Finding]:
    answer = account.client("sts").get_caller_identity()
    account.number, account.caller = answer["Account"], answer["Arn"]
    kind = account.caller.rpartition(":")[2].split("/")[0]
    yield ok("who asks", f"credentials of a principal of the kind `{kind}`")
    if kind == "root":
        yield problem("who asks", "these are root's credentials: deploy with a role or a user instead")


def region(account: Account) -> Iterator[Finding]:
    wanted = account.stage.region
    yield judged(
        "Region",
        account.region == wanted,
        f"{wanted}, for which the templates were made",
        f"the credentials' Region is {account.region}, that of the templates {wanted}: set AWS_REGION, synth again",
    )


def bootstrap(account: Account) -> Iterator[Finding]:
    for parameter, version in {
        (one["bootstrapStackVersionSsmParameter"], one["requiresBootstrapStackVersion"])
        for one in account.stage.stacks.values()
    }:
        qualifier = parameter.split("/")[2]
        try:
            found = int(account.client("ssm").get_parameter(Name=parameter)["Parameter"]["Value"])
        except ClientError as error:
            if error_code(error) != "ParameterNotFound":
                raise
            yield problem("bootstrap", f"there is no {parameter}: run `cdk bootstrap --qualifier {qualifier}`")
            continue
        yield judged(
            "bootstrap",
            found >= version,
            f"{parameter} is {found}, at least {version} is needed",
            f"{parameter} is {found}, and {version} is needed: run `cdk bootstrap --qualifier {qualifier}` again",
        )


def stacks(account: Account) -> Iterator[Finding]:
    """After a deployment: how each stack stands, and its outputs."""
    for name in account.stage.stacks:
        try:
            (stack,) = account.client("cloudformation").describe_stacks(StackName=name)["Stacks"]
        except ClientError as error:
            if error_code(error) != "ValidationError":
                raise
            yield note(f"stack {name}", "not deployed yet")
            continue
        account.deployed.add(name)
        status = stack["StackStatus"]
        outputs = {one["OutputKey"]: one["OutputValue"] for one in stack.get("Outputs", [])}
        told = ", ".join(f"{key} = {value}" for key, value in sorted(outputs.items()) if not key.startswith("Exports"))
        good = status.endswith("_COMPLETE") and "ROLLBACK" not in status and status != "DELETE_COMPLETE"
        yield judged(f"stack {name}", good, f"{status}. {told}", f"{status}: look at its events, then deploy again")
