"""A stage that labels in Label Studio has no stack for it: a token to read, an address that the server may call."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.infra.grants import grants
from tests.infra.variants import IN_LABEL_STUDIO, LABEL_STUDIO_GUARDED, NO_LABEL_STUDIO, Synthesized

Stages = Callable[[str], Synthesized]


def test_nothing_is_made_for_people(synthesized: Stages) -> None:
    made = synthesized(IN_LABEL_STUDIO)
    assert set(made.templates) == {"network", "storage", "studio", "workflow"}
    assert not [role for role in made.resources("workflow", "AWS::IAM::Role") if role.startswith("LabelingRole")]


def test_the_end_of_a_job_that_we_stopped_is_heard(synthesized: Stages) -> None:
    rules = synthesized(IN_LABEL_STUDIO).resources("workflow", "AWS::Events::Rule").values()
    assert ["kempelen.portal"] in [rule["EventPattern"]["source"] for rule in rules]


def test_images_are_open_only_to_whom_signs_their_addresses(synthesized: Stages) -> None:
    def readers(variant: str) -> set[str]:
        made = grants(synthesized(variant))
        return {grant.role for grant in made if (grant.action, grant.resource) == ("s3:GetObject", "Data/raw/*")}

    assert readers(IN_LABEL_STUDIO) - readers(LABEL_STUDIO_GUARDED) == {"FunctionsstartlabelingRole"}


def test_where_nobody_labels_nobody_reads_the_token(synthesized: Stages) -> None:
    made = synthesized(NO_LABEL_STUDIO)
    assert not [grant for grant in grants(made) if grant.action.startswith("secretsmanager:")]
    functions = made.resources("workflow", "AWS::Lambda::Function").values()
    urls = [function["Environment"]["Variables"].get("LABEL_STUDIO_URL", "") for function in functions]
    assert set(urls) == {""}


def test_the_server_can_call_one_address_only_where_the_settings_say_so(synthesized: Stages) -> None:
    def addresses(function: dict[str, Any]) -> Any:
        return function["Environment"]["Variables"].get("LABEL_STUDIO_WEBHOOK")

    heard, silent = synthesized(IN_LABEL_STUDIO), synthesized(LABEL_STUDIO_GUARDED)
    route = heard.only("workflow", "AWS::ApiGatewayV2::Route")
    assert (route["RouteKey"], route["AuthorizationType"]) == ("POST /label-studio/{job}", "NONE")
    limits = heard.only("workflow", "AWS::ApiGatewayV2::Stage")["DefaultRouteSettings"]
    assert limits == {"ThrottlingRateLimit": 20, "ThrottlingBurstLimit": 40}
    (api,) = heard.resources("workflow", "AWS::ApiGatewayV2::Api")
    functions = heard.resources("workflow", "AWS::Lambda::Function").values()
    told = {
        str(function["Handler"]): addresses(function)
        for function in functions
        if "LABEL_STUDIO_URL" in function["Environment"]["Variables"]
    }
    assert "lambdas.label_studio_webhook.handler.handler" in told
    assert all(api in json.dumps(address) for address in told.values())
    assert not silent.resources("workflow", "AWS::ApiGatewayV2::Api")
    functions = silent.resources("workflow", "AWS::Lambda::Function").values()
    assert {addresses(function) for function in functions} == {"", None}


def test_what_the_internet_reaches_may_read_the_token_and_tell_and_nothing_else(synthesized: Stages) -> None:
    made = [grant for grant in grants(synthesized(IN_LABEL_STUDIO)) if "labelstudiowebhook" in grant.role]
    own = {grant.action for grant in made if not grant.action.startswith(("logs:", "xray:"))}
    assert own == {"secretsmanager:GetSecretValue", "events:PutEvents"}
