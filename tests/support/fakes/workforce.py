# ruff: noqa: N803 (parameters are named as boto3 names them)
"""An account's one Ground Truth workforce with its workteams, and the Cognito client of its portal."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import boto3

from tests.support.fakes.clients import check_request
from tests.support.fakes.faults import Faults, client_error, raise_fault

Record = dict[str, Any]
ARN = "arn:aws:sagemaker:us-east-1:000000000000"


@dataclass
class FakeWorkforces:
    """SageMaker as far as workforces go; a change takes `delay` seconds of the fake clock `now`."""

    now: float = 0.0
    delay: float = 5.0
    workforce: Record | None = None
    tags: list[Record] = field(default_factory=list)
    teams: list[str] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)
    settles_as: str = "Active"
    takes_no_tags: bool = False
    calls: list[str] = field(default_factory=list)
    members: list[Record] = field(default_factory=list)
    jobs_run_until: float = 0.0
    _settles_at: float | None = None

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def exists(self, name: str = "default", pool: str = "pool", client: str = "client", stage: str = "") -> None:
        self.workforce = self._record(name, {"UserPool": pool, "ClientId": client})
        self.tags = [{"Key": "kempelen:stage", "Value": stage}] if stage else []

    def _record(self, name: str, cognito: Record) -> Record:
        return {
            "WorkforceName": name,
            "WorkforceArn": f"{ARN}:workforce/{name}",
            "SubDomain": "abc.labeling.us-east-1.sagemaker.aws",
            "CognitoConfig": cognito,
            "Status": "Active",
        }

    def _settle(self) -> None:
        if self.workforce and self._settles_at is not None and self.now >= self._settles_at:
            self._settles_at = None
            if self.workforce["Status"] == "Deleting":
                self.workforce = None
            else:
                self.workforce["Status"] = self.settles_as

    def __getattr__(self, operation: str) -> Any:
        """Every operation of the client goes through the request check and the faults."""
        if operation.startswith("_"):
            raise AttributeError(operation)

        def call(**request: Any) -> Any:
            check_request("sagemaker", operation, request)
            self.calls.append(operation)
            self._settle()
            lost = self.faults.before(operation, str(request))
            answer = getattr(self, f"_do_{operation}")(**request)
            if lost:
                raise_fault(lost, operation)
            return answer

        return call

    def get_paginator(self, operation: str) -> Any:
        def paginate(**request: Any) -> Any:
            yield getattr(self, operation)(**request)

        return SimpleNamespace(paginate=paginate)

    def _do_list_workforces(self) -> Record:
        return {"Workforces": [dict(self.workforce)] if self.workforce else []}

    def _do_list_tags(self, ResourceArn: str) -> Record:
        if self.takes_no_tags:
            raise client_error("ValidationException", "ListTags")
        return {"Tags": self.tags}

    def _do_list_workteams(self) -> Record:
        arn = self.workforce["WorkforceArn"] if self.workforce else ""
        return {"Workteams": [{"WorkteamName": name, "WorkforceArn": arn} for name in self.teams]}

    def _do_create_workteam(self, WorkteamName: str, WorkforceName: str, **request: Any) -> Record:
        assert self.workforce is not None
        assert self.workforce["WorkforceName"] == WorkforceName
        if WorkteamName in self.teams:
            raise client_error("ResourceInUse", "CreateWorkteam")
        self.teams.append(WorkteamName)
        self.members = request["MemberDefinitions"]
        return {"WorkteamArn": f"{ARN}:workteam/private-crowd/{WorkteamName}"}

    def _do_update_workteam(self, WorkteamName: str, **request: Any) -> Record:
        self.members = request["MemberDefinitions"]
        return {"Workteam": {"WorkteamArn": f"{ARN}:workteam/private-crowd/{WorkteamName}"}}

    def _do_delete_workteam(self, WorkteamName: str) -> Record:
        if self.jobs_run_until > self.now:
            return {"Success": False}
        self.teams.remove(WorkteamName)
        return {"Success": True}

    def _do_create_workforce(
        self, WorkforceName: str, CognitoConfig: Record, Tags: list[Record] | None = None, **more: Any
    ) -> Record:
        if Tags and self.takes_no_tags:
            raise client_error("ValidationException", "CreateWorkforce")
        if self.workforce:
            raise client_error("ResourceLimitExceeded", "CreateWorkforce")
        self.workforce = {**self._record(WorkforceName, CognitoConfig), "Status": "Initializing", **more}
        self.tags = Tags or []
        self._settles_at = self.now + self.delay
        return {}

    def _do_update_workforce(self, WorkforceName: str, SourceIpConfig: Record) -> Record:
        assert self.workforce is not None
        self.workforce.update(SourceIpConfig=SourceIpConfig, Status="Updating")
        self._settles_at = self.now + self.delay
        return {}

    def _do_delete_workforce(self, WorkforceName: str) -> Record:
        if self.workforce is None or self.workforce["WorkforceName"] != WorkforceName:
            raise client_error("ResourceNotFound", "DeleteWorkforce")
        if self.teams:
            raise client_error("ResourceInUse", "DeleteWorkforce")
        self.workforce["Status"] = "Deleting"
        self._settles_at = self.now + self.delay
        return {}


class FakeCognito:
    """One user pool client; an update forgets whatever it is not given, as Cognito does."""

    def __init__(self) -> None:
        self.settings: Record = {
            "UserPoolId": "pool",
            "ClientId": "client",
            "ClientName": "portal",
            "ClientSecret": "secret",
            "AllowedOAuthFlows": ["code"],
            "AllowedOAuthFlowsUserPoolClient": True,
            "CallbackURLs": ["https://localhost/oauth2/idpresponse"],
        }
        self.denied = False
        self.invited: list[str] = []
        self.invitations_left = 50

    def admin_create_user(self, **request: Any) -> Record:
        check_request("cognito-idp", "admin_create_user", request)
        assert request["MessageAction"] == "RESEND"
        if self.invitations_left == 0:
            raise client_error("LimitExceededException", "AdminCreateUser")
        self.invitations_left -= 1
        self.invited.append(request["Username"])
        return {}

    @property
    def meta(self) -> Any:
        return boto3.Session("any", "any", region_name="us-east-1").client("cognito-idp").meta

    def describe_user_pool_client(self, UserPoolId: str, ClientId: str) -> Record:
        return {"UserPoolClient": dict(self.settings)}

    def update_user_pool_client(self, **settings: Any) -> None:
        check_request("cognito-idp", "update_user_pool_client", settings)
        if self.denied:
            raise client_error("AccessDeniedException", "UpdateUserPoolClient")
        self.settings = {**settings, "ClientSecret": self.settings["ClientSecret"]}
