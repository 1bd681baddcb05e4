"""Cognito where ministack's answers differ from AWS's."""

from __future__ import annotations

from typing import Any

from ministack.services import cognito
from ministack.services.cloudformation import provisioners


def register() -> None:
    _lengthen_temporary_passwords()
    _leave_out_empty_client_settings()
    _name_clients()


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
