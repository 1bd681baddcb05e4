"""Cognito's hosted sign-in pages where ministack's differ from AWS's."""

from __future__ import annotations

from typing import Any

from ministack.services import cognito

from localcloud import passwords


def register() -> None:
    cognito._password_policy_errors = _password_errors
    cognito._verify_pkce = _taking_any_text(cognito._verify_pkce)
    cognito.handle_logout = _without_foreign_addresses(cognito.handle_logout)
    for name in ("handle_oauth2_authorize", "handle_login_submit"):
        setattr(cognito, name, _unframed(getattr(cognito, name)))


def _password_errors(pool: dict[str, Any], password: str) -> list[str]:
    policy = (pool.get("Policies") or {}).get("PasswordPolicy") or {}
    return [f"Password must have {words}" for words in passwords.lacks(policy, password)]


def _taking_any_text(verify: Any) -> Any:
    """A verifier of other characters than ASCII's is a wrong one, and no error of the server."""
    return lambda verifier, challenge, method: verifier.isascii() and verify(verifier, challenge, method)


def _without_foreign_addresses(handle: Any) -> Any:
    """Only to addresses that the client names, also when it names none.

    https://docs.aws.amazon.com/cognito/latest/developerguide/logout-endpoint.html
    """

    def handle_logout(method: str, path: str, headers: dict[str, str], query: dict[str, Any]) -> Any:
        _, _, client = cognito._find_pool_by_client_id(cognito._qp(query, "client_id"))
        address = cognito._qp(query, "logout_uri")
        if client and address not in (client.get("LogoutURLs") or []):
            return cognito._oauth2_error("invalid_request", f"logout_uri is not allowed: {address}")
        return handle(method, path, headers, query)

    return handle_logout


def _unframed(handle: Any) -> Any:
    """No page may show a sign-in page as a part of its own."""

    def handle_page(*arguments: Any) -> Any:
        status, headers, body = handle(*arguments)
        return status, {**headers, "X-Frame-Options": "DENY", "Cache-Control": "no-store"}, body

    return handle_page
