"""The policies of a stage's synthesized templates, as they would be in a deployment, and how people name them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from localcloud.iam.deployment import Deployment
from localcloud.iam.policies import Match, Policy, StoredPolicies, policy
from scripts.iam_proof.intrinsics import Physical, Plain, Resolver, Templates, short

MANAGED = Path(__file__).with_name("managed_policies.json")


class Grant(NamedTuple):
    """In the words of docs/permissions.md: the role, or the resource whose policy it is; an action; a resource."""

    who: str
    may: str
    on: str

    def __str__(self) -> str:
        return f"{self.who} {self.may} on {self.on or 'itself'}"


@dataclass(frozen=True)
class Stage:
    """`whose`: by a policy's name, the role or resource that has it. `plain`: by policy and statement, its patterns of
    resources as people read them. `unread`: policies of AWS whose text the proof has not, by their role.
    """

    deployment: Deployment
    policies: StoredPolicies
    whose: Mapping[str, str]
    plain: Mapping[tuple[str, int, str], str]
    roles: Mapping[str, str]
    unread: tuple[tuple[str, str], ...]

    def grant(self, match: Match) -> Grant:
        on = self.plain.get((match.policy, match.statement, match.resource), match.resource)
        return Grant(self.whose.get(match.policy, match.policy), match.action, on)


def stage(templates: Templates, deployment: Deployment) -> Stage:
    """Raises UnresolvableError and PolicyError."""
    return _Reader(templates, deployment).stage()


@dataclass
class _Reader:
    templates: Templates
    deployment: Deployment
    whose: dict[str, str] = field(default_factory=dict)
    plain: dict[tuple[str, int, str], str] = field(default_factory=dict)
    unread: list[tuple[str, str]] = field(default_factory=list)

    @cached_property
    def physical(self) -> Resolver:
        return Resolver(self.templates, Physical(self.templates, self.deployment))

    @cached_property
    def readable(self) -> Resolver:
        return Resolver(self.templates, Plain())

    @cached_property
    def managed(self) -> dict[str, Any]:
        """Those of AWS, and those that the stacks make, by ARN."""
        texts: dict[str, Any] = json.loads(MANAGED.read_text("utf-8"))
        return texts

    def stage(self) -> Stage:
        stored = StoredPolicies(
            identities=self._identities(),
            boundaries=self._boundaries(),
            resources=self._resources(),
            endpoints=self._endpoints(),
        )
        roles = {self._role_arn(stack, logical): Plain().ref(stack, logical) for stack, logical, _ in self._all("Role")}
        return Stage(self.deployment, stored, self.whose, self.plain, roles, tuple(self.unread))

    def _identities(self) -> dict[str, list[Policy]]:
        found: dict[str, list[Policy]] = defaultdict(list)
        for stack, logical, role in self._all("Role"):
            arn, who = self._role_arn(stack, logical), Plain().ref(stack, logical)
            for inline in role.get("Policies", []):
                name = f"{stack}/{logical}/{inline['PolicyName']}"
                found[arn].append(self._policy(name, who, inline["PolicyDocument"], stack))
            for managed in self.physical.resolve(role.get("ManagedPolicyArns", []), stack):
                if managed in self.managed:
                    name = f"{stack}/{logical}/{managed.rsplit('/', 1)[-1]}"
                    found[arn].append(self._policy(name, who, self.managed[managed]["document"], stack))
                else:
                    self.unread.append((who, managed.rsplit("/", 1)[-1]))
        for stack, logical, given in (*self._all("Policy"), *self._all("ManagedPolicy")):
            for reference in given.get("Roles", []):
                arn = self._arn("iam", f"role/{self.physical.resolve(reference, stack)}")
                who = self.readable.resolve(reference, stack)
                name = f"{stack}/{logical}" + (f"/{who}" if len(given["Roles"]) > 1 else "")
                found[arn].append(self._policy(name, who, given["PolicyDocument"], stack))
        return found

    def _boundaries(self) -> dict[str, Policy]:
        """Raises KeyError for a boundary that is neither among AWS's that we have, nor in the stacks."""
        own = {self.physical.resolve({"Ref": one}, stack): (stack, one) for stack, one, _ in self._all("ManagedPolicy")}
        found = {}
        for stack, logical, role in self._all("Role"):
            if "PermissionsBoundary" in role:
                arn = self.physical.resolve(role["PermissionsBoundary"], stack)
                there, name = own.get(arn, (stack, ""))
                document = (
                    self.templates[there]["Resources"][name]["Properties"]["PolicyDocument"]
                    if name
                    else self.managed[arn]["document"]
                )
                who = f"{Plain().ref(stack, logical)} (boundary)"
                found[self._role_arn(stack, logical)] = self._policy(
                    f"{stack}/{logical}/boundary", who, document, there
                )
        return found

    def _resources(self) -> dict[str, Policy]:
        found = {}
        for stack, logical, role in self._all("Role"):
            who = f"{Plain().ref(stack, logical)} (trust)"
            document = role["AssumeRolePolicyDocument"]
            found[self._role_arn(stack, logical)] = self._policy(f"{stack}/{logical}/trust", who, document, stack)
        for kind, holders in (
            ("AWS::S3::BucketPolicy", lambda given: [given["Bucket"]]),
            ("AWS::SNS::TopicPolicy", lambda given: given["Topics"]),
            ("AWS::SQS::QueuePolicy", lambda given: given["Queues"]),
        ):
            for stack, logical, given in self._all(kind):
                for one in holders(given):
                    who = f"{self.readable.resolve(one, stack)} (policy)"
                    arn = self._holder(kind, self.physical.resolve(one, stack))
                    found[arn] = self._policy(f"{stack}/{logical}", who, given["PolicyDocument"], stack)
        for stack, logical, key in self._all("AWS::KMS::Key"):
            arn = self.physical.resolve({"Fn::GetAtt": [logical, "Arn"]}, stack)
            who = f"{Plain().ref(stack, logical)} (policy)"
            found[arn] = self._policy(f"{stack}/{logical}", who, key["KeyPolicy"], stack)
        return found | self._invocations()

    def _holder(self, kind: str, ref: str) -> str:
        if kind == "AWS::S3::BucketPolicy":
            return f"arn:{self.deployment.partition}:s3:::{ref}"
        return ref if ref.startswith("arn:") else self._arn("sqs", ref.rsplit("/", 1)[-1])

    def _invocations(self) -> dict[str, Policy]:
        """A function's policy is made of its permissions."""
        written: dict[str, list[Any]] = defaultdict(list)
        places = {}
        for stack, logical, given in self._all("AWS::Lambda::Permission"):
            function = self.physical.resolve(given["FunctionName"], stack)
            arn = function if function.startswith("arn:") else self._arn("lambda", f"function:{function}")
            written[arn].append(_statement(logical, given))
            places[arn] = (stack, f"{self.readable.resolve(given['FunctionName'], stack)} (permissions)")
        return {
            arn: self._policy(
                f"{places[arn][0]}/{places[arn][1]}", places[arn][1], {"Statement": listed}, places[arn][0]
            )
            for arn, listed in written.items()
        }

    def _endpoints(self) -> dict[str, Policy]:
        return {
            self.physical.resolve({"Ref": logical}, stack): self._policy(
                f"{stack}/{logical}", Plain().ref(stack, logical), given["PolicyDocument"], stack
            )
            for stack, logical, given in self._all("AWS::EC2::VPCEndpoint")
            if "PolicyDocument" in given
        }

    def _policy(self, name: str, who: str, document: Any, stack: str) -> Policy:
        resolved, readable = (one.resolve(document, stack) for one in (self.physical, self.readable))
        self.whose[name] = who
        for index, (one, other) in enumerate(zip(*map(_statements, (resolved, readable)), strict=True)):
            for pattern, told in zip(*(_listed(each.get("Resource", [])) for each in (one, other)), strict=True):
                self.plain[name, index, pattern] = short(told)
        return policy(name, resolved)

    def _role_arn(self, stack: str, logical: str) -> str:
        return str(self.physical.resolve({"Fn::GetAtt": [logical, "Arn"]}, stack))

    def _arn(self, service: str, end: str) -> str:
        region = "" if service == "iam" else self.deployment.region
        return f"arn:{self.deployment.partition}:{service}:{region}:{self.deployment.account}:{end}"

    def _all(self, kind: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
        named = kind if "::" in kind else f"AWS::IAM::{kind}"
        for stack, template in self.templates.items():
            for logical, resource in template["Resources"].items():
                if resource["Type"] == named:
                    yield stack, logical, resource.get("Properties", {})


def _statement(logical: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """As AddPermission writes it: https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-services.html."""
    principal = given["Principal"]
    service = isinstance(principal, str) and "." in principal
    conditions: dict[str, Any] = {}
    if "SourceArn" in given:
        conditions["ArnLike"] = {"AWS:SourceArn": given["SourceArn"]}
    if "SourceAccount" in given:
        conditions["StringEquals"] = {"AWS:SourceAccount": given["SourceAccount"]}
    return {
        "Sid": logical,
        "Effect": "Allow",
        "Principal": "*" if principal == "*" else {"Service" if service else "AWS": principal},
        "Action": given["Action"],
        "Resource": given["FunctionName"],
        **({"Condition": conditions} if conditions else {}),
    }


def _statements(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    return _listed(document["Statement"])


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
