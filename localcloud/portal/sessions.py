"""A worker's session: a cookie with who signed in, signed with a key that lives as long as the portal."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets
import time
from dataclasses import asdict, dataclass

from localcloud.ground_truth.job.task_pool import Worker
from localcloud.ground_truth.members import worker_id
from localcloud.sagemaker import store

COOKIE = "worker-session"
LIFETIME_SECONDS = 8 * 3600
_KEY = secrets.token_bytes(32)
_ended: set[str] = set()  # sessions that were signed out


@dataclass(frozen=True)
class Session:
    """Who works: `sub` and `groups` as Cognito's ID token gave them, `session` only for this sign-in."""

    user_pool: str
    sub: str
    email: str
    groups: tuple[str, ...]
    session: str
    expires: float

    @property
    def worker(self) -> Worker:
        """The worker as labeling jobs know it; the id is the same in every session."""
        return Worker(
            worker_id(self.user_pool, self.sub),
            self.session,
            {
                "identityProviderType": "Cognito",
                "issuer": f"https://cognito-idp.{store.REGION}.amazonaws.com/{self.user_pool}",
                "sub": self.sub,
            },
        )


def new_session(user_pool: str, sub: str, email: str, groups: list[str]) -> Session:
    return Session(user_pool, sub, email, tuple(groups), secrets.token_hex(8), time.time() + LIFETIME_SECONDS)


def end(session: Session) -> None:
    """Whoever has the cookie is signed out: it opens nothing any more."""
    _ended.add(session.session)


def to_cookie(session: Session) -> str:
    payload = base64.urlsafe_b64encode(json.dumps(asdict(session)).encode()).decode()
    return f"{payload}.{_signature(payload)}"


def from_cookie(cookie: str | None) -> Session | None:
    """The session of a cookie that this portal signed and that has not expired."""
    payload, _, signature = (cookie or "").partition(".")
    if not payload or not hmac.compare_digest(_signature(payload).encode(), signature.encode()):
        return None
    try:
        fields = json.loads(base64.urlsafe_b64decode(payload))
    except (binascii.Error, ValueError):
        return None
    session = Session(**{**fields, "groups": tuple(fields["groups"])})
    return session if session.expires > time.time() and session.session not in _ended else None


def _signature(payload: str) -> str:
    return hmac.new(_KEY, payload.encode(), hashlib.sha256).hexdigest()
