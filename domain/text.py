"""Text for people and from people: counts with their nouns, and names in which one letter is one letter."""

from __future__ import annotations

import unicodedata


def composed(text: str) -> str:
    """In Unicode's composed form (NFC): an é is one letter, whether typed or from the name of a file on a Mac."""
    return unicodedata.normalize("NFC", text)


def plain(text: str) -> str:
    """Composed, and with single spaces: two texts that read the same are the same."""
    return " ".join(composed(text).split())


def looks(text: str) -> str:
    """The same for texts that nobody can tell apart: without characters that are not seen (Unicode's category Cf: zero
    width, marks of direction), and with one kind of space. Letters of other scripts that look alike stay different:
    https://unicode.org/reports/tr39 has thousands of them."""
    return plain("".join(one for one in text if unicodedata.category(one) != "Cf")).casefold()


def counted(count: int, noun: str) -> str:
    """ "1 file", "2,100 files"."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
