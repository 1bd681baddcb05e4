from __future__ import annotations

import json

from tests.infra.variants import Synthesized


def data_bucket(variant: Synthesized) -> dict[str, object]:
    (bucket,) = (
        properties
        for properties in variant.resources("storage", "AWS::S3::Bucket").values()
        if "CorsConfiguration" in properties
    )
    return dict(bucket)


def test_workers_browsers_may_load_images(dev: Synthesized) -> None:
    assert data_bucket(dev)["CorsConfiguration"] == {
        "CorsRules": [
            {"AllowedMethods": ["GET"], "AllowedOrigins": ["*"], "ExposedHeaders": ["Access-Control-Allow-Origin"]}
        ]
    }


def test_data_is_versioned_and_old_versions_end(dev: Synthesized) -> None:
    bucket = data_bucket(dev)
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    assert "NoncurrentVersionExpiration" in json.dumps(bucket["LifecycleConfiguration"])


def test_every_bucket_is_private_and_speaks_tls_alone(dev: Synthesized) -> None:
    buckets = dev.resources("storage", "AWS::S3::Bucket")
    assert len(buckets) == 2
    for bucket in buckets.values():
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    policies = dev.resources("storage", "AWS::S3::BucketPolicy").values()
    for policy in policies:
        statements = policy["PolicyDocument"]["Statement"]
        assert any(
            statement["Effect"] == "Deny" and statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
            for statement in statements
        )
    assert len(policies) == 2


def test_access_to_data_is_logged_elsewhere(dev: Synthesized) -> None:
    target = data_bucket(dev)["LoggingConfiguration"]
    assert isinstance(target, dict)
    assert "Logs" in target["DestinationBucketName"]["Ref"]


def test_the_ledger_recovers_and_forgets(dev: Synthesized) -> None:
    ledger = dev.only("storage", "AWS::DynamoDB::Table")
    assert [key["AttributeName"] for key in ledger["KeySchema"]] == ["pk", "sk"]
    assert ledger["BillingMode"] == "PAY_PER_REQUEST"
    assert ledger["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
    assert ledger["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}


def test_dev_is_emptied_on_destroy_and_prod_is_kept_except_by_a_failed_first_deployment(
    dev: Synthesized, guarded: Synthesized
) -> None:
    for variant, policy, emptied in ((dev, "Delete", 2), (guarded, "RetainExceptOnCreate", 0)):
        template = variant.templates["storage"]
        for kind in ("AWS::S3::Bucket", "AWS::DynamoDB::Table", "AWS::KMS::Key"):
            for resource in template.find_resources(kind).values():
                assert resource["DeletionPolicy"] == policy
        template.resource_count_is("Custom::S3AutoDeleteObjects", emptied)


def test_the_function_that_empties_buckets_leaves_no_log_group_behind(dev: Synthesized) -> None:
    functions = dev.resources("storage", "AWS::Lambda::Function")
    (function,) = (one for identity, one in functions.items() if identity.startswith("CustomS3AutoDelete"))
    group = function["LoggingConfig"]["LogGroup"]["Ref"]
    assert dev.templates["storage"].find_resources("AWS::Logs::LogGroup")[group]["DeletionPolicy"] == "Delete"


def test_an_own_key_encrypts_data_and_ledger_when_asked_for(dev: Synthesized, guarded: Synthesized) -> None:
    dev.templates["storage"].resource_count_is("AWS::KMS::Key", 0)
    assert guarded.only("storage", "AWS::KMS::Key")["EnableKeyRotation"] is True
    assert "aws:kms" in json.dumps(data_bucket(guarded)["BucketEncryption"])
    assert guarded.only("storage", "AWS::DynamoDB::Table")["SSESpecification"]["SSEType"] == "KMS"


def test_outputs_name_bucket_and_ledger(dev: Synthesized) -> None:
    assert dev.outputs("storage") == {"DataBucketName", "LedgerTableName"}


def test_settings_that_a_stage_cannot_change_are_asked_before_anything_is_changed(guarded: Synthesized) -> None:
    """Whatever the stage keeps waits for the answer, and the other stacks wait for this one."""
    template = guarded.templates["storage"]
    (identity,) = template.find_resources("Custom::KempelenFixedSettings")
    assert guarded.only("storage", "Custom::KempelenFixedSettings")["Settings"] == {
        "network.vpc_id": "own",
        "storage.bucket": "own",
        "storage.own_key": "true",
        "studio.auth": "SSO",
        "studio.domain": "own",
    }
    for kind in ("AWS::S3::Bucket", "AWS::DynamoDB::Table", "AWS::KMS::Key"):
        for kept in template.find_resources(kind).values():
            assert identity in kept["DependsOn"]
