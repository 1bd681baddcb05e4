"""`Condition`: every operator with every key must hold; of a key's values in the policy one is enough, or, where the
operator negates, none may match.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from localcloud.iam.operators import MATCHING, NEGATED, Comparison
from localcloud.iam.patterns import Values

_SETS = ("ForAllValues", "ForAnyValue")


@dataclass(frozen=True)
class Condition:
    """`given`: the operator as the policy writes it; `key` likewise. `over` is a set operator, or empty."""

    given: str
    key: str
    written: tuple[str, ...]
    operator: str
    over: str
    if_exists: bool

    def holds(self, values: Values) -> bool:
        """Raises UnresolvedVariableError."""
        held = values.get(self.key.lower())
        if self.operator == "Null":
            return (not held) == (self.written[0].lower() == "true")
        if not held or (self.over == "ForAllValues" and not any(held)):  # "a null dataset, such as an empty string"
            return self._without_value()
        compare, negated = _comparison(self.operator)
        each = [self._one(value, compare, negated, values) for value in held]
        # A key of several values without a set operator: AWS asks for one. Taken so that no value escapes a negation.
        everyone = self.over == "ForAllValues" or (negated and not self.over)
        return all(each) if everyone else any(each)

    def _without_value(self) -> bool:
        """ "If the key that you specify in a policy condition is not present in the request context, the values do not
        match and the condition is false", but true where the operator negates, with IfExists, and with ForAllValues.
        """
        if self.over == "ForAnyValue":
            return self.if_exists
        return self.if_exists or self.over == "ForAllValues" or self.operator in NEGATED

    def _one(self, value: str, compare: Comparison, negated: bool, values: Values) -> bool:
        return any(compare(value, written, values) for written in self.written) is not negated


def _comparison(operator: str) -> tuple[Comparison, bool]:
    negated = operator in NEGATED
    return (NEGATED if negated else MATCHING)[operator], negated


def conditions(block: Mapping[str, Mapping[str, Any]]) -> tuple[Condition, ...]:
    """Raises ValueError for an operator that AWS does not know."""
    return tuple(_condition(given, key, written) for given, keys in block.items() for key, written in keys.items())


def _condition(given: str, key: str, written: Any) -> Condition:
    over, _, plain = given.rpartition(":")
    if_exists = plain.endswith("IfExists")
    operator = plain.removesuffix("IfExists")
    known = operator in MATCHING or operator in NEGATED or (operator == "Null" and not if_exists)
    if not known or (over and over not in _SETS):
        raise ValueError(f"there is no condition operator {given}")
    return Condition(given, key, _texts(written), operator, over, if_exists)


def _texts(written: Any) -> tuple[str, ...]:
    """Policies may leave out the quotation marks of numbers and truths."""
    listed = written if isinstance(written, list) else [written]
    return tuple(str(one).lower() if isinstance(one, bool) else str(one) for one in listed)
