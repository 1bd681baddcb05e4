"""Names and folders that break careless programs, as far as a file system allows them."""

from __future__ import annotations

import os
import random
import unicodedata

NAMES = (
    "a b  c.jpg", " leading space.jpg", "trailing space .jpg ", "'single'.jpg", '"double".jpg', "back`tick`.jpg",
    "$(touch injected).jpg", "; rm -rf x.jpg", "&& echo.jpg", "|pipe.jpg", "*.jpg", "?.jpg", "[a-z].jpg", "~.jpg",
    "-rf.jpg", "--output", "-", "...", "..jpg", "..a..b..jpg", ".hidden.jpg", ".jpg", "no extension", "%2e%2e%2f.jpg",
    "%00.jpg", "a%s%n.jpg", "{0}.jpg", "<script>alert(1)</script>.jpg", "&amp;.jpg", "#hash?query=1.jpg", "a:b.jpg",
    "CON.jpg", "NUL", "aux.jpg", "Thumbs.db", ".DS_Store", "~export~0~12345678.jpg", "a~b~c.jpg",
    "photo.jpg.exe", "photo.JPEG", "UPPER.JPG", "upper.JPG", "\u202egpj.exe", "\u200b.jpg",
    "\ufeffbom.jpg", "\u2028line.jpg", "emoji 😀👩\u200d👩\u200d👧.jpg", "日本語のファイル.jpg", "العربية.jpg",
    "Ω≈ç√.jpg", "ſ.jpg", "ß.jpg", "İ.jpg",
    unicodedata.normalize("NFC", "Zoë é.jpg"), unicodedata.normalize("NFD", "Zoë é.jpg"), "e" + "\u0301" * 60 + ".jpg",
    "x" * 251 + ".jpg", "é" * 120 + ".jpg", "=cmd|' /C calc'!A0.jpg", "null", "true", "1e5", "0x10.jpg",
    "line\nbreak.jpg", "tab\there.jpg", "return\r.jpg", "bell\x07.jpg", "escape\x1b[31mred.jpg", "delete\x7f.jpg",
    "back\\slash.jpg", "c1\x85control.jpg", "..\\..\\windows.jpg",
)  # fmt: skip
BYTE_NAMES = (b"latin1 \xe9.jpg", b"\xff\xfe.jpg", b"half \xe2\x82.jpg", b"\xed\xa0\x80 surrogate.jpg")
FOLDERS = (
    "open", "shut", "mouth not open", "..hidden", "-rf", "it's", '"quoted"', "<b>bold</b>", "Zoë", "e\u0301", "日本",
    "a" * 200, "100%", "con", "trailing.", " ", "~", "😀", "label\nbreak", "null",
)  # fmt: skip


def hostile_names() -> list[str]:
    return [*NAMES, *(os.fsdecode(name) for name in BYTE_NAMES)]


def any_name(rng: random.Random) -> str:
    """Up to 40 characters from the corners of Unicode, cut to what a file system takes."""
    pools = ((0x20, 0x7E), (0xA1, 0x24F), (0x300, 0x36F), (0x600, 0x6FF), (0x4E00, 0x4F00), (0x1F600, 0x1F640), (1, 31))
    weights = (30, 8, 4, 4, 4, 4, 1)
    letters = []
    for _ in range(rng.randint(1, 40)):
        low, high = rng.choices(pools, weights)[0]
        letters.append(chr(rng.randint(low, high)))
    name = "".join(letters).replace("/", "_").encode()[:250].decode("utf-8", "ignore")
    return name if name not in ("", ".", "..") else "_"
