"""Texts: what is written has the very same characters."""

from __future__ import annotations

from augmentation.errors import BadText
from augmentation.medium import Medium
from domain.recipe import Recipe
from domain.recipe.outputs import Written
from domain.rows import Measures, Picture

ENDINGS = (".txt",)
MAX_BYTES = 1_000_000
SHOWN = 600  # characters of a text in the report


def medium_for(_: Recipe) -> Medium:
    return Medium(
        endings=ENDINGS,
        max_bytes=MAX_BYTES,
        read=read_text,
        encode=_encoded,
        measures=_measures,
        shown=_shown,
        rejected=lambda _: None,
        by_ending=True,
    )


def read_text(data: bytes) -> str:
    """The characters of UTF-8, less a byte order mark.

    Raises:
        BadText: it is not UTF-8, or empty, or holds NUL, as UTF-16 does.
    """
    try:
        text = data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise BadText(f"not UTF-8: byte {error.start:,} is 0x{data[error.start]:02x}") from error
    if "\0" in text:
        raise BadText("no text: it holds the character NUL, as UTF-16 read as UTF-8 does")
    if not text.strip():
        raise BadText("the text is empty")
    return text


def _encoded(text: str, _: Written) -> bytes:
    return text.encode()


def _measures(text: str) -> Measures:
    return {"characters": len(text)}


def _shown(text: str, _: int, __: Measures | None) -> Picture:
    return {"text": text if len(text) <= SHOWN else f"{text[:SHOWN]}…"}
