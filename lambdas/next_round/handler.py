"""What comes next in a run in rounds: a job that decides whom to ask, people who answer, or the end."""

from __future__ import annotations

from domain.labeling.rounds.next import next_step
from domain.workflow.states import RoundRequest, RoundStep
from lambdas.shared.entry import entry, logger
from lambdas.shared.variables import BucketVariables


class Variables(BucketVariables):
    """`embedding_model`: the key of the stage's own ONNX model, empty where it has none."""

    job_name_prefix: str
    embedding_model: str


@entry(RoundRequest, Variables)
def handler(request: RoundRequest, variables: Variables) -> RoundStep:
    step = next_step(request, variables.store, variables.job_name_prefix, variables.embedding_model)
    logger.info("next", extra={"round": request.number, "outcome": step.outcome})
    return step
