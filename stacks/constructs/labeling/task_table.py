"""The table of the portal's jobs: nothing to pay while nobody labels but for the bytes that it keeps."""

from __future__ import annotations

from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_kms as kms
from constructs import Construct

from stacks.constructs.shared.removal import removal
from stacks.nag import acknowledge
from stacks.settings import Settings

INDEX = "open"


def task_table(scope: Construct, *, settings: Settings, key: kms.IKey | None) -> dynamodb.Table:
    """What stands in it: adapters/task_store.py. `expires_at` (epoch seconds) lets DynamoDB drop what is long over."""
    recovery = settings.labeling.point_in_time_recovery
    table = dynamodb.Table(
        scope,
        "Tasks",
        partition_key=dynamodb.Attribute(name="pk", type=dynamodb.AttributeType.STRING),
        sort_key=dynamodb.Attribute(name="sk", type=dynamodb.AttributeType.STRING),
        billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
        point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
            point_in_time_recovery_enabled=recovery
        ),
        time_to_live_attribute="expires_at",
        encryption=dynamodb.TableEncryption.CUSTOMER_MANAGED if key else dynamodb.TableEncryption.AWS_MANAGED,
        encryption_key=key,
        removal_policy=removal(settings),
    )
    table.add_global_secondary_index(
        index_name=INDEX,
        partition_key=dynamodb.Attribute(name="open_in", type=dynamodb.AttributeType.STRING),
        sort_key=dynamodb.Attribute(name="open_at", type=dynamodb.AttributeType.NUMBER),
        projection_type=dynamodb.ProjectionType.ALL,
    )
    if not recovery:
        acknowledge(table, "DDB3", "The setting labeling.point_in_time_recovery leaves it to who deploys: it costs.")
    return table
