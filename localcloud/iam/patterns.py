"""Text of policies: wildcards and variables.

`*` stands for any characters, `:` and `/` among them, `?` for one: "If the * wildcard is the last character of a
resource ARN segment, it can expand to match beyond the colon boundaries"
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html).
`${key}` is the value of a condition key, `${key, 'default'}` has another where there is none, and `${*}`, `${?}`,
`${$}` are these characters themselves
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

Values = Mapping[str, tuple[str, ...]]
"""Condition keys in lower case, and their values."""

_PIECE = re.compile(r"\$\{(?P<variable>[^}]*)\}|(?P<wild>[*?])|(?P<text>[^$*?]+|\$)")
_DEFAULT = re.compile(r"(?P<key>[^,]+?)\s*,\s*'(?P<default>[^']*)'\s*")
_LITERAL = frozenset("*?$")


class UnresolvedVariableError(Exception):
    """A variable without a value: the statement that holds it takes no part."""


def variable(written: str, values: Values) -> str:
    """What stands for `${written}`. A key of several values can be no variable. Raises UnresolvedVariableError."""
    if written in _LITERAL:
        return written
    found = _DEFAULT.fullmatch(written)
    held = values.get((found["key"] if found else written).strip().lower(), ())
    if len(held) == 1:
        return held[0]
    if found:
        return found["default"]
    raise UnresolvedVariableError(written)


def text(written: str, values: Values) -> str:
    """With the variables' values; wildcards are characters like any other."""
    return re.sub(r"\$\{([^}]*)\}", lambda found: variable(found[1], values), written) if "${" in written else written


def like(value: str, pattern: str, values: Values, *, ignore_case: bool = False) -> bool:
    """Whether the whole value is what the pattern says."""
    return _compiled(pattern, values, False, ignore_case).fullmatch(value) is not None


def arn_like(value: str, pattern: str, values: Values) -> bool:
    """As `ArnLike` and `ArnEquals` do: "Each of the six colon-delimited components of the ARN is checked separately"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html).
    """
    return _compiled(pattern, values, True, False).fullmatch(value) is not None


def _compiled(pattern: str, values: Values, by_part: bool, ignore_case: bool) -> re.Pattern[str]:
    if "${" not in pattern:
        return _plain(pattern, by_part, ignore_case)
    return _expression(_pieces(pattern, values), by_part, ignore_case)


@lru_cache(maxsize=65536)
def _plain(pattern: str, by_part: bool, ignore_case: bool) -> re.Pattern[str]:
    return _expression(_pieces(pattern, {}), by_part, ignore_case)


def _pieces(pattern: str, values: Values) -> Iterator[tuple[str, bool]]:
    """Each piece, and whether it is a wildcard. A variable's value holds none: it stands for itself."""
    for found in _PIECE.finditer(pattern):
        if found["variable"] is not None:
            yield variable(found["variable"], values), False
        else:
            yield found[0], found["wild"] is not None


def _expression(pieces: Iterator[tuple[str, bool]], by_part: bool, ignore_case: bool) -> re.Pattern[str]:
    expression, colons = "", 0
    for piece, wild in pieces:
        if wild:
            one = "[^:]" if by_part and colons < 5 else "."
            expression += one + ("*" if piece == "*" else "")
        else:
            colons += piece.count(":")
            expression += re.escape(piece)
    return re.compile(expression, re.DOTALL | (re.IGNORECASE if ignore_case else 0))
