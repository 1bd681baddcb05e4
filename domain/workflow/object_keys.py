"""Keys come from outside: which of them are refused, and why."""

from __future__ import annotations

import unicodedata

KEY_LIMIT_BYTES = 1024  # S3's own limit
# What macOS, Synology and Windows leave beside files; all that begins with a dot besides (.DS_Store, .git, ._a.jpg).
_OF_SYSTEMS = {"@eadir", "__macosx", "thumbs.db", "ehthumbs.db", "desktop.ini"}


def key_problem(key: str) -> str | None:
    """Why `key` is unsafe as an S3 key that becomes part of a path or URI, or None when it is fine."""
    if len(key.encode("utf-8", "surrogatepass")) > KEY_LIMIT_BYTES:
        return f"is longer than {KEY_LIMIT_BYTES} bytes"
    kinds = {unicodedata.category(character) for character in key}
    if "Cs" in kinds:
        return "is not UTF-8"
    if "Cc" in kinds:
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


def is_hidden(key: str) -> bool:
    """Whether it is, or lies in, what systems and tools keep beside people's files: no part of a data set."""
    return any(
        part.startswith(".") or part.lower() in _OF_SYSTEMS for part in key.split("/") if part not in (".", "..")
    )


def relative_to(key: str, prefix: str) -> str:
    """`key` without `prefix`; the name that people see for an object."""
    return key[len(prefix) :] if key.startswith(prefix) else key
