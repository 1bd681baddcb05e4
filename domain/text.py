"""Names that people type, and names that come from file systems: one letter must be one letter."""

from __future__ import annotations

import unicodedata


def composed(text: str) -> str:
    """In Unicode's composed form (NFC): an é is one letter, whether typed or from the name of a file on a Mac."""
    return unicodedata.normalize("NFC", text)
