"""Where people label."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, model_validator

from domain.labeling.port import AUTOMATIC, BACKENDS
from domain.workflow.inputs import AUTO
from stacks.settings.fields import SecretName, ServerUrl
from stacks.settings.section import Section


def _known_backend(name: str) -> str:
    if name not in (AUTO, *BACKENDS):
        raise ValueError(f"{name!r} is not allowed. Allowed: {', '.join((AUTO, *BACKENDS))}")
    return name


class LabelingSettings(Section):
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
