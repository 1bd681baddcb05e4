"""What ministack's AWS::S3::Bucket leaves out: tags. CDK's auto-delete refuses to empty a bucket without its tag."""

from __future__ import annotations

from typing import Any

from ministack.services import s3
from ministack.services.cloudformation import provisioners


def register_types() -> None:
    handler = provisioners._RESOURCE_HANDLERS["AWS::S3::Bucket"]
    create, update = handler["create"], handler["update"]

    def create_bucket(logical_id: str, properties: dict[str, Any], stack: str) -> Any:
        return _tagged(create(logical_id, properties, stack), properties)

    def update_bucket(physical_id: str, old: dict[str, Any], new: dict[str, Any], stack: str) -> Any:
        return _tagged(update(physical_id, old, new, stack), new)

    handler["create"], handler["update"] = create_bucket, update_bucket
    provisioners._STACK_TAG_PROPERTY["AWS::S3::Bucket"] = ("Tags", "list")


def _tagged(created: Any, properties: dict[str, Any]) -> Any:
    tags = {tag["Key"]: tag["Value"] for tag in properties.get("Tags") or []}
    if tags:
        s3._bucket_tags[created[0]] = tags
    return created
