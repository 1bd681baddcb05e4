"""A proof put together: a stage's templates, a recording, what AWS does on our behalf, and what is explained."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from localcloud.iam.deployment import Deployment
from localcloud.iam.requests import AuthorizationRequest
from scripts.iam_proof.calls import Names, elsewhere, on_our_behalf
from scripts.iam_proof.explained import explanations
from scripts.iam_proof.intrinsics import Templates
from scripts.iam_proof.proof import Proof
from scripts.iam_proof.stage import Stage, stage


def proof(name: str, templates: Templates, deployment: Deployment, requests: Iterable[AuthorizationRequest]) -> Proof:
    """`name`: the stage's, by which explanations may differ. Raises ValueError for what cannot be read."""
    made = stage(templates, deployment)
    names = Names(templates, made)
    made = replace(made, policies=replace(made.policies, resources={**made.policies.resources, **elsewhere(names)}))
    recorded = [request for request in requests if ours(made, request)]
    return Proof(made, recorded, on_our_behalf(names), explanations(name))


def ours(made: Stage, request: AuthorizationRequest) -> bool:
    """Asked by a role of the stage, or by a service of something that has a policy of the stage: not what the CDK
    command line asks with the roles of its bootstrap.
    """
    if request.principal in made.roles:
        return True
    return ":" not in request.principal and any(made.policies.resource(arn) for arn in request.resources)
