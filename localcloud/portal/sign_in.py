"""Signing workers in against the workforce's Cognito user pool, as the hosted sign-in page does on AWS."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from botocore.exceptions import ClientError
from ministack.services import cognito

from localcloud import passwords
from localcloud.clients import client
from localcloud.ground_truth.workforces import workforce
from localcloud.portal.sessions import Session, new_session
from localcloud.sagemaker.errors import ApiError


class SignInError(Exception):
    """The worker was not signed in; the text is for the worker."""


@dataclass(frozen=True)
class NewPasswordRequired:
    """The temporary password was right; `session` goes back with the new one."""

    session: str


def sign_in(email: str, password: str) -> Session | NewPasswordRequired:
    """Raises SignInError with what Cognito says, or when no workforce exists yet."""
    config = _cognito_config()
    parameters = {"USERNAME": email, "PASSWORD": password, **_secret_hash(config, email)}
    answer = _as_cognitos_page_does(config, parameters)
    if answer.get("ChallengeName") == "NEW_PASSWORD_REQUIRED":
        return NewPasswordRequired(answer["Session"])
    return _session(config, answer)


def _as_cognitos_page_does(config: dict[str, str], parameters: dict[str, str]) -> dict[str, Any]:
    """Within the server: Cognito's page asks for a password without any flow that the client would have to allow."""
    flow = {"AuthFlow": "ADMIN_USER_PASSWORD_AUTH", "AuthParameters": parameters}
    status, _, body = cognito._admin_initiate_auth(
        {"UserPoolId": config["UserPool"], "ClientId": config["ClientId"], **flow}
    )
    answer: dict[str, Any] = json.loads(body)
    if status >= HTTPStatus.BAD_REQUEST:
        raise SignInError(str(answer.get("message") or answer.get("__type") or "Cognito refused to sign you in."))
    return answer


def choose_password(email: str, password: str, session: str) -> Session:
    """Replace the temporary password. Raises SignInError when the pool's password policy refuses the new one."""
    config = _cognito_config()
    _check_policy(config["UserPool"], password)
    answer = _ask(
        "admin_respond_to_auth_challenge",
        UserPoolId=config["UserPool"],
        ClientId=config["ClientId"],
        ChallengeName="NEW_PASSWORD_REQUIRED",
        Session=session,
        ChallengeResponses={"USERNAME": email, "NEW_PASSWORD": password, **_secret_hash(config, email)},
    )
    return _session(config, answer)


def _cognito_config() -> dict[str, str]:
    try:
        config: dict[str, str] | None = workforce().get("CognitoConfig")
    except ApiError as error:
        raise SignInError("There is no workforce yet, so nobody can sign in. Deploy the workforce first.") from error
    if config is None:
        raise SignInError("The workforce uses an OIDC provider; the local cloud's portal knows Cognito only.")
    return config


def _secret_hash(config: dict[str, str], username: str) -> dict[str, str]:
    described = _ask("describe_user_pool_client", UserPoolId=config["UserPool"], ClientId=config["ClientId"])
    secret = described["UserPoolClient"].get("ClientSecret")
    if not secret:
        return {}
    digest = hmac.new(secret.encode(), (username + config["ClientId"]).encode(), hashlib.sha256).digest()
    return {"SECRET_HASH": base64.b64encode(digest).decode()}


def _session(config: dict[str, str], answer: dict[str, Any]) -> Session:
    if "AuthenticationResult" not in answer:
        raise SignInError(f"The local cloud's portal cannot answer Cognito's challenge {answer.get('ChallengeName')}.")
    claims = _claims(answer["AuthenticationResult"]["IdToken"])
    groups = claims.get("cognito:groups") or []
    return new_session(config["UserPool"], claims["sub"], claims.get("email", claims["cognito:username"]), groups)


def _claims(token: str) -> dict[str, Any]:
    """The claims of a token that Cognito itself has just handed over (no signature check is needed)."""
    payload = token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return claims


@dataclass(frozen=True)
class PasswordRule:
    """The pool's rule for passwords: how many characters, and of which kinds one is needed at least."""

    length: int
    kinds: tuple[str, ...]

    @property
    def words(self) -> str:
        kinds = f", with {', '.join(self.kinds)}" if self.kinds else ""
        return f"At least {self.length} characters{kinds}."


def password_rule() -> PasswordRule:
    """Of the workforce's pool. Raises SignInError when there is no workforce yet."""
    policy = _policy(_cognito_config()["UserPool"])
    return PasswordRule(passwords.least_length(policy), passwords.needed_kinds(policy))


def _policy(user_pool: str) -> dict[str, Any]:
    pool = _ask("describe_user_pool", UserPoolId=user_pool)["UserPool"]
    policy: dict[str, Any] = pool.get("Policies", {}).get("PasswordPolicy", {})
    return policy


def _check_policy(user_pool: str, password: str) -> None:
    """ministack applies the rule when an administrator sets a password, but not in this challenge."""
    if missing := passwords.lacks(_policy(user_pool), password):
        raise SignInError(f"The new password needs {', '.join(missing)}.")


def _ask(operation: str, **parameters: Any) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = getattr(client("cognito-idp"), operation)(**parameters)
    except ClientError as error:
        raise SignInError(error.response["Error"].get("Message") or str(error)) from error
    return answer
