"""The server's call when somebody has answered: set up with a job, proven when it comes, taken away when it is over."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from adapters.label_studio import LabelStudio
from domain.errors import AccessDenied, RequestRefused

HEADER = "X-Kempelen-Proof"
_ACTIONS = ("ANNOTATION_CREATED", "ANNOTATIONS_CREATED", "ANNOTATION_UPDATED")
"""One person's answer, many at once, an answer that was changed: https://labelstud.io/guide/webhooks"""


@dataclass(frozen=True)
class Webhook:
    """`address` is where the stage listens, empty where it does not. `token` is the server's API token."""

    server: LabelStudio
    token: Callable[[], str]
    address: str

    def proof(self, job: str) -> str:
        """64 hex digits. All users of the server can read them, so they are good for this job alone, and the token
        cannot be found from them."""
        return hmac.digest(self.token().encode(), f"webhook {job}".encode(), "sha256").hex()

    def is_proven(self, job: str, proof: str) -> bool:
        """Takes as long for one proof as for another."""
        return hmac.compare_digest(self.proof(job).encode(), proof.encode())

    def add(self, project: int, job: str) -> None:
        """Once, however often it is called. Raises RequestRefused: the server cannot call us."""
        if not self.address or self._own(project, job):
            return
        try:
            self.server.add_webhook(project, self._url(job), {HEADER: self.proof(job)}, _ACTIONS)
        except (AccessDenied, RequestRefused) as error:
            raise RequestRefused(
                f"the Label Studio server takes no webhook: {error}. Let the token's user make webhooks and the server "
                f"reach {self.address}, or deploy with labeling.label_studio_webhook = false"
            ) from error

    def remove(self, project: int, job: str) -> bool:
        """Whether it was there: of several that take it away, one hears so."""
        if not self.address:
            return False
        removed = [self.server.remove_webhook(one["id"]) for one in self._own(project, job)]
        return any(removed)

    def _own(self, project: int, job: str) -> list[dict[str, Any]]:
        return [one for one in self.server.webhooks(project) if one["url"] == self._url(job)]

    def _url(self, job: str) -> str:
        return f"{self.address}/label-studio/{job}"
