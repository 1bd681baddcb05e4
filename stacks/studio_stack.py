"""The SageMaker domain, its users, their role, and the teardown that empties it."""

from __future__ import annotations

from typing import Any

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from stacks.assets import Assets
from stacks.constructs.shared.python_function import PythonFunctions
from stacks.constructs.studio.execution_role import ExecutionRole
from stacks.constructs.studio.idle_canvas import IdleCanvas
from stacks.constructs.studio.place import Place, given_place
from stacks.constructs.studio.teardown import DomainTeardown
from stacks.constructs.studio.teardown_access import DomainRef
from stacks.naming import Names
from stacks.settings import Settings
from stacks.settings.studio import UserProfileSettings
from stacks.storage_stack import StorageStack

_LONGEST_IDLE_MINUTES = 525_600


class StudioStack(Stack):
    """Offers `own`: the stage's own domain, or None beside a domain that exists; then the role is all there is."""

    def __init__(
        self,
        scope: Construct,
        identity: str,
        *,
        settings: Settings,
        assets: Assets,
        storage: StorageStack,
        place: Place | None = None,
        **stack: Any,
    ) -> None:
        super().__init__(scope, identity, **stack)
        self._settings = settings
        self._names = Names(settings.stage)
        access = ExecutionRole(
            self,
            "Execution",
            names=self._names,
            data=storage.data,
            volume_key=storage.key,
            course_access=settings.studio.course_access,
        )
        self.execution_role = access.role
        self.own = None
        if settings.own_domain:
            self.own = self._make(place or given_place(self, settings.network), storage.key, assets, access)
        else:
            access.permit_domain(settings.studio.domain)
        CfnOutput(self, "DomainId", value=self.own.domain_id if self.own else settings.studio.domain)
        CfnOutput(self, "ExecutionRoleArn", value=self.execution_role.role_arn)

    def _make(self, place: Place, key: kms.IKey | None, assets: Assets, access: ExecutionRole) -> DomainRef:
        settings = self._settings
        domain = self._domain(place, key)
        own = DomainRef(domain.attr_domain_id, place.vpc_id, domain)
        functions = PythonFunctions(self, "Functions", settings=settings, assets=assets, key=key)
        idle = IdleCanvas(self, "IdleCanvas", settings=settings, functions=functions, domain_id=own.domain_id)
        teardown = DomainTeardown(self, "Teardown", settings=settings, functions=functions, domain=own)
        teardown.comes_before(access.permit_domain(own.domain_id), idle, *idle.function.node.scopes[-2:-1])
        for profile in settings.studio.user_profiles:
            teardown.empties(self._profile(domain, profile))
        for profile in settings.studio.user_profiles[:1]:
            CfnOutput(self, "UserProfileName", value=profile.name)
        return own

    def _domain(self, place: Place, key: kms.IKey | None) -> sagemaker.CfnDomain:
        """Canvas is on as long as nobody hides it: the portal's settings hide no app."""
        group = place.security_group_id
        return sagemaker.CfnDomain(
            self,
            "Domain",
            domain_name=self._names.domain,
            auth_mode=self._settings.studio.auth,
            app_network_access_type=self._settings.network.mode,
            vpc_id=place.vpc_id,
            subnet_ids=list(place.subnet_ids),
            kms_key_id=key.key_arn if key else None,
            domain_settings=sagemaker.CfnDomain.DomainSettingsProperty(
                execution_role_identity_config="USER_PROFILE_NAME", security_group_ids=[group]
            ),
            default_user_settings=self._user_settings(group),
            default_space_settings=sagemaker.CfnDomain.DefaultSpaceSettingsProperty(
                execution_role=self.execution_role.role_arn, security_groups=[group]
            ),
            tag_propagation="ENABLED",
        )

    def _user_settings(self, group: str) -> sagemaker.CfnDomain.UserSettingsProperty:
        idle = sagemaker.CfnDomain.AppLifecycleManagementProperty(
            idle_settings=sagemaker.CfnDomain.IdleSettingsProperty(
                lifecycle_management="ENABLED",
                idle_timeout_in_minutes=self._settings.studio.idle_minutes,
                min_idle_timeout_in_minutes=60,
                max_idle_timeout_in_minutes=_LONGEST_IDLE_MINUTES,
            )
        )
        return sagemaker.CfnDomain.UserSettingsProperty(
            execution_role=self.execution_role.role_arn,
            security_groups=[group],
            default_landing_uri="studio::",
            studio_web_portal="ENABLED",
            studio_web_portal_settings=sagemaker.CfnDomain.StudioWebPortalSettingsProperty(hidden_app_types=[]),
            jupyter_lab_app_settings=sagemaker.CfnDomain.JupyterLabAppSettingsProperty(app_lifecycle_management=idle),
            code_editor_app_settings=sagemaker.CfnDomain.CodeEditorAppSettingsProperty(app_lifecycle_management=idle),
        )

    def _profile(self, domain: sagemaker.CfnDomain, profile: UserProfileSettings) -> sagemaker.CfnUserProfile:
        return sagemaker.CfnUserProfile(
            self,
            f"Profile-{profile.name}",
            domain_id=domain.attr_domain_id,
            user_profile_name=profile.name,
            single_sign_on_user_identifier="UserName" if profile.sso_user else None,
            single_sign_on_user_value=profile.sso_user,
        )
