"""Ground Truth's workforce and the Cognito client by which its portal signs people in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from adapters.teardown.faults import translated
from adapters.teardown.pages import entries
from domain.errors import AccessDenied, NotFound, RequestRefused, ResourceInUse
from domain.workforce.model import Team, Wanted, Workforce


class Workforces:
    """The workforce of one account and Region."""

    def __init__(self, sagemaker: Any, tag_key: str) -> None:
        self._sagemaker = sagemaker
        self._tag_key = tag_key

    def current(self) -> Workforce | None:
        """The one that exists.

        Raises:
            AwsError: it could not be read.
        """
        for found in entries(self._sagemaker, "list_workforces", "Workforces"):
            return self._read(found)
        return None

    def create(self, wanted: Wanted, stage: str) -> None:
        """Ask for a workforce tagged with the stage; it is Active some time later."""
        source = {"SourceIpConfig": {"Cidrs": list(wanted.source_ips)}} if wanted.source_ips else {}
        request = {
            "WorkforceName": wanted.name,
            "CognitoConfig": {"UserPool": wanted.user_pool, "ClientId": wanted.client},
            **source,
        }
        try:
            with translated("create_workforce"):
                self._sagemaker.create_workforce(**request, Tags=[{"Key": self._tag_key, "Value": stage}])
        except RequestRefused:
            # Whether AWS takes tags on workforces is not documented; a refusal for another reason comes again.
            with translated("create_workforce"):
                self._sagemaker.create_workforce(**request)

    def restrict(self, name: str, source_ips: Sequence[str]) -> None:
        """Let people work from these CIDR ranges only; none means from everywhere."""
        with translated("update_workforce"):
            self._sagemaker.update_workforce(
                WorkforceName=name, SourceIpConfig={"Cidrs": list(source_ips) or ["0.0.0.0/0", "::/0"]}
            )

    def delete(self, name: str) -> None:
        with translated("delete_workforce"):
            self._sagemaker.delete_workforce(WorkforceName=name)

    def teams(self, workforce: Workforce) -> list[str]:
        """Names of the workteams in the workforce."""
        listed = entries(self._sagemaker, "list_workteams", "Workteams")
        return [team["WorkteamName"] for team in listed if team.get("WorkforceArn", workforce.arn) == workforce.arn]

    def provide_team(self, team: Team, wanted: Wanted, workforce: str) -> str:
        """The ARN of the workteam in the workforce; one that is there gets these members."""
        member = {"UserPool": wanted.user_pool, "ClientId": wanted.client, "UserGroup": team.group}
        request = {
            "WorkteamName": team.name,
            "MemberDefinitions": [{"CognitoMemberDefinition": member}],
            "Description": team.description,
            "NotificationConfiguration": {"NotificationTopicArn": team.topic},
        }
        try:
            with translated("create_workteam"):
                made = self._sagemaker.create_workteam(**request, WorkforceName=workforce)
            return str(made["WorkteamArn"])
        except ResourceInUse:
            with translated("update_workteam"):
                return str(self._sagemaker.update_workteam(**request)["Workteam"]["WorkteamArn"])

    def delete_team(self, name: str) -> bool:
        """Whether it is gone: `Success` is false, without an error, while a labeling job runs."""
        with translated("delete_workteam"):
            return bool(self._sagemaker.delete_workteam(WorkteamName=name)["Success"])

    def _read(self, found: dict[str, Any]) -> Workforce:
        arn, cognito = found["WorkforceArn"], found.get("CognitoConfig", {})
        tags = self._tags(arn)
        return Workforce(
            name=found["WorkforceName"],
            arn=arn,
            status=found.get("Status", "Active"),
            user_pool=cognito.get("UserPool", ""),
            client=cognito.get("ClientId", ""),
            portal=found.get("SubDomain", ""),
            source_ips=tuple(found.get("SourceIpConfig", {}).get("Cidrs", [])),
            stage=tags.get(self._tag_key, ""),
            failure=found.get("FailureReason", ""),
        )

    def _tags(self, arn: str) -> dict[str, str]:
        """A hint: "Invalid resource type: workforce" is what some accounts have been answered."""
        try:
            return {tag["Key"]: tag["Value"] for tag in entries(self._sagemaker, "list_tags", "Tags", ResourceArn=arn)}
        except (AccessDenied, NotFound, RequestRefused):
            return {}


def portal_of(sagemaker: Any, user_pool: str) -> str:
    """The host of the worker portal in which the people of a user pool work.

    Raises:
        NotFound: no workforce of this account and Region uses the pool.
    """
    for found in entries(sagemaker, "list_workforces", "Workforces"):
        if found.get("CognitoConfig", {}).get("UserPool") == user_pool and found.get("SubDomain"):
            return str(found["SubDomain"])
    raise NotFound(f"no workforce uses the user pool {user_pool}, so there is no worker portal yet; deploy again")


class SignInClient:
    """The user pool's client that the worker portal uses."""

    def __init__(self, cognito: Any) -> None:
        self._cognito = cognito

    def invite(self, user_pool: str, email: str) -> None:
        """Send the invitation of a user who is there and has not signed in yet, with a new temporary password."""
        with translated("admin_create_user"):
            self._cognito.admin_create_user(
                UserPoolId=user_pool, Username=email, MessageAction="RESEND", DesiredDeliveryMediums=["EMAIL"]
            )

    def return_to(self, portal: str, user_pool: str, client: str) -> None:
        """Send people back to the portal after signing in; only the finished workforce knows the portal's address.

        UpdateUserPoolClient resets whatever it is not given, so everything else is given as it is.
        """
        with translated("describe_user_pool_client"):
            described = self._cognito.describe_user_pool_client(UserPoolId=user_pool, ClientId=client)["UserPoolClient"]
        accepted = self._cognito.meta.service_model.operation_model("UpdateUserPoolClient").input_shape.members
        settings = {name: value for name, value in described.items() if name in accepted}
        settings["CallbackURLs"] = [f"https://{portal}/oauth2/idpresponse"]
        settings["LogoutURLs"] = [f"https://{portal}/logout"]
        with translated("update_user_pool_client"):
            self._cognito.update_user_pool_client(**settings)
