"""What ministack's AWS::S3::Bucket leaves out: tags, and a key of one's own.

CDK's auto-delete refuses to empty a bucket without its tag, and IAM is asked about the key that
encrypts its objects.
"""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

from ministack.services import s3
from ministack.services.cloudformation import provisioners

# https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketEncryption.html
_ENCRYPTION = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<ServerSideEncryptionConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Rule>'
    "<ApplyServerSideEncryptionByDefault><SSEAlgorithm>aws:kms</SSEAlgorithm><KMSMasterKeyID>{key}</KMSMasterKeyID>"
    "</ApplyServerSideEncryptionByDefault><BucketKeyEnabled>{bucket_key}</BucketKeyEnabled>"
    "</Rule></ServerSideEncryptionConfiguration>"
)


def register_types() -> None:
    handler = provisioners._RESOURCE_HANDLERS["AWS::S3::Bucket"]
    create, update = handler["create"], handler["update"]

    def create_bucket(logical_id: str, properties: dict[str, Any], stack: str) -> Any:
        return _completed(create(logical_id, properties, stack), properties)

    def update_bucket(physical_id: str, old: dict[str, Any], new: dict[str, Any], stack: str) -> Any:
        return _completed(update(physical_id, old, new, stack), new)

    handler["create"], handler["update"] = create_bucket, update_bucket
    provisioners._STACK_TAG_PROPERTY["AWS::S3::Bucket"] = ("Tags", "list")


def _completed(created: Any, properties: dict[str, Any]) -> Any:
    tags = {tag["Key"]: tag["Value"] for tag in properties.get("Tags") or []}
    if tags:
        s3._bucket_tags[created[0]] = tags
    for rule in (properties.get("BucketEncryption") or {}).get("ServerSideEncryptionConfiguration") or []:
        key = (rule.get("ServerSideEncryptionByDefault") or {}).get("KMSMasterKeyID")
        if key:  # with AWS's own one, ministack refuses what the CDK command line publishes
            named = {"key": escape(key), "bucket_key": str(rule.get("BucketKeyEnabled", False)).lower()}
            s3._bucket_encryption[created[0]] = _ENCRYPTION.format(**named)
    return created
