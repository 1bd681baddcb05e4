"""Closes the domain's Canvas apps whose people have not been active for the set time. Models and data sets are kept.
Where the settings say so, apps that nobody can be asked about go by their age.

Canvas is billed while it is open, and SageMaker's own idle settings are for JupyterLab and Code Editor only:
https://docs.aws.amazon.com/sagemaker/latest/dg/canvas-log-out.html
"""

from __future__ import annotations

import time
from typing import Any

from adapters.canvas import Canvas
from adapters.clients import client
from adapters.environment import Environment
from adapters.old_apps import close, old_apps, told
from lambdas.shared.entry import entry, logger
from lambdas.shared.schedule import Tick


class Variables(Environment):
    """`idle_minutes`: how long nobody has been active in an app that is closed. `longest_app_hours`: the age at which
    apps are closed of which nothing tells that they are idle; 0: never."""

    domain_id: str
    idle_minutes: int
    longest_app_hours: int


@entry(Tick, Variables)
def handler(_tick: Tick, variables: Variables) -> dict[str, Any]:
    """`closed`, `open`: user profiles, by what became of their app; `old`: other apps that were closed.

    Raises:
        AwsError: apps could not be listed, an activity not be read, or an app not be closed. The next tick looks again.
    """
    canvas = Canvas(client("sagemaker"), client("cloudwatch"), variables.domain_id)
    closed, still_open = [], []
    for app in canvas.apps():
        idle = canvas.idle_seconds(app, time.time())
        if idle is not None and idle >= variables.idle_minutes * 60:
            canvas.close(app)
            closed.append(app.profile)
        else:
            still_open.append(app.profile)
    old = _close_old(variables) if variables.longest_app_hours else []
    logger.info("canvas", extra={"closed": closed, "open": still_open, "old": old})
    return {"closed": closed, "open": still_open, "old": old}


def _close_old(variables: Variables) -> list[str]:
    sagemaker, found = client("sagemaker"), []
    for app in old_apps(sagemaker, variables.domain_id, time.time(), variables.longest_app_hours):
        close(sagemaker, app)
        found.append(told(app))
    return found
