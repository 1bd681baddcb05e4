"""A notification topic: TLS only, and open to the services that publish from this account, no one else."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct

from stacks.constructs.shared.access import service_principal


class NotificationTopic(sns.Topic):
    """`key` is the stage's own key. The AWS-managed key is no choice: alarms and Ground Truth may not use it."""

    def __init__(self, scope: Construct, identity: str, *, publishers: Sequence[str], key: kms.IKey | None) -> None:
        super().__init__(scope, identity, enforce_ssl=True, master_key=key)
        for publisher in publishers:
            self._admit(publisher, key)

    def _admit(self, publisher: str, key: kms.IKey | None) -> None:
        principal = service_principal(publisher)
        self.add_to_resource_policy(
            iam.PolicyStatement(actions=["sns:Publish"], resources=[self.topic_arn], principals=[principal])
        )
        if key:
            key.add_to_resource_policy(
                iam.PolicyStatement(
                    actions=["kms:Decrypt", "kms:GenerateDataKey*"],
                    resources=["*"],
                    principals=[principal],
                )
            )
