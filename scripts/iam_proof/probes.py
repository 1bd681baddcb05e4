"""Requests that nobody of the stage makes, and that must be denied."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from localcloud.iam.policies import Policy, Statement
from localcloud.iam.principals import is_service
from localcloud.iam.requests import AuthorizationRequest
from scripts.iam_proof.foreign import ACCOUNT, ASKED, NAME, VALUES, VARIABLE, foreign, sample
from scripts.iam_proof.stage import Stage

# What no role of ours may ever do, to its own role, to the stage's resources or to the account.
CREEP = (
    *("iam:AttachRolePolicy", "iam:CreateAccessKey", "iam:CreateRole", "iam:CreateUser", "iam:DeleteRole"),
    *(
        "iam:PutRolePolicy",
        "iam:UpdateAssumeRolePolicy",
        "sts:AssumeRole",
        "kms:ScheduleKeyDeletion",
        "kms:PutKeyPolicy",
    ),
    *("s3:DeleteBucket", "s3:PutBucketPolicy", "s3:PutBucketAcl", "dynamodb:DeleteTable", "lambda:UpdateFunctionCode"),
    *("lambda:AddPermission", "sagemaker:CreateEndpoint", "sagemaker:CreateTrainingJob"),
    *("sagemaker:CreateNotebookInstance", "sagemaker:UpdateDomain", "states:UpdateStateMachine", "ec2:RunInstances"),
    *("cloudformation:DeleteStack", "logs:DeleteRetentionPolicy", "cognito-idp:DeleteUserPool", "sqs:DeleteQueue"),
    *("sns:DeleteTopic", "events:DeleteRule", "scheduler:CreateSchedule"),
)


@dataclass(frozen=True)
class Probe:
    """`what` says in a few words what is foreign about it."""

    what: str
    request: AuthorizationRequest


def probes(stage: Stage, made: Iterable[AuthorizationRequest]) -> list[Probe]:
    """Each once. `made`: what is asked for in truth, of which some circumstance is changed."""
    found = [*_beside(stage), *_creep(stage), *_strangers(stage), *_other_circumstances(stage, made)]
    return list({_key(probe.request): probe for probe in found}.values())


def _key(request: AuthorizationRequest) -> tuple[object, ...]:
    return request.principal, request.action, request.resources, tuple(sorted(request.context.items()))


def _beside(stage: Stage) -> Iterator[Probe]:
    """Every right, used for something beside what it is for; and in other circumstances than it asks for."""
    for role, policies in stage.policies.identities.items():
        for statement in _statements(policies, allows=True):
            context = satisfying(statement)
            for pattern in statement.resources:
                for action in statement.actions:
                    for what, arn in foreign(pattern, own=stage.deployment.account):
                        yield Probe(what, AuthorizationRequest(role, action, (arn,), context))
                    request = AuthorizationRequest(role, action, (sample(pattern),), context)
                    yield from _changed(request)
                    yield from _told_too_much(request, statement)


def satisfying(statement: Statement) -> dict[str, str]:
    """Circumstances in which the statement's conditions hold, and its variables stand for `sample`."""
    written = [*statement.resources, *(text for condition in statement.conditions for text in condition.written)]
    held = {name: "sample" for text in written for name in VARIABLE.findall(text)}
    for condition in statement.conditions:
        if condition.operator != "Null":
            held[condition.key] = sample(condition.written[0])
        elif condition.written[0] == "false":
            held[condition.key] = "sample"
    return held


def _changed(request: AuthorizationRequest, only: Container[str] = VALUES) -> Iterator[Probe]:
    for key in request.context:
        if key.lower() in only:
            if VALUES[key.lower()]:
                other = {**request.context, key: VALUES[key.lower()]}
                yield Probe(f"another {key}", replace(request, context=other))
            if key.lower() != "aws:principalaccount":  # which follows from who asks
                without = {name: value for name, value in request.context.items() if name != key}
                yield Probe(f"without {key}", replace(request, context=without))


def _told_too_much(request: AuthorizationRequest, statement: Statement) -> Iterator[Probe]:
    """With a key that must not be there."""
    for condition in statement.conditions:
        if condition.operator == "Null" and condition.key.lower() in VALUES and condition.key not in request.context:
            context = {**request.context, condition.key: VALUES[condition.key.lower()]}
            yield Probe(f"with {condition.key}", replace(request, context=context))


def _creep(stage: Stage) -> Iterator[Probe]:
    """On what has a policy of its own, on what the role works with, and on everything."""
    for role in stage.roles:
        statements = _statements(stage.policies.identity(role), allows=True)
        own = {sample(resource) for statement in statements for resource in statement.resources}
        for action in CREEP:
            kind = {"sts": "iam"}.get(action.partition(":")[0], action.partition(":")[0])
            for arn in sorted({"*", *own, *stage.policies.resources}):
                if arn == "*" or arn.split(":")[2:3] == [kind]:
                    yield Probe("creep", AuthorizationRequest(role, action, (arn,)))


def _strangers(stage: Stage) -> Iterator[Probe]:
    """Whoever a resource's policy lets in: somebody else, and the same from another account."""
    stranger = f"arn:aws:iam::{ACCOUNT}:role/{NAME}"
    for arn, policy in stage.policies.resources.items():
        if policy.name not in stage.whose:
            continue  # AWS's own, for which it answers
        for statement in _statements([policy], allows=True):
            context = satisfying(statement)
            for action in statement.actions:
                asked = sample(action), (_thing(arn, statement),)
                for principal in (stranger, "ec2.amazonaws.com"):
                    yield Probe("a stranger", AuthorizationRequest(principal, *asked, context))
                for named in statement.principals.named if statement.principals else ():
                    if is_service(named):
                        yield from _changed(AuthorizationRequest(named, *asked, context))
                    for what, other in (beside for one in statement.resources for beside in foreign(one)):
                        yield Probe(what, AuthorizationRequest(named, sample(action), (other,), context))


def _thing(arn: str, statement: Statement) -> str:
    return next((sample(one) for one in statement.resources if one not in ("*", "")), arn)


def _other_circumstances(stage: Stage, made: Iterable[AuthorizationRequest]) -> Iterator[Probe]:
    for request in made:
        asked = {key for action, keys in ASKED.items() if fnmatchcase(request.action, action) for key in keys}
        by_endpoint = {"aws:principalaccount"} if "aws:SourceVpce" in request.context else set()
        yield from _changed(request, only=asked | by_endpoint)
        for arn in request.resources:
            for what, other in foreign(arn, named=True):
                yield Probe(what, replace(request, resources=(other,)))
        for arn in request.resources:
            if _wants_tls(stage, arn, request.action):
                plain = {**request.context, "aws:SecureTransport": "false"}
                yield Probe("plain HTTP", AuthorizationRequest(request.principal, request.action, (arn,), plain))


def _wants_tls(stage: Stage, arn: str, action: str) -> bool:
    """Buckets, and publishing to topics and queues: what people reach over the network with a policy of its own."""
    policy = stage.policies.resource(arn)
    return policy is not None and policy.name in stage.whose and action.startswith(("s3:", "sns:Publish", "sqs:"))


def _statements(policies: Iterable[Policy], *, allows: bool) -> Iterator[Statement]:
    for policy in policies:
        yield from (one for one in policy.statements if one.allows is allows)
