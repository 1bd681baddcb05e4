"""Keys come from outside: which of them are refused, and why."""

from __future__ import annotations

import unicodedata

KEY_LIMIT_BYTES = 1024  # S3's own limit


def key_problem(key: str) -> str | None:
    """Why `key` is unsafe as an S3 key that becomes part of a path or URI, or None when it is fine."""
    if len(key.encode("utf-8", "surrogatepass")) > KEY_LIMIT_BYTES:
        return f"is longer than {KEY_LIMIT_BYTES} bytes"
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in key):
        return "has a control character"
    if "\\" in key:
        return "has a backslash"
    if key.startswith("/"):
        return "is absolute"
    segments = key.removesuffix("/").split("/")
    if any(segment in (".", "..") for segment in segments):
        return "has a '.' or '..' segment"
    if any(not segment for segment in segments):
        return "has an empty segment"
    return None


def relative_to(key: str, prefix: str) -> str:
    """`key` without `prefix`; the name that people see for an object."""
    return key[len(prefix) :] if key.startswith(prefix) else key
