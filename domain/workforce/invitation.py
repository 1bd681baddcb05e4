"""What a worker reads who is invited: who asks, where to work, and what the password needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

PASSWORD_DAYS, PASSWORD_LENGTH = 7, 14
"""How long a temporary password lives, and how long one's own must be: the pool's settings."""


@dataclass(frozen=True)
class Invitation:
    """An e-mail. The text is HTML and holds Cognito's places for the user name and the temporary password."""

    subject: str
    text: str


def invitation(*, stage: str, asked_by: str, portals: Sequence[str], user_name: str, code: str) -> Invitation:
    """`portals` are addresses, of which people may need any; `user_name` and `code` are the places that Cognito fills
    in, such as `{####}`."""
    paragraphs = [
        f"{escape(asked_by)} asks you to label images.",
        f"Where: {' or '.join(map(_link, portals))}"
        + (". A job is in one of them; you sign in to both with the same password." if len(portals) > 1 else ""),
        f"E-mail address: {user_name}<br>Temporary password: {code}",
        f"The temporary password is good for {PASSWORD_DAYS} days. When you sign in for the first time you choose "
        f"one of your own: {PASSWORD_LENGTH} characters at least, with small and capital letters, a digit and a sign.",
    ]
    return Invitation(f"Please label images (Kempelen, {stage})", "".join(f"<p>{text}</p>" for text in paragraphs))


def _link(address: str) -> str:
    return f'<a href="{escape(address)}">{escape(address)}</a>'
