"""Which environment variables each workflow function gets, by its folder: those that its handler reads, no others."""

from __future__ import annotations

from collections.abc import Mapping

from stacks.settings import Settings

_BUCKET = ("DATA_BUCKET",)
_LEDGER = ("LEDGER_TABLE",)
_LABELER = (*_BUCKET, "LABELERS")
_WATCH = (*_LABELER, *_LEDGER, "LABEL_STATE_MACHINE_ARN")
_TEARDOWN = ("JOB_NAME_PREFIX", "RETAIN", "PROJECT_TAG", "SCHEDULE_GROUP", "STAGE", "STATE_MACHINE_ARNS")

_READ = {
    "validate_input": (*_LABELER, "CUSTOM_CODE", "LEARNING"),
    "preflight": (*_LABELER, *_LEDGER, "PROCESSING_INSTANCE_TYPE"),
    "build_manifest": _LABELER,
    "start_labeling": _LABELER,
    "await_labeling": _WATCH,
    "poll_labeling": _LABELER,
    "stop_labeling": _LABELER,
    "collect_labels": (*_LABELER, *_LEDGER),
    "next_round": (*_BUCKET, "EMBEDDING_MODEL", "JOB_NAME_PREFIX"),
    "collect_rounds": (*_BUCKET, *_LEDGER),
    "begin_augmentation": (*_BUCKET, *_LEDGER, "AUGMENT_STATE_MACHINE_ARN", "EMBEDDING_MODEL", "JOB_NAME_PREFIX"),
    "publish_version": (*_BUCKET, *_LEDGER),
    "end_augmentation": _LEDGER,
    "labeling_ended": _WATCH,
    "execution_ended": _WATCH,
    "label_studio_webhook": _LABELER,
    "teardown_step": (*_TEARDOWN, "DOMAIN_ID"),
}
_READ_BY_BACKEND = {
    "ground_truth": (
        *("AUTOMATED_LABELING", "JOB_NAME_PREFIX", "LABELING_ROLE_ARN", "STAGE", "VOLUME_KEY_ARN", "WORKTEAM_ARN"),
    ),
    "label_studio": (
        *("JOB_NAME_PREFIX", "LABEL_STUDIO_IMAGES", "LABEL_STUDIO_SECRET", "LABEL_STUDIO_URL"),
        "LABEL_STUDIO_WEBHOOK",
    ),
    "portal": ("JOB_NAME_PREFIX", "TASK_TABLE", "USER_POOL_ID", "WORKER_GROUP"),
}
"""What a labeling back end reads besides; one that is not here reads nothing."""
_NEVER_THERE = {"validate_input"}
"""They know the names of the back ends, and call none."""


def environment_of(folder: str, values: Mapping[str, str]) -> dict[str, str]:
    """What the function of this folder gets of `values`, of which `LABELERS` names the stage's labeling back ends."""
    names = set(_READ[folder])
    if "LABELERS" in names and folder not in _NEVER_THERE:
        for backend in values["LABELERS"].split(","):
            names.update(_READ_BY_BACKEND.get(backend, ()))
    return {name: values[name] for name in sorted(names)}


def label_studio_values(settings: Settings, webhook: str) -> dict[str, str]:
    """No address where nobody labels. `webhook` is where the server calls, empty if it does not."""
    labeling = settings.labeling
    return {
        "LABEL_STUDIO_URL": labeling.label_studio_url or "" if settings.in_label_studio else "",
        "LABEL_STUDIO_SECRET": labeling.label_studio_secret or "",
        "LABEL_STUDIO_IMAGES": labeling.label_studio_images,
        "LABEL_STUDIO_WEBHOOK": webhook,
    }
