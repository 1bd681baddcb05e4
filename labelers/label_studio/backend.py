"""Label Studio as one of the labeling back ends, made from the environment of a function."""

from __future__ import annotations

import time
from functools import cache
from typing import Literal

import urllib3

from adapters.browser_reads import BrowserReads, presigning_client
from adapters.clients import client
from adapters.environment import Environment
from adapters.events import PortalEvents
from adapters.label_studio import LabelStudio
from adapters.label_studio_http import LabelStudioHttp
from adapters.secrets import secret_text
from domain.workflow.ports import ObjectStore
from domain.workflow.s3_uri import S3Uri
from labelers.label_studio.images import Images, PresignedImages, StorageImages
from labelers.label_studio.labeler import LabelStudioLabeler, Means
from labelers.label_studio.listener import LabelStudioListener
from labelers.label_studio.secret import Secret, read_secret
from labelers.label_studio.webhook import Webhook


class Variables(Environment):
    """Where the server is, what opens it, and where its webhook calls, if it has one."""

    label_studio_url: str
    label_studio_secret: str
    label_studio_images: Literal["presigned", "s3"]
    label_studio_webhook: str = ""
    job_name_prefix: str
    aws_region: str


def make(store: ObjectStore) -> LabelStudioLabeler:
    """Reads the secret when it is first needed, and once a process.

    Raises InvalidSettings when a variable is missing.
    """
    return _made(store)[0]


def make_listener(store: ObjectStore) -> LabelStudioListener:
    """As `make`."""
    labeler, server, webhook = _made(store)
    return LabelStudioListener(server, labeler, webhook, PortalEvents(client("events")).job_ended)


def _made(store: ObjectStore) -> tuple[LabelStudioLabeler, LabelStudio, Webhook]:
    given = Variables.load()

    @cache
    def secret() -> Secret:
        name = given.label_studio_secret
        return read_secret(secret_text(client("secretsmanager"), name), name)

    @cache
    def reads() -> BrowserReads:
        key = secret().key
        own = {"aws_access_key_id": key[0], "aws_secret_access_key": key[1]} if key else {}
        return BrowserReads(presigning_client(**own), store.bucket)

    def sign(uri: S3Uri, seconds: int) -> str:
        return reads().address(uri, seconds)

    images: Images = StorageImages(store.bucket, given.aws_region)
    if given.label_studio_images == "presigned":
        images = PresignedImages(sign, lambda: secret().key is not None)
    http = LabelStudioHttp(urllib3.PoolManager(), given.label_studio_url, lambda: secret().token, time.sleep)
    server = LabelStudio(http)
    webhook = Webhook(server, lambda: secret().token, given.label_studio_webhook)
    tell = PortalEvents(client("events")).job_ended
    means = Means(store, images, webhook, time.time, tell)
    return LabelStudioLabeler(server, means, given.job_name_prefix), server, webhook
