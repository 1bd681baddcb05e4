"""What people are told through a topic."""

from __future__ import annotations

from typing import Any

from adapters.aws_errors import translated

LONGEST_SUBJECT = 99
"""Characters: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html says fewer than 100."""


class Topic:
    """One topic. `client` is one of SNS."""

    def __init__(self, client: Any, arn: str) -> None:
        self._client = client
        self._arn = arn

    def tell(self, subject: str, message: str) -> None:
        """Raises AwsError."""
        with translated("publish to the topic"):
            self._client.publish(TopicArn=self._arn, Subject=subject[:LONGEST_SUBJECT], Message=message)
