"""What a stage may set, and what it may set it to. Values live in config/<stage>.toml; see settings_loading.py."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from domain.labeling.port import AUTOMATIC, BACKENDS
from domain.workflow.inputs import AUTO
from stacks.learning_settings import LearningSettings
from stacks.setting_fields import Cidr, Email, ProfileName, SecretName, ServerUrl, Slug, WorkteamArn, Zone

# Minutes, hours, day of month, month, day of week, year, with what each may hold besides numbers.
_CRON_FIELDS = (
    r"[\d*,/-]+",
    r"[\d*,/-]+",
    r"\?|[\d*,/-]+[LW]?|LW?",
    r"[\d*,/-]+|[A-Z]{3}([,-][A-Z]{3})*",
    r"\?|[\d*,/#-]+L?|L|[A-Z]{3}([,-][A-Z]{3})*(L|#[1-5])?",
    r"[\d*,/-]+",
)


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class NetworkSettings(_Section):
    """How the domain reaches the world.

    `PublicInternetOnly`: SageMaker's own network carries all but the home file system; `egress = "none"` is free.
    `VpcOnly`: all traffic goes through the VPC, which then needs NAT gateways or interface endpoints.
    `availability_zones`: two to six, such as us-east-1a; without them the first three that the account has. An endpoint
    that a zone lacks makes the deployment fail: `aws ec2 describe-vpc-endpoint-services` tells which zones have it.
    """

    mode: Literal["PublicInternetOnly", "VpcOnly"]
    egress: Literal["none", "nat", "endpoints"]
    cidr: Cidr = "10.42.0.0/16"
    nat_gateways: int = Field(default=1, ge=1, le=3)
    availability_zones: tuple[Zone, ...] = Field(default=(), max_length=6, strict=False)

    @model_validator(mode="after")
    def _zones_differ(self) -> NetworkSettings:
        named = self.availability_zones
        if named and (len(set(named)) < 2 or len(set(named)) < len(named)):
            raise ValueError("availability_zones needs two different zones at least, each once")
        return self

    @model_validator(mode="after")
    def _vpc_only_needs_a_way_out(self) -> NetworkSettings:
        if self.mode == "VpcOnly" and self.egress == "none":
            raise ValueError('mode = "VpcOnly" needs egress = "nat" or egress = "endpoints"')
        return self


class StorageSettings(_Section):
    """`retain = true` keeps buckets, ledger, key and user pool when the stacks are destroyed; false deletes them.

    `own_key` cannot change while the stage stands: the domain has its key for life.
    """

    retain: bool
    own_key: bool
    noncurrent_days: int = Field(default=30, ge=1)
    access_log_days: int = Field(default=90, ge=1)


class UserProfileSettings(_Section):
    name: ProfileName
    sso_user: str | None = Field(default=None, min_length=1, max_length=256)


class StudioSettings(_Section):
    """`auth` cannot change while the stage stands: it would make a new domain.

    `idle_minutes`: how long without activity until SageMaker closes JupyterLab and Code Editor, and a function Canvas.
    `user_profiles`: under SSO each one's `sso_user` must be in Identity Center, or the deployment fails. More can be
    made in the console at any time.
    """

    auth: Literal["IAM", "SSO"]
    user_profiles: tuple[UserProfileSettings, ...] = Field(default=(), strict=False)
    course_access: bool = False
    idle_minutes: int = Field(default=60, ge=60, le=525_600)

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


def _known_backend(name: str) -> str:
    if name not in (AUTO, *BACKENDS):
        raise ValueError(f"{name!r} is not allowed. Allowed: {', '.join((AUTO, *BACKENDS))}")
    return name


class LabelingSettings(_Section):
    """`backend`: where people label. "portal" is our own and works in every account; "ground_truth" takes an account
    that used it before 2026-07-30; "label_studio" is a server of your own. "auto" deploys the first two, and the third
    where `label_studio_url` is given: each run labels in Ground Truth if the account can use it, else in the portal, or
    in the one that its input names. "portal" may become "auto" while the stage stands; any other change leaves the
    stack of the one before: destroy the stage first.

    `automated`: whether Ground Truth may label by a model of its own, as a task with `automated_labeling` asks for it.
    `point_in_time_recovery`: whether the portal's table can be set back to any second of the last 35 days, at a price.
    `label_studio_url`: where the server is; functions call it from the internet.
    `label_studio_secret`: name or ARN of the secret in Secrets Manager that holds its API token.
    `label_studio_images`: "s3" lets the server read the bucket with credentials of its own; "presigned" gives it
    addresses that end after a week at most.
    `label_studio_webhook`: the server tells of each answer, so that the last one ends the job within seconds. It calls
    a public address of the stage, which costs nothing while nobody labels.
    """

    backend: Annotated[str, AfterValidator(_known_backend)] = BACKENDS[0]
    automated: bool = False
    point_in_time_recovery: bool = False
    label_studio_url: ServerUrl | None = None
    label_studio_secret: SecretName | None = None
    label_studio_images: Literal["presigned", "s3"] = "s3"
    label_studio_webhook: bool = False

    @property
    def backends(self) -> tuple[str, ...]:
        """Those that the stage has."""
        if self.backend != AUTO:
            return (self.backend,)
        return (*AUTOMATIC, "label_studio") if self.label_studio_url else AUTOMATIC

    @model_validator(mode="after")
    def _the_model_is_ground_truths(self) -> LabelingSettings:
        if self.automated and "ground_truth" not in self.backends:
            raise ValueError('automated = true needs backend = "ground_truth" or "auto": the model is of that')
        return self

    @model_validator(mode="after")
    def _a_server_is_label_studios(self) -> LabelingSettings:
        given = (self.label_studio_url, self.label_studio_secret)
        if self.backend == "label_studio" and not all(given):
            raise ValueError('backend = "label_studio" needs label_studio_url and label_studio_secret')
        if self.backend not in (AUTO, "label_studio") and any((*given, self.label_studio_webhook)):
            raise ValueError('the settings label_studio_url and the like need backend = "label_studio" or "auto"')
        if any(given) and not all(given):
            raise ValueError("label_studio_url and label_studio_secret need each other")
        if self.label_studio_webhook and not all(given):
            raise ValueError("label_studio_webhook needs label_studio_url and label_studio_secret")
        return self


class WorkforceSettings(_Section):
    """Who labels, and whether anybody can.

    `workers`: the e-mail addresses of those who label; each new one is invited.
    `source_ips`: the address ranges from which they may sign in; empty means everywhere.
    `asked_by`: who stands in the invitation, so that people know whom to ask; else it is the account.
    `enabled = false`: nobody labels. There is no workforce, and all but labeling works.
    `workteam_arn`: a workteam of Ground Truth that exists, private or a vendor's, to label instead of one of our own.
    """

    enabled: bool = True
    workteam_arn: WorkteamArn | None = None
    workers: tuple[Email, ...] = Field(default=(), max_length=100, strict=False)
    mfa: Literal["OFF", "OPTIONAL", "REQUIRED"] = "OPTIONAL"
    asked_by: str = Field(default="", max_length=200)
    source_ips: tuple[Cidr, ...] = Field(default=(), max_length=10, strict=False)

    @property
    def own(self) -> bool:
        """Whether the stage has a workteam of its own."""
        return self.enabled and self.workteam_arn is None

    @model_validator(mode="after")
    def _a_given_workteam_is_there_to_label(self) -> WorkforceSettings:
        if self.workteam_arn and not self.enabled:
            raise ValueError("enabled = false leaves nobody to label: take it out, or workteam_arn")
        return self


class ProcessingSettings(_Section):
    """`custom_code = true` lets whoever may write below code/ of the data bucket and start a run have any code run in
    the Processing job: without a network, with the job's files before it. Off, a run with `code` is refused.
    """

    instance_type: Annotated[str, Field(pattern=r"^ml\.[a-z0-9]+\.[a-z0-9]+$")] = "ml.m5.xlarge"
    volume_gb: int = Field(default=30, ge=1, le=16_384)
    custom_code: bool = False


class OperationsSettings(_Section):
    log_retention_days: Literal[1, 3, 5, 7, 14, 30, 60, 90, 120, 180, 365, 400, 545, 731]
    alarm_emails: tuple[Email, ...] = Field(default=(), strict=False)


class TeardownSettings(_Section):
    """Of the custom resource that empties the domain before its deletion. An app can take 20 minutes to stop."""

    query_seconds: int = Field(ge=1, le=300)
    timeout_minutes: int = Field(default=60, ge=5, le=60)


def _schedule_expression(text: str) -> str:
    """As docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html has it, without `at`: this one recurs."""
    rate = re.fullmatch(r"rate\(([1-9]\d*) (minute|hour|day)(s?)\)", text)
    if rate and (rate[1] != "1") == bool(rate[3]):
        return text
    cron = re.fullmatch(r"cron\(([^()]+)\)", text)
    fields = cron[1].split(" ") if cron else []
    if len(fields) == len(_CRON_FIELDS) and all(map(re.fullmatch, _CRON_FIELDS, fields)):
        if (fields[2] == "?") != (fields[4] == "?"):
            return text
        raise ValueError(f"{text!r}: exactly one of day of month and day of week must be ?")
    raise ValueError(f"{text!r} is neither like rate(15 minutes) or rate(1 hour), nor like cron(0 6 ? * MON-FRI *)")


class ScheduleSettings(_Section):
    """One recurring augmentation of a data set that has been labeled.

    `code` and `backgrounds` are what its runs bring along, as in the input of `augment`: a key below code/, a prefix
    below backgrounds/.
    """

    dataset: Slug
    recipe: str = Field(min_length=1, max_length=1024)
    code: Annotated[str, Field(pattern=r"^code/.", max_length=1024)] | None = None
    backgrounds: Annotated[str, Field(pattern=r"^backgrounds/", max_length=1024)] | None = None
    expression: Annotated[str, AfterValidator(_schedule_expression)]
    seed: int = Field(default=0, ge=0, le=2**63 - 1)
    instances: int = Field(default=1, ge=1, le=100)
    enabled: bool = False


class Settings(_Section):
    stage: Annotated[str, Field(pattern=r"^[a-z][a-z0-9]{0,11}$")]
    network: NetworkSettings
    storage: StorageSettings
    studio: StudioSettings
    labeling: LabelingSettings = LabelingSettings()
    workforce: WorkforceSettings
    processing: ProcessingSettings = ProcessingSettings()
    learning: LearningSettings = LearningSettings()
    operations: OperationsSettings
    teardown: TeardownSettings
    schedules: tuple[ScheduleSettings, ...] = Field(default=(), strict=False)

    @property
    def in_portal(self) -> bool:
        """Whether people can label in our own portal."""
        return "portal" in self.labeling.backends and self.workforce.enabled

    @property
    def in_label_studio(self) -> bool:
        """Whether people can label on a Label Studio server."""
        return "label_studio" in self.labeling.backends and self.workforce.enabled

    @property
    def own_workteam(self) -> bool:
        """Whether the stage is to have a workteam of its own in Ground Truth."""
        return "ground_truth" in self.labeling.backends and self.workforce.own

    @model_validator(mode="after")
    def _schedules_run_code_only_where_it_may_run(self) -> Settings:
        for number, schedule in enumerate(self.schedules):
            if schedule.code is not None and not self.processing.custom_code:
                raise ValueError(
                    f"schedules[{number}].code needs processing.custom_code = true: without it no run may bring code"
                )
        return self

    @model_validator(mode="after")
    def _a_workteam_is_ground_truths(self) -> Settings:
        if self.workforce.workteam_arn and "ground_truth" not in self.labeling.backends:
            raise ValueError(
                'workforce.workteam_arn needs labeling.backend = "ground_truth" or "auto": it is one of Ground Truth'
            )
        return self

    @model_validator(mode="after")
    def _a_given_workteam_has_its_own_people(self) -> Settings:
        if self.workforce.workteam_arn and self.workforce.workers and not self.in_portal:
            raise ValueError(
                "workforce.workers are invited into a workteam of our own, and workforce.workteam_arn names another: "
                "take one of the two out"
            )
        return self
