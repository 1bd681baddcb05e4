"""Cognito asks what an invitation shall say. Where people work in Ground Truth only the finished workforce knows."""

from __future__ import annotations

from typing import Any

from pydantic import ConfigDict, Field

from adapters.clients import client
from adapters.environment import Environment
from adapters.workforce import portal_of
from domain.workflow.states import Request
from domain.workforce.invitation import invitation
from lambdas.shared.entry import entry

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
    """`portal_address` is our own portal's; without it people work in Ground Truth's."""

    stage: str
    asked_by: str
    portal_address: str = ""


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
            portal=variables.portal_address or f"https://{portal_of(client('sagemaker'), question.user_pool)}",
            user_name=question.request["usernameParameter"],
            code=question.request["codeParameter"],
        )
        answer["response"] |= {"emailSubject": written.subject, "emailMessage": written.text}
    return answer
