"""Cognito's resource types: users of a pool and their groups."""

from __future__ import annotations

from localcloud.clients import client
from localcloud.cloudformation.registry import Created, Properties, register

_USER = (
    "ClientMetadata",
    "DesiredDeliveryMediums",
    "ForceAliasCreation",
    "MessageAction",
    "UserAttributes",
    "Username",
    "UserPoolId",
    "ValidationData",
)


def register_types() -> None:
    register("AWS::Cognito::UserPoolUser", _create_user, _delete_user)
    register("AWS::Cognito::UserPoolUserToGroupAttachment", _attach, _detach)


def _create_user(properties: Properties, name: str) -> Created:
    given = {key: properties[key] for key in _USER if key in properties}
    user = client("cognito-idp").admin_create_user(**{"Username": name, **given})["User"]
    return user["Username"], {}


def _delete_user(username: str, properties: Properties) -> None:
    client("cognito-idp").admin_delete_user(UserPoolId=properties["UserPoolId"], Username=username)


def _attach(properties: Properties, _name: str) -> Created:
    client("cognito-idp").admin_add_user_to_group(**_membership(properties))
    return "|".join(_membership(properties).values()), {}


def _detach(_attachment: str, properties: Properties) -> None:
    client("cognito-idp").admin_remove_user_from_group(**_membership(properties))


def _membership(properties: Properties) -> dict[str, str]:
    return {key: properties[key] for key in ("UserPoolId", "GroupName", "Username")}
