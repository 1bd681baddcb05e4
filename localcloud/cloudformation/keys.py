"""The key that encrypts a table or a topic: ministack's CloudFormation leaves it out, and IAM is asked about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ministack.services import dynamodb, sns
from ministack.services.cloudformation import provisioners

Properties = dict[str, Any]
Note = Callable[[str, Properties], None]


def register_types() -> None:
    _follow("AWS::DynamoDB::Table", _of_table)
    _follow("AWS::SNS::Topic", _of_topic)


def _follow(kind: str, note: Note) -> None:
    handler = provisioners._RESOURCE_HANDLERS[kind]
    create, update = handler["create"], handler.get("update")

    def create_with_key(logical_id: str, properties: Properties, stack: str) -> Any:
        created = create(logical_id, properties, stack)
        note(created[0], properties)
        return created

    handler["create"] = create_with_key
    if update is not None:

        def update_with_key(identity: str, old: Properties, new: Properties, *rest: Any, **named: Any) -> Any:
            updated = update(identity, old, new, *rest, **named)
            note(identity, new)
            return updated

        handler["update"] = update_with_key


def _of_table(name: str, properties: Properties) -> None:
    """A template says `SSEEnabled` for what the API calls `Enabled`."""
    key = (properties.get("SSESpecification") or {}).get("KMSMasterKeyId")
    if key and name in dynamodb._tables:
        described = {"Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": key}
        dynamodb._tables[name]["SSEDescription"] = described


def _of_topic(arn: str, properties: Properties) -> None:
    if properties.get("KmsMasterKeyId") and arn in sns._topics:
        sns._topics[arn].setdefault("attributes", {})["KmsMasterKeyId"] = properties["KmsMasterKeyId"]
