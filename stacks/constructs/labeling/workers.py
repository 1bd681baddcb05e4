"""The workers: a Cognito pool that only an administrator fills, and the client by which they sign in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import cast

from aws_cdk import Aws, Duration
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from domain.workforce.invitation import PASSWORD_DAYS, PASSWORD_LENGTH
from stacks.constructs.shared.access import ANY, Permission
from stacks.constructs.shared.python_function import FunctionProps, PythonFunctions
from stacks.constructs.shared.removal import removal
from stacks.nag import acknowledge
from stacks.naming import Names
from stacks.settings import Settings

_MFA = {"OFF": cognito.Mfa.OFF, "OPTIONAL": cognito.Mfa.OPTIONAL, "REQUIRED": cognito.Mfa.REQUIRED}


def invitation(
    settings: Settings, functions: PythonFunctions, portal: str | None = None, *, in_ground_truth: bool = True
) -> lambda_.Function:
    """Writes what a worker reads who is invited: the address of our own `portal`, of Ground Truth's, which only the
    finished workforce knows, or both."""
    look = Permission("sagemaker", ["ListWorkforces"], ANY, "Lists know no resources.")
    return functions.add(
        FunctionProps(
            folder="invitation",
            environment={
                "STAGE": settings.stage,
                "ASKED_BY": settings.workforce.asked_by or f"The owner of AWS account {Aws.ACCOUNT_ID}",
                **({"PORTAL_ADDRESS": portal, "IN_GROUND_TRUTH": json.dumps(in_ground_truth)} if portal else {}),
            },
            permissions=[look] if in_ground_truth else [],
            # Cognito waits five seconds for an answer: https://docs.aws.amazon.com/cognito/latest/developerguide/
            # cognito-user-pools-working-with-lambda-triggers.html
            timeout=Duration.seconds(5),
            memory_mb=1024,
        )
    )


class WorkerPool(Construct):
    """People sign in by e-mail address; Cognito gives each a user name of its own, which nobody has to know.

    Offers `pool` and its `domain`."""

    def __init__(self, scope: Construct, identity: str, *, settings: Settings, invitation: lambda_.IFunction) -> None:
        super().__init__(scope, identity)
        self._settings = settings
        self._names = Names(settings.stage)
        self.pool = self._make_pool()
        self.pool.add_trigger(cognito.UserPoolOperation.CUSTOM_MESSAGE, invitation)
        self.domain = self.pool.add_domain(
            "Domain",
            # Unique among all accounts of the Region.
            cognito_domain=cognito.CognitoDomainOptions(domain_prefix=f"{self._names.base}-{Aws.ACCOUNT_ID}"),
        )

    def _make_pool(self) -> cognito.UserPool:
        pool = cognito.UserPool(
            self,
            "Pool",
            user_pool_name=self._names.workforce,
            self_sign_up_enabled=False,
            # As the user name itself: a pool with e-mail as an alias refuses addresses as user names.
            sign_in_aliases=cognito.SignInAliases(email=True),
            auto_verify=cognito.AutoVerifiedAttrs(email=True),
            account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
            mfa=_MFA[self._settings.workforce.mfa],
            mfa_second_factor=cognito.MfaSecondFactor(otp=True, sms=False),
            password_policy=cognito.PasswordPolicy(
                min_length=PASSWORD_LENGTH,
                require_digits=True,
                require_lowercase=True,
                require_uppercase=True,
                require_symbols=True,
                temp_password_validity=Duration.days(PASSWORD_DAYS),
            ),
            removal_policy=removal(self._settings),
        )
        if self._settings.workforce.mfa != "REQUIRED":
            acknowledge(pool, "COG2", "The setting workforce.mfa leaves a second factor to the worker.")
        acknowledge(pool, "COG8", "The Plus plan is priced per worker; source_ips and MFA guard the portal instead.")
        return pool


def by_the_page_alone(client: cognito.UserPoolClient) -> cognito.UserPoolClient:
    """Cognito's own page needs no flow; a client that names none would have those with SRP and with triggers:
    ExplicitAuthFlows in
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cognito-userpoolclient.html."""
    cast(cognito.CfnUserPoolClient, client.node.default_child).explicit_auth_flows = ["ALLOW_REFRESH_TOKEN_AUTH"]
    return client


@dataclass(frozen=True)
class Members:
    """The group of those who label, and the memberships in it."""

    group: cognito.CfnUserPoolGroup
    everybody: list[cognito.CfnUserPoolUserToGroupAttachment]


def members(scope: Construct, *, settings: Settings, workers: WorkerPool) -> Members:
    """The group, and a user in it for each worker of the settings. Nobody is invited by that: an invitation names the
    portal, which comes later."""
    pool_id, name = workers.pool.user_pool_id, Names(settings.stage).worker_group
    group = cognito.CfnUserPoolGroup(scope, "Group", user_pool_id=pool_id, group_name=name)
    return Members(group, [_member(scope, pool_id, group, email) for email in settings.workforce.workers])


def _member(
    scope: Construct, pool_id: str, group: cognito.CfnUserPoolGroup, email: str
) -> cognito.CfnUserPoolUserToGroupAttachment:
    user = cognito.CfnUserPoolUser(
        scope,
        f"Worker-{email}",
        user_pool_id=pool_id,
        username=email,
        message_action="SUPPRESS",
        user_attributes=[
            cognito.CfnUserPoolUser.AttributeTypeProperty(name="email", value=email),
            cognito.CfnUserPoolUser.AttributeTypeProperty(name="email_verified", value="true"),
        ],
    )
    membership = cognito.CfnUserPoolUserToGroupAttachment(
        scope,
        f"Member-{email}",
        user_pool_id=pool_id,
        group_name=group.group_name or "",
        username=user.ref,
    )
    membership.node.add_dependency(group)
    return membership
