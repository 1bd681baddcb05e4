"""Plain values as DynamoDB's low-level client takes them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from boto3.dynamodb.types import TypeSerializer

_SERIALIZER = TypeSerializer()


def dynamo_values(plain: dict[str, Any]) -> dict[str, Any]:
    """By attribute, each with its type. DynamoDB knows no floating point, so such a number becomes a decimal one."""
    exact = {name: Decimal(str(value)) if isinstance(value, float) else value for name, value in plain.items()}
    return {name: _SERIALIZER.serialize(value) for name, value in exact.items()}
