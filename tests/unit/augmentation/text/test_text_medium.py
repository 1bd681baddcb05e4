"""Texts: the very same characters, or a reason."""

from __future__ import annotations

import pytest

from augmentation.errors import BadText
from augmentation.text.medium import SHOWN, medium_for, read_text
from domain.recipe import Recipe
from domain.recipe.outputs import Written

MEDIUM = medium_for(Recipe.from_mapping({"name": "t", "media": "text", "steps": [{"export": "original"}]}))


@pytest.mark.parametrize("text", ["a\r\nb\n", " café ", "\u2028\u200d👩‍👩‍👧", "e\u0301", "no end of line", "a\ufeffb"])
def test_what_is_written_has_the_very_same_characters(text: str) -> None:
    assert MEDIUM.encode(read_text(text.encode()), Written("txt", 90)) == text.encode()
    assert MEDIUM.measures(text) == {"characters": len(text)}


def test_a_byte_order_mark_is_taken_off() -> None:
    assert read_text(b"\xef\xbb\xbfyes") == "yes"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the text is empty"),
        (b" \r\n\t", "the text is empty"),
        (b"\xef\xbb\xbf", "the text is empty"),
        (b"caf\xe9", "not UTF-8: byte 3 is 0xe9"),
        ("yes".encode("utf-16"), "not UTF-8: byte 0 is 0xff"),
        ("yes".encode("utf-16-le"), "NUL"),
        (b"\xed\xa0\x80", "not UTF-8"),
    ],
)
def test_what_is_no_text_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(BadText, match=reason):
        read_text(data)


def test_the_report_shows_the_beginning_of_a_long_text() -> None:
    assert MEDIUM.shown("x" * SHOWN, 144, None) == {"text": "x" * SHOWN}
    assert MEDIUM.shown("x" * (SHOWN + 1), 144, None) == {"text": "x" * SHOWN + "…"}
