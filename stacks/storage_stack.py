"""The data bucket, its log bucket, and the run ledger."""

from __future__ import annotations

from typing import Any

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from stacks.assets import Assets
from stacks.constructs.shared.access import arn
from stacks.constructs.shared.data_bucket import DataBucket, LogBucket
from stacks.constructs.shared.fixed_settings import FixedSettings
from stacks.constructs.shared.python_function import PythonFunctions
from stacks.constructs.shared.removal import removal
from stacks.settings import Settings


class StorageStack(Stack):
    """Offers `bucket`, `ledger`, and `key`: the stage's own encryption key, or None for the services' own keys.

    Settings that a stage cannot change would change this stack first, so here such a change is refused.
    """

    def __init__(self, scope: Construct, identity: str, *, settings: Settings, assets: Assets, **stack: Any) -> None:
        super().__init__(scope, identity, **stack)
        self._removal = removal(settings)
        self.key = self._make_key() if settings.storage.own_key else None
        logs = LogBucket(self, "Logs", settings=settings)
        self.bucket = DataBucket(self, "Data", settings=settings, logs=logs, key=self.key)
        self.ledger = self._make_ledger()
        # They say whether the key may be made, so they cannot have it.
        functions = PythonFunctions(self, "Functions", settings=settings, assets=assets, key=None)
        fixed = FixedSettings(self, "FixedSettings", settings=settings, functions=functions)
        for held in filter(None, (self.key, logs, self.bucket, self.ledger)):
            held.node.add_dependency(fixed.resource)
        CfnOutput(self, "DataBucketName", value=self.bucket.bucket_name)
        CfnOutput(self, "LedgerTableName", value=self.ledger.table_name)

    def _make_key(self) -> kms.Key:
        key = kms.Key(
            self,
            "Key",
            description=f"{self.stack_name}: data bucket, tables, topics, logs, functions and home file systems",
            enable_key_rotation=True,
            removal_policy=self._removal,
        )
        key.add_to_resource_policy(self._write_logs())
        return key

    def _write_logs(self) -> iam.PolicyStatement:
        """For log groups of this account and Region, as in
        https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html."""
        groups = arn(self, "logs", "log-group:*")
        return iam.PolicyStatement(
            actions=["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
            principals=[iam.ServicePrincipal(f"logs.{self.region}.{self.url_suffix}")],
            resources=["*"],
            conditions={"ArnLike": {"kms:EncryptionContext:aws:logs:arn": groups}},
        )

    def _make_ledger(self) -> dynamodb.Table:
        """Leases and history of runs. `expires_at` (epoch seconds) lets DynamoDB drop what is over."""
        return dynamodb.Table(
            self,
            "Ledger",
            partition_key=dynamodb.Attribute(name="pk", type=dynamodb.AttributeType.STRING),
            sort_key=dynamodb.Attribute(name="sk", type=dynamodb.AttributeType.STRING),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            time_to_live_attribute="expires_at",
            encryption=(
                dynamodb.TableEncryption.CUSTOMER_MANAGED if self.key else dynamodb.TableEncryption.AWS_MANAGED
            ),
            encryption_key=self.key,
            removal_policy=self._removal,
        )
