"""Cognito where ministack's answers differ from AWS's."""

from __future__ import annotations

from typing import Any

from ministack.core.responses import error_response_json
from ministack.services import cognito
from ministack.services.cloudformation import provisioners


def register() -> None:
    _lengthen_temporary_passwords()
    _leave_out_empty_client_settings()
    _name_clients()
    _refuse_addresses_where_they_are_aliases()
    _refuse_reserved_domains()


def _refuse_addresses_where_they_are_aliases() -> None:
    """https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html (aliases)"""
    for name in ("_admin_create_user", "_sign_up"):
        setattr(cognito, name, _without_addresses(getattr(cognito, name)))


def _without_addresses(handle: Any) -> Any:
    def checked(data: dict[str, Any]) -> Any:
        pool = cognito._user_pools.get(data.get("UserPoolId")) or _pool_of_client(data.get("ClientId"))
        if pool and "email" in (pool.get("AliasAttributes") or []) and "@" in str(data.get("Username")):
            message = "Username cannot be of email format, since user pool is configured for email alias."
            return error_response_json("InvalidParameterException", message, 400)
        return handle(data)

    return checked


def _pool_of_client(client_id: str | None) -> dict[str, Any] | None:
    return next((pool for pool in cognito._user_pools.values() if client_id in pool["_clients"]), None)


def _refuse_reserved_domains() -> None:
    """https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain-prefix.html"""
    create = cognito._create_user_pool_domain

    def create_domain(data: dict[str, Any]) -> Any:
        domain = str(data.get("Domain", ""))
        reserved = [word for word in ("aws", "amazon", "cognito") if word in domain.lower()]
        if reserved and not data.get("CustomDomainConfig"):
            message = f"Domain cannot contain reserved word: {reserved[0]}"
            return error_response_json("InvalidParameterException", message, 400)
        return create(data)

    cognito._create_user_pool_domain = create_domain


def _lengthen_temporary_passwords() -> None:
    """Generated passwords have 12 characters, which a stricter pool refuses; AWS's follow the pool's policy."""
    generate = cognito._generate_temp_password
    cognito._generate_temp_password = lambda: str(generate()) + str(generate())


def _leave_out_empty_client_settings() -> None:
    """AWS describes a client without the settings that it lacks: an empty string may not be sent back."""
    create = cognito._create_user_pool_client

    def create_client(data: dict[str, Any]) -> Any:
        answer = create(data)
        for pool in cognito._user_pools.values():
            for client in pool["_clients"].values():
                if client.get("DefaultRedirectURI") == "":
                    del client["DefaultRedirectURI"]
        return answer

    cognito._create_user_pool_client = create_client


def _name_clients() -> None:
    """CloudFormation names a client that its template does not name."""
    handler = provisioners._RESOURCE_HANDLERS["AWS::Cognito::UserPoolClient"]
    create = handler["create"]

    def create_client(logical_id: str, properties: dict[str, Any], stack: str) -> Any:
        return create(logical_id, {"ClientName": f"{stack}-{logical_id}", **properties}, stack)

    handler["create"] = create_client
