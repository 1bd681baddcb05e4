"""The portal as one of the labeling back ends, made from the environment of a function."""

from __future__ import annotations

import time

from adapters.clients import client
from adapters.environment import Environment
from adapters.events import PortalEvents
from adapters.people import CognitoTeam
from adapters.task_store import DynamoTaskStore
from domain.workflow.ports import ObjectStore
from domain.workforce.model import REVIEWERS
from labelers.portal.labeler import Clockwork, PortalLabeler


class Variables(Environment):
    """Where the jobs are kept, and who labels."""

    task_table: str
    user_pool_id: str
    worker_group: str
    job_name_prefix: str
    aws_region: str


def make(store: ObjectStore) -> PortalLabeler:
    """Raises InvalidSettings when a variable is missing."""
    given = Variables.load()
    team, reviewers = (
        CognitoTeam(client("cognito-idp"), given.aws_region, given.user_pool_id, group)
        for group in (given.worker_group, REVIEWERS)
    )
    return PortalLabeler(
        DynamoTaskStore(client("dynamodb"), given.task_table),
        store,
        team if given.user_pool_id else None,
        given.job_name_prefix,
        Clockwork(time.time, time.sleep),
        PortalEvents(client("events")).job_ended,
        reviewers if given.user_pool_id else None,
        region=given.aws_region,
    )
