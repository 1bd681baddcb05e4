"""What the secret of a Label Studio back end holds."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from domain.errors import InvalidSettings


@dataclass(frozen=True)
class Secret:
    """`key` signs the addresses of images, where the secret has one: access key id and secret access key."""

    token: str = field(repr=False)
    key: tuple[str, str] | None = field(default=None, repr=False)


def read_secret(text: str, name: str) -> Secret:
    """Of the token alone, or of JSON with `token` and, if wanted, `access_key_id` and `secret_access_key`.

    Raises:
        InvalidSettings: it has no token, or half a key. The message never shows what is in it.
    """
    stripped = text.strip()
    values = _values(stripped) if stripped.startswith("{") else {"token": stripped}
    token = str(values.get("token") or "")
    given = [str(values.get(part) or "") for part in ("access_key_id", "secret_access_key")]
    if not token or any(map(str.isspace, token)):
        raise InvalidSettings(
            f"labeling.label_studio_secret: the secret {name} holds no API token; store the token alone, or "
            'JSON: {"token": "…"}'
        )
    if any(given) and not all(given):
        raise InvalidSettings(
            f"labeling.label_studio_secret: the secret {name} holds half a key; give access_key_id and "
            "secret_access_key, or neither"
        )
    return Secret(token, (given[0], given[1]) if all(given) else None)


def _values(text: str) -> dict[str, object]:
    try:
        values = json.loads(text)
    except ValueError:
        return {}
    return values if isinstance(values, dict) else {}
