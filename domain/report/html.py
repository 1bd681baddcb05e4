"""Small helpers for HTML: everything from outside passes through `escape`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape as _escape
from typing import Any


def escape(value: Any) -> str:
    return _escape(str(value), quote=True)


def noun(dataset: Mapping[str, Any]) -> str:
    """What the files of dataset.json are."""
    return "clip" if dataset.get("medium") == "audio" else "image"


def section(title: str, body: str, note: str = "") -> str:
    lead = f'<p class="note">{note}</p>' if note else ""
    return f"<section><h2>{escape(title)}</h2>{lead}{body}</section>"


def table(head: Sequence[str], rows: Iterable[Sequence[str]], kind: str = "") -> str:
    """`head` is text, the cells of `rows` are HTML."""
    top = "".join(f"<th>{escape(name)}</th>" for name in head)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<div class="scroll"><table class="{kind}"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'


def percent(share: float) -> str:
    """A share of 1 in whole percent, but never 100 % or 0 % for what is only nearly so."""
    value = round(100 * share)
    if value == 100 and share < 1:
        value = 99
    if value == 0 and share > 0:
        value = 1
    return f"{value} %"


def player(sound: str | None) -> str:
    """Controls to listen to a data URI; nothing where there is none."""
    return (
        f'<audio controls controlslist="nodownload noplaybackrate" preload="none" src="{escape(sound)}"></audio>'
        if sound
        else ""
    )
