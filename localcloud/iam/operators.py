"""The operators of `Condition`, each a comparison of one value of the request with one of the policy.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import base64
import operator
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from ipaddress import ip_address, ip_network
from typing import Any

from localcloud.iam.patterns import Values, arn_like, like, text

Comparison = Callable[[str, str, Values], bool]
"""(the request's value, the policy's as written, the condition keys)"""


def _equal(value: str, written: str, values: Values) -> bool:
    return value == text(written, values)


def _equal_ignoring_case(value: str, written: str, values: Values) -> bool:
    return value.casefold() == text(written, values).casefold()


def _boolean(value: str, written: str, values: Values) -> bool:
    return value.lower() == text(written, values).lower()


def _in_network(value: str, written: str, values: Values) -> bool:
    try:
        return ip_address(value) in ip_network(text(written, values), strict=False)
    except ValueError:
        return False


def _same_bytes(value: str, written: str, values: Values) -> bool:
    """Both are base64; which of its ways to write the same bytes is nothing."""
    try:
        return base64.b64decode(value, validate=True) == base64.b64decode(text(written, values), validate=True)
    except ValueError:
        return False


def _ordered(read: Callable[[str], Any], compare: Callable[[Any, Any], bool]) -> Comparison:
    """What cannot be read, matches nothing."""

    def compared(value: str, written: str, values: Values) -> bool:
        try:
            return compare(read(value), read(text(written, values)))
        except (ValueError, InvalidOperation, OverflowError):
            return False

    return compared


def _moment(written: str) -> datetime:
    """A W3C date of ISO 8601, or seconds since 1970."""
    if written.lstrip("-").isdigit() and len(written) != 4:
        return datetime.fromtimestamp(int(written), UTC)
    read = datetime.fromisoformat(f"{written}-01-01" if len(written) == 4 else written.replace("Z", "+00:00"))
    return read if read.tzinfo else read.replace(tzinfo=UTC)


_ORDERS = {
    "Equals": operator.eq,
    "LessThan": operator.lt,
    "LessThanEquals": operator.le,
    "GreaterThan": operator.gt,
    "GreaterThanEquals": operator.ge,
}
_PLAIN: dict[str, Comparison] = {
    "StringEquals": _equal,
    "StringEqualsIgnoreCase": _equal_ignoring_case,
    "StringLike": like,
    "Bool": _boolean,
    "IpAddress": _in_network,
    "BinaryEquals": _same_bytes,
    "ArnEquals": arn_like,
    "ArnLike": arn_like,
}
MATCHING = _PLAIN | {
    f"{kind}{order}": _ordered(read, compare)
    for kind, read in (("Numeric", Decimal), ("Date", _moment))
    for order, compare in _ORDERS.items()
}
NEGATED = {
    name: MATCHING[matching]
    for name, matching in {
        "StringNotEquals": "StringEquals",
        "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
        "StringNotLike": "StringLike",
        "NumericNotEquals": "NumericEquals",
        "DateNotEquals": "DateEquals",
        "NotIpAddress": "IpAddress",
        "ArnNotEquals": "ArnEquals",
        "ArnNotLike": "ArnLike",
    }.items()
}
