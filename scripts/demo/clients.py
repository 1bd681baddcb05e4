"""boto3 clients of the local cloud."""

from __future__ import annotations

from typing import Any

import boto3

from localcloud.client.process import LocalCloud


class Clients:
    """Those that the demo needs; they reach only the local cloud, whatever the person's own AWS settings are."""

    def __init__(self, cloud: LocalCloud) -> None:
        environment = cloud.environment()
        session = boto3.Session(
            aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
            region_name=environment["AWS_REGION"],
        )
        endpoint = environment["AWS_ENDPOINT_URL"]
        self.s3: Any = session.client("s3", endpoint_url=endpoint)
        self.states: Any = session.client("stepfunctions", endpoint_url=endpoint)
        self.sagemaker: Any = session.client("sagemaker", endpoint_url=endpoint)
        self.functions: Any = session.client("lambda", endpoint_url=endpoint)
        self.cognito: Any = session.client("cognito-idp", endpoint_url=endpoint)
        self.events: Any = session.client("events", endpoint_url=endpoint)
        self.secrets: Any = session.client("secretsmanager", endpoint_url=endpoint)
        self.scheduler: Any = session.client("scheduler", endpoint_url=endpoint)
