"""Takes out of a text what must not be published: account ids, e-mail addresses, keys and tokens."""

from __future__ import annotations

import re
from collections.abc import Iterable

_PATTERNS = (
    (re.compile(r"(?<!\d)\d{12}(?!\d)"), "<account>"),
    (re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}"), "<e-mail>"),
    (re.compile(r"\b(?:AKIA|ASIA|AROA|AIDA|ANPA|AGPA)[A-Z0-9]{12,}\b"), "<key id>"),
    (re.compile(r"(?i)\b(?:secret|token|password|signature)[\w-]*\s*[=:]\s*\S+"), "<secret>"),
    (re.compile(r"(?<![A-Za-z0-9/+=])(?=[A-Za-z0-9/+]*\d)(?=[A-Za-z0-9/+]*[a-z])(?=[A-Za-z0-9/+]*[A-Z])[A-Za-z0-9/+]{40}"
                r"(?![A-Za-z0-9/+=])"), "<secret>"),
)  # fmt: skip


def redacted(text: str, names: Iterable[str] = ()) -> str:
    """`names` are texts of this account that no pattern knows: a user's name, a role's session."""
    for name in sorted(filter(None, names), key=len, reverse=True):
        text = text.replace(name, "<name>")
    for pattern, instead in _PATTERNS:
        text = pattern.sub(instead, text)
    return text
