"""Where a Label Studio server calls when somebody has answered: an HTTP API in front of one small function."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import Duration
from aws_cdk import aws_apigatewayv2 as apigateway
from constructs import Construct

from stacks.constructs.shared.access import Permission
from stacks.constructs.shared.log_groups import LogGroups
from stacks.constructs.shared.public_api import PublicApi
from stacks.constructs.shared.python_function import FunctionProps, PythonFunctions
from stacks.settings import Settings

FOLDER = "label_studio_webhook"
_REQUESTS_A_SECOND = 20
"""One an answer: so many come from hundreds of people. What is turned away the poll makes good."""
_PROVEN = "Label Studio signs nothing; the function compares a header with what only the server was told."


class LabelStudioWebhook(PublicApi):
    def __init__(self, scope: Construct, identity: str, *, settings: Settings, logs: LogGroups) -> None:
        super().__init__(
            scope,
            identity,
            settings=settings,
            logs=logs,
            name="label-studio",
            description="Label Studio tells Kempelen of answers",
            requests_a_second=_REQUESTS_A_SECOND,
        )

    def answer_by(
        self, functions: PythonFunctions, environment: Mapping[str, str], permissions: Sequence[Permission]
    ) -> None:
        """Reads all annotations of a job when they seem to be complete, long after the server has stopped waiting."""
        props = FunctionProps(
            folder=FOLDER, environment=environment, permissions=permissions, timeout=Duration.minutes(5)
        )
        self.route(
            "/label-studio/{job}",
            "Answered",
            functions.add(props),
            method=apigateway.HttpMethod.POST,
            unsigned_because=_PROVEN,
        )
