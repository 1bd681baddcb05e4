"""Notes what is asked, decides it, or both, as the server was told to."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from localcloud.iam.evaluation import decide
from localcloud.iam.gate import refusals
from localcloud.iam.gate.asked import requests
from localcloud.iam.gate.attached import Attached
from localcloud.iam.gate.callers import Caller
from localcloud.iam.gate.calls import Call
from localcloud.iam.gate.recorder import Recorder
from localcloud.iam.requests import AuthorizationRequest, ContextValue

_LOG = logging.getLogger("localcloud.iam")
_POLICIES = Attached()


@dataclass
class Judge:
    recorder: Recorder | None
    enforce: bool

    def of_call(
        self, caller: Caller, call: Call, fallback: str = "*", extra: Iterable[tuple[str, str]] = ()
    ) -> tuple[AuthorizationRequest, str] | None:
        """What is refused of a call of an API, and in which words; None when nothing is."""
        return self.of(caller, requests(caller, call, fallback, list(extra)))

    def of(self, caller: Caller, asked: Iterable[AuthorizationRequest]) -> tuple[AuthorizationRequest, str] | None:
        """All of it is noted, whatever is decided."""
        listed = list(asked)
        if self.recorder:
            for request in listed:
                self.recorder.note(request)
        for request in listed if self.enforce else ():
            decision = decide(request, _POLICIES)
            if not decision.allowed:
                text = refusals.message(caller, request, decision.reason)
                _LOG.warning("refused: %s (%s)", text, request.call)
                return request, text
        return None

    def check(self, caller: Caller, call: Call) -> None:
        """Raises DeniedError."""
        if refused := self.of_call(caller, call):
            raise refusals.DeniedError(refused[1])

    def check_action(self, caller: Caller, action: str, on: str, context: dict[str, ContextValue], call: str) -> None:
        """Of what is no call of an API, as when a service takes a role on. Raises DeniedError."""
        context = {"aws:SecureTransport": "true", **context}
        request = AuthorizationRequest(caller.principal, action, (on,), context, call, caller.by)
        if refused := self.of(caller, [request]):
            raise refusals.DeniedError(refused[1])
