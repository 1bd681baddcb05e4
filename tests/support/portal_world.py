"""Our portal's function with the workflow's beside it, Cognito's token endpoint, and people's browsers."""

from __future__ import annotations

import base64
import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from adapters.sign_in_page import challenge

ADDRESS = "https://abc123.execute-api.us-east-1.amazonaws.com"
SIGN_IN = "https://kempelen-dev-123456789012.auth.us-east-1.amazoncognito.com"
CLIENT = "client-1"
TASK = {"type": "image-single-label", "question": "Is it open?", "labels": ["open", "shut"], "workers_per_object": 2}
ELEMENT = "crowd-image-classifier"


@dataclass
class World:
    """The functions, the pool, and what Cognito's page gives for a code."""

    functions: Any
    pool: str
    tokens: dict[str, dict[str, Any]] = field(default_factory=dict)
    exchanged: list[dict[str, str]] = field(default_factory=list)
    subs: dict[str, str] = field(default_factory=dict)

    def manage(self, action: str, **fields: Any) -> Any:
        return self.functions("manage_labeling", {"action": action, **fields})

    def started(self, run_id: str = "r1", **task: Any) -> tuple[Any, Any, Any]:
        given = {"dataset": "faces", "run_id": run_id, "recipe": "recipes/faces.yaml", "task": {**TASK, **task}}
        run = self.functions("validate_input", {"kind": "label", "execution": "e-1", "input": given})
        self.functions("preflight", {"run": run})
        manifest = self.functions("build_manifest", {"run": run})
        return run, manifest, self.functions("start_labeling", {"run": run, "manifest": manifest})

    def token(self, method: str, url: str, body: str, **_options: Any) -> SimpleNamespace:
        """Cognito's token endpoint; it keeps the rule of the proof (RFC 7636) as Cognito does."""
        sent = {name: values[0] for name, values in parse_qs(body).items()}
        self.exchanged.append(sent)
        assert (method, url) == ("POST", f"{SIGN_IN}/oauth2/token")
        claims = self.tokens.pop(sent["code"], None)
        if claims is None or challenge(sent["code_verifier"]) != claims.pop("challenge"):
            return SimpleNamespace(status=400, data=b'{"error":"invalid_grant"}')
        payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
        return SimpleNamespace(status=200, data=json.dumps({"id_token": f"e30.{payload}.sig"}).encode())


THREAD = ThreadPoolExecutor(1)
"""Tests of pages in the same process leave an event loop running in its main thread, as no Lambda function has."""


@dataclass
class Browser:
    """A person's browser: it keeps cookies."""

    world: World
    cookies: dict[str, str] = field(default_factory=dict)
    source: str = "198.51.100.7"

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        address, _, query = path.partition("?")
        raw = isinstance(body, bytes)
        event = {
            "version": "2.0",
            "routeKey": "ANY /{proxy+}",
            "rawPath": address,
            "rawQueryString": query,
            "cookies": [f"{name}={value}" for name, value in self.cookies.items()],
            "headers": {
                "host": urlsplit(ADDRESS).netloc,
                "x-forwarded-proto": "https",
                "accept": "application/json",
                **({"content-type": "application/json"} if body is not None else {}),
                **headers,
            },
            "requestContext": {
                "http": {"method": method, "path": address, "sourceIp": self.source, "protocol": "HTTP/1.1"},
                "domainName": urlsplit(ADDRESS).netloc,
                "stage": "$default",
            },
            "body": base64.b64encode(body).decode() if raw else json.dumps(body) if body is not None else "",
            "isBase64Encoded": raw,
        }
        answer = THREAD.submit(self.world.functions, "portal", event).result()
        for cookie in answer.get("cookies", ()):
            name, _, rest = cookie.partition("=")
            self.cookies[name] = rest.split(";")[0].strip('"')
            self.flags = cookie
        answer["json"] = (
            json.loads(answer["body"])
            if answer["body"] and "json" in answer["headers"].get("content-type", "")
            else None
        )
        return answer

    def sign_in(self, email: str, **claims: Any) -> Any:
        sent = self.ask("GET", "/login")["headers"]["location"]
        asked = {name: values[0] for name, values in parse_qs(urlsplit(sent).query).items()}
        self.world.tokens["code-1"] = {
            "iss": f"https://cognito-idp.us-east-1.amazonaws.com/{self.world.pool}",
            "aud": CLIENT,
            "token_use": "id",
            "exp": time.time() + 3600,
            "nonce": asked["nonce"],
            "email": email,
            "sub": self.world.subs.setdefault(email, f"sub-{email}"),
            "cognito:groups": ["workers"],
            "challenge": asked["code_challenge"],
            **claims,
        }
        return self.ask("GET", f"/callback?code=code-1&state={asked['state']}")

    def work(self, job: str, label: str) -> bool:
        task = self.ask("POST", f"/jobs/{job}/next", {})["json"]["task"]
        if task is None:
            return False
        answer = self.ask("POST", f"{task['path']}/submit", {ELEMENT: {"label": label}})
        return bool(answer["statusCode"] == 200)
