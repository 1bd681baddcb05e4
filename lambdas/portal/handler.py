"""The worker portal on AWS: API Gateway's requests, answered by the pages in `portal/`."""

from __future__ import annotations

import json
import time
from functools import cache
from ipaddress import ip_address, ip_network
from typing import Annotated, Any, cast
from urllib.parse import urlsplit

from aws_lambda_powertools.utilities.typing import LambdaContext
from mangum import Mangum
from pydantic import BeforeValidator

import portal
from adapters.browser_reads import BrowserReads, presigning_client
from adapters.clients import client
from adapters.events import PortalEvents
from adapters.preview_store import DynamoPreviewStore
from adapters.session_store import DynamoSessionStore
from adapters.sign_in_page import SignInPage
from adapters.task_store import DynamoTaskStore
from domain.errors import AwsError
from domain.tasks import jobs
from domain.tasks.pool import TaskPool
from domain.tasks.reviews import ReviewQueue
from lambdas.portal.reviews import PortalReviews
from lambdas.portal.sign_in import Pool, SignIn
from lambdas.portal.work import PortalWork
from lambdas.shared.entry import loaded, logger, traced
from lambdas.shared.variables import BucketVariables


class Variables(BucketVariables):
    """`portal_address` is the API's, `sign_in_address` that of the pool's domain."""

    task_table: str
    user_pool_id: str
    user_pool_client_id: str
    worker_group: str
    portal_address: str
    sign_in_address: str
    aws_region: str
    source_ips: Annotated[tuple[str, ...], BeforeValidator(json.loads)] = ()


@traced
@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    refused = _from_elsewhere(event)
    return refused or dict(_application()(event, cast(Any, context)))


handler.variables = Variables  # type: ignore[attr-defined] # a test compares it with the template


def _from_elsewhere(event: dict[str, Any]) -> dict[str, Any] | None:
    """The answer to a request that comes from none of the address ranges of the settings, if there are any."""
    ranges = [ip_network(given) for given in loaded(Variables).source_ips]
    if not ranges or any(ip_address(event["requestContext"]["http"]["sourceIp"]) in allowed for allowed in ranges):
        return None
    said = "Your network is none of those from which people may label here. Ask who invited you.\n"
    headers = {
        "content-type": "text/plain; charset=utf-8",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
    }
    return {"statusCode": 403, "headers": headers, "body": said}


@cache
def _application() -> Mangum:
    given = loaded(Variables)
    tasks = DynamoTaskStore(client("dynamodb"), given.task_table)
    tell = PortalEvents(client("events")).job_ended

    def ended(name: str) -> None:
        """The answer that ended it is taken, whoever is told of it; without an event the execution looks by itself."""
        job = jobs.settle(tasks, name, time.time())
        try:
            tell(name, job.status if job else "Completed")
        except AwsError as error:
            logger.warning("the end of a job was not told", extra={"job": name, "reason": str(error)})

    pool = TaskPool(tasks, time.time, time.sleep, ended)
    sign_in_page = SignInPage(
        given.sign_in_address,
        given.user_pool_client_id,
        f"{given.portal_address}/callback",
        f"{given.portal_address}/signed-out",
    )
    sessions = DynamoSessionStore(client("dynamodb"), given.task_table)
    sign_in = SignIn(sign_in_page, Pool(given.aws_region, given.user_pool_id, given.worker_group), sessions, time.time)
    reads = BrowserReads(presigning_client(), given.data_bucket)
    previews = DynamoPreviewStore(client("dynamodb"), given.task_table)
    queue = ReviewQueue(tasks, time.time, time.sleep, ended)
    work = PortalWork(pool, given.store, previews, reads.address, queue)
    host = urlsplit(given.portal_address).hostname or ""
    home = portal.Home(
        work,
        sign_in.routes,
        sign_in.person,
        hosts=(host,),
        sign_in_origin=given.sign_in_address,
        busy=(AwsError,),
        reviews=PortalReviews(queue),
    )
    return Mangum(portal.create_app(home), lifespan="off", text_mime_types=None)
