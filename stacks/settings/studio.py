"""The SageMaker domain and its people."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from stacks.settings.fields import ProfileName
from stacks.settings.section import Section


class UserProfileSettings(Section):
    name: ProfileName
    sso_user: str | None = Field(default=None, min_length=1, max_length=256)


OWN, NONE = "own", "none"


class StudioSettings(Section):
    """`domain`: "own" is one of the stage's own; "none" is no Studio, and then no VPC either: labeling, augmentation
    and all else work without; the id of one that exists, such as d-abc123: the stage makes a role for people in it,
    and neither changes nor removes anything of it (docs/existing.md).

    `auth` cannot change while the stage stands: it would make a new domain.

    `idle_minutes`: how long without activity until SageMaker closes JupyterLab and Code Editor, and a function Canvas.
    `longest_app_hours`: kernels of Studio Classic, TensorBoard and RStudio sessions are closed so long after they were
    opened, for nothing tells whether anybody uses them; 0: never.
    `user_profiles`: under SSO each one's `sso_user` must be in Identity Center, or the deployment fails. More can be
    made in the console at any time.
    """

    domain: Annotated[str, Field(pattern=r"^(own|none|d-(-*[a-z0-9]){1,61})$")] = OWN
    auth: Literal["IAM", "SSO"]
    user_profiles: tuple[UserProfileSettings, ...] = Field(default=(), strict=False)
    course_access: bool = False
    idle_minutes: int = Field(default=60, ge=60, le=525_600)
    longest_app_hours: int = Field(default=0, ge=0, le=8_760)

    @model_validator(mode="after")
    def _profiles_are_of_a_domain_of_our_own(self) -> StudioSettings:
        if self.domain != OWN and self.user_profiles:
            raise ValueError(f'user_profiles need domain = "own": with {self.domain!r} take them out')
        if self.domain == NONE and self.course_access:
            raise ValueError('course_access needs a domain: with domain = "none" nobody would have it')
        return self

    @model_validator(mode="after")
    def _sso_profiles_name_their_user(self) -> StudioSettings:
        for profile in self.user_profiles:
            if (self.auth == "SSO") != (profile.sso_user is not None):
                wanted = (
                    'needs sso_user under auth = "SSO"'
                    if self.auth == "SSO"
                    else 'takes no sso_user under auth = "IAM"'
                )
                raise ValueError(f"user profile {profile.name!r} {wanted}")
        return self
