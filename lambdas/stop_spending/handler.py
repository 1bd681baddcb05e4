"""Stops what runs of the stage when its budget is spent, tells what was stopped, and lets the stage go on again.

Whoever calls it without a notification stops the stage by hand: `{}`. `{"resume": true}` enables the schedules again
that it has disabled; what else was stopped is started anew by those who want it.
"""

from __future__ import annotations

import json
import time
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from pydantic import ConfigDict, StrictBool

from adapters.clients import client
from adapters.notices import Topic
from adapters.teardown.cloud import Clients
from adapters.teardown.deadline import before_timeout
from adapters.teardown.environment import TeardownEnvironment
from adapters.teardown.stopping import EnabledSchedules, StoppingCloud
from domain.errors import StopIncomplete
from domain.teardown.progress import Limits
from domain.teardown.stopping import Stopped, stop_all
from domain.workflow.states import Request
from lambdas.shared.entry import entry, logger, metrics, time_left

_TOLD = 50
"""Names of one message, which SNS bounds at 256 KiB."""


class Variables(TeardownEnvironment):
    domain_id: str
    topic_arn: str


class Notice(Request):
    """A notification of the topic, of which nothing is read: its text is for people and follows no documented form."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    resume: StrictBool = False


@entry(Notice, Variables)
def handler(notice: Notice, variables: Variables) -> dict[str, Any]:
    """`stopped`, or `enabled` again: names.

    Raises:
        StopIncomplete: something still runs; the message names it. Asking again goes on with it.
    """
    clients, scope = Clients.made_by(client), variables.scope(variables.domain_id)
    topic = Topic(client("sns"), variables.topic_arn)
    if notice.resume:
        enabled = EnabledSchedules(clients.scheduler, scope).enable_again()
        topic.tell(f"kempelen-{variables.stage} goes on", _message("goes-on", enabled=enabled))
        return {"enabled": enabled}
    cloud = StoppingCloud(clients, scope)
    result = stop_all(cloud, time.time, time.sleep, before_timeout(time_left), Limits())
    metrics.add_metric("SpendingStopped", MetricUnit.Count, result.number)
    logger.info("spending is stopped", extra={"stopped": result.stopped, "left": result.left})
    topic.tell(f"kempelen-{variables.stage} spending stopped", _told(result, variables.stage))
    if not result.all_stopped:
        raise StopIncomplete(f"still running: {'; '.join(result.left[:_TOLD])}")
    return {"stopped": list(result.stopped)}


def _told(result: Stopped, stage: str) -> str:
    go_on = (
        f"aws lambda invoke --function-name kempelen-{stage}-stop-spending --payload '{{\"resume\": true}}' /dev/stdout"
    )
    return _message(
        "stopped" if result.all_stopped else "not-all-stopped",
        why="the budget of the month is spent, or somebody asked for it",
        stopped=list(result.stopped[:_TOLD]),
        stopped_count=result.number,
        left=list(result.left[:_TOLD]),
        kept="labels that were given, data sets, files of people and models",
        go_on=f"{go_on} --cli-binary-format raw-in-base64-out",
    )


def _message(outcome: str, **fields: object) -> str:
    return json.dumps({"machine": "stop_spending", "outcome": outcome, **fields}, indent=1, ensure_ascii=False)
