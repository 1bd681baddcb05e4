"""Cognito asks what an invitation shall say. Where people work in Ground Truth only the finished workforce knows."""

from __future__ import annotations

from typing import Any

from pydantic import ConfigDict, Field

from adapters.clients import client
from adapters.environment import Environment
from adapters.workforce import portal_of
from domain.errors import AwsError
from domain.workflow.states import Request
from domain.workforce.invitation import invitation
from lambdas.shared.entry import entry, logger

_INVITED = "CustomMessage_AdminCreateUser"


class Question(Request):
    """https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-message.html"""

    model_config = ConfigDict(frozen=True, extra="allow")

    trigger: str = Field(alias="triggerSource")
    user_pool: str = Field(alias="userPoolId")
    request: dict[str, Any]
    response: dict[str, Any]

    def about(self) -> dict[str, str]:
        return {"run_id": self.trigger}


class Variables(Environment):
    """`portal_address` is our own portal's; without it people work in Ground Truth's, and with `in_ground_truth` in
    that too if there is one."""

    stage: str
    asked_by: str
    portal_address: str = ""
    in_ground_truth: bool = False


@entry(Question, Variables)
def handler(question: Question, variables: Variables) -> dict[str, Any]:
    """The question with its answer filled in; other messages than invitations stay as they are.

    Raises:
        NotFound: no workforce signs people in with this pool, so there is no portal to name.
    """
    answer = question.model_dump(by_alias=True)
    if question.trigger == _INVITED:
        written = invitation(
            stage=variables.stage,
            asked_by=variables.asked_by,
            portals=_portals(variables, question.user_pool),
            user_name=question.request["usernameParameter"],
            code=question.request["codeParameter"],
        )
        answer["response"] |= {"emailSubject": written.subject, "emailMessage": written.text}
    return answer


def _portals(variables: Variables, user_pool: str) -> list[str]:
    own = [variables.portal_address] if variables.portal_address else []
    if own and not variables.in_ground_truth:
        return own
    try:
        return [*own, f"https://{portal_of(client('sagemaker'), user_pool)}"]
    except AwsError as error:
        if not own:
            raise
        logger.info("Ground Truth has no portal to name", extra={"reason": str(error)})
        return own
