"""What services do by roles of ours, or with our resources, without a request to the server."""

from __future__ import annotations

from localcloud.iam.gate import by_events, by_lambda, by_states
from localcloud.iam.gate.callers import of_service
from localcloud.iam.gate.judge import Judge
from localcloud.iam.gate.refusals import DeniedError
from localcloud.iam.requests import ContextValue
from localcloud.sagemaker import roles
from localcloud.sagemaker.store import ACCOUNT


def register(judge: Judge) -> None:
    by_states.register(judge)
    by_events.register(judge)
    by_lambda.register(judge)
    roles.CHECKS.append(lambda arn, of_labeling: _sagemaker_may_assume(judge, arn, of_labeling=of_labeling))


def assume(judge: Judge, service: str, role: str, source: dict[str, ContextValue]) -> None:
    """Raises DeniedError. `source`: the keys against the confused deputy, where the service sends them."""
    judge.check_action(of_service(service), "sts:AssumeRole", role, source, "sts:AssumeRole")


def _sagemaker_may_assume(judge: Judge, role: str, *, of_labeling: bool) -> bool:
    """Ground Truth sends no source; all else of SageMaker does:
    https://docs.aws.amazon.com/sagemaker/latest/dg/security-confused-deputy-prevention.html.
    """
    try:
        assume(judge, "sagemaker.amazonaws.com", role, {} if of_labeling else {"aws:SourceAccount": ACCOUNT})
    except DeniedError:
        return False
    return True
