"""What a stage may set, section by section. Values live in config/<stage>.toml; see loading.py."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from stacks.settings.deployment import DeploymentSettings
from stacks.settings.labeling import LabelingSettings
from stacks.settings.learning import LearningSettings
from stacks.settings.money import MOST_EMAILS, MoneySettings
from stacks.settings.network import NetworkSettings
from stacks.settings.operations import OperationsSettings, TeardownSettings
from stacks.settings.processing import ProcessingSettings
from stacks.settings.schedules import ScheduleSettings
from stacks.settings.section import Section
from stacks.settings.storage import StorageSettings
from stacks.settings.studio import OWN, StudioSettings
from stacks.settings.workforce import WorkforceSettings


class Settings(Section):
    stage: Annotated[str, Field(pattern=r"^[a-z][a-z0-9]{0,11}$")]
    deployment: DeploymentSettings = DeploymentSettings()
    network: NetworkSettings
    storage: StorageSettings
    studio: StudioSettings
    labeling: LabelingSettings = LabelingSettings()
    workforce: WorkforceSettings
    processing: ProcessingSettings = ProcessingSettings()
    learning: LearningSettings = LearningSettings()
    operations: OperationsSettings
    money: MoneySettings = MoneySettings()
    teardown: TeardownSettings
    schedules: tuple[ScheduleSettings, ...] = Field(default=(), strict=False)

    @property
    def own_domain(self) -> bool:
        """Whether the stage has a SageMaker domain of its own, which it makes and deletes."""
        return self.studio.domain == OWN

    @property
    def own_network(self) -> bool:
        """Whether the stage has a VPC of its own: only a domain of its own lives in one."""
        return self.own_domain and self.network.vpc_id is None

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

    @property
    def told_of_money(self) -> tuple[str, ...]:
        """Who is told how much of the budget is spent."""
        return self.money.budget_emails or self.operations.alarm_emails[:MOST_EMAILS]

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
