"""The workers: a Cognito pool that only an administrator fills, and the client by which they sign in."""

from __future__ import annotations

import json
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
# Cognito wants one; the workforce resource replaces it, since only the finished workforce knows its portal's address.
_CALLBACK_UNTIL_PORTAL_EXISTS = "https://localhost/oauth2/idpresponse"


def invitation(settings: Settings, functions: PythonFunctions) -> lambda_.Function:
    """Writes what a worker reads who is invited: only the finished workforce knows where people work."""
    return functions.add(
        FunctionProps(
            folder="invitation",
            environment={
                "STAGE": settings.stage,
                "ASKED_BY": settings.workforce.asked_by or f"The owner of AWS account {Aws.ACCOUNT_ID}",
            },
            permissions=[Permission("sagemaker", ["ListWorkforces"], ANY, "Lists know no resources.")],
            # Cognito waits five seconds for an answer: https://docs.aws.amazon.com/cognito/latest/developerguide/
            # cognito-user-pools-working-with-lambda-triggers.html
            timeout=Duration.seconds(5),
            memory_mb=1024,
        )
    )


class WorkerPool(Construct):
    """People sign in by e-mail address; Cognito gives each a user name of its own, which nobody has to know.

    Offers `pool`, its `domain`, `client`, and `client_settings`: a text that changes whenever the client's do."""

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
        self.client = self._make_client()
        self.client_settings = self._describe_client()

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

    def _make_client(self) -> cognito.UserPoolClient:
        """Ground Truth's portal uses the authorization code flow of Cognito's own page, with the client's secret."""
        return self.pool.add_client(
            "Client",
            generate_secret=True,
            # Cognito's page needs no flow. This one is for programs, and only with IAM rights in this account.
            auth_flows=cognito.AuthFlow(admin_user_password=True),
            o_auth=cognito.OAuthSettings(
                flows=cognito.OAuthFlows(authorization_code_grant=True),
                scopes=[cognito.OAuthScope.EMAIL, cognito.OAuthScope.OPENID, cognito.OAuthScope.PROFILE],
                callback_urls=[_CALLBACK_UNTIL_PORTAL_EXISTS],
            ),
            supported_identity_providers=[cognito.UserPoolClientIdentityProvider.COGNITO],
            prevent_user_existence_errors=True,
        )

    def _describe_client(self) -> str:
        client = cast(cognito.CfnUserPoolClient, self.client.node.default_child)
        settings = [client.allowed_o_auth_flows, client.allowed_o_auth_scopes, client.explicit_auth_flows]
        return json.dumps([*settings, client.callback_ur_ls, client.supported_identity_providers])
