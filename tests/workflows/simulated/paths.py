"""How each task of the state machines is come to, and which of them a run can do without."""

from __future__ import annotations

import json

from tests.workflows.simulated.queries import TaskError

DENIED = TaskError("AccessDenied", json.dumps({"errorMessage": "the role may not", "errorType": "AccessDenied"}))
TIMEOUT, TAKEN = (
    TaskError("States.Timeout", "it took too long"),
    TaskError("SageMaker.ResourceInUseException", "it exists"),
)
# What must go wrong before, so that the state is come to.
BEFORE: dict[str, dict[str, TaskError]] = {
    "label/PollLabeling": {"label/WaitForWorkers": TIMEOUT},
    "label/StopLabeling": {"label/StartLabeling": DENIED},
    "label/NotifyFailure": {"label/Preflight": DENIED},
    "label/Failed": {"label/Preflight": DENIED},
    "assist/DescribeJob": {"assist/Decide": TAKEN},
    "assist/StopJob": {"assist/Decide": TIMEOUT},
    "assist/NotifyFailure": {"assist/Preflight": DENIED},
    "assist/Failed": {"assist/Preflight": DENIED},
    "augment/DescribeJob": {"augment/Augment": TAKEN},
    "augment/StopJob": {"augment/Augment": TIMEOUT},
    "augment/EndAfterFailure": {"augment/PublishVersion": DENIED},
    "augment/NotifyFailure": {"augment/PublishVersion": DENIED},
    "augment/Failed": {"augment/PublishVersion": DENIED},
    "pipeline/Assist": {},
    "pipeline/NotifyFailure": {"pipeline/Augment": DENIED},
    "pipeline/Failed": {"pipeline/Augment": DENIED},
}
HARMLESS = {
    "label/WaitForWorkers",
    "label/NotifyLabeled",
    "assist/NotifyLabeled",
    "augment/NotifyPublished",
    "augment/EndAugmentation",
}
"""A run goes on without them."""
NOT_COME_TO = {"label/AskAgain"}  # only the portal asks again, and where it cannot, the labels that there are count
