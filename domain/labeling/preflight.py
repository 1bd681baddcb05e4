"""The preflight: what must be so before people are asked to work, said within seconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.errors import PreflightFailed
from domain.workflow.inputs import LabelingTask

NOBODY_LABELS = (
    "this stage was deployed with workforce.enabled = false, so nobody can label; set it to true in the stage's "
    "settings and deploy again, or bring labels of your own and start `augment`"
)


@dataclass(frozen=True)
class Check:
    """One thing that was looked at. `detail` says what was found and, if it is not well, what to do."""

    name: str
    ok: bool
    detail: str


def passed(checks: Sequence[Check]) -> list[str]:
    """A line for each check.

    Raises:
        PreflightFailed: some check is not well; the message holds all of those, so that one look is enough.
    """
    failed = [check for check in checks if not check.ok]
    if failed:
        listed = "; ".join(f"({number}) {check.name}: {check.detail}" for number, check in enumerate(failed, start=1))
        raise PreflightFailed(f"{len(failed)} of {len(checks)} checks failed: {listed}")
    return [f"{check.name}: {check.detail}" for check in checks]


def only_in_the_portal(task: LabelingTask) -> list[Check]:
    """A failed check for each field that our own portal alone can heed."""
    if task.ask_again_below is None:
        return []
    told = (
        "task.ask_again_below: only in the portal can an object that is open be asked of more workers, and not of the "
        "same ones. Label there, by the run's backend = \"portal\" or the stage's labeling.backend, or leave it out"
    )
    return [Check("asking again", False, told)]


def only_in_ground_truth(task: LabelingTask, instead: str) -> list[Check]:
    """A failed check for each field that no back end but Ground Truth can heed; `instead` of a limit of concurrency."""
    wanted = {
        "automated labeling": (
            task.automated_labeling,
            "task.automated_labeling: the model that labels is Ground Truth's. Label there, by the run's backend or "
            "the stage's labeling.backend; or leave it out, and people label what max_labeled_objects allows",
        ),
        "concurrency": (task.max_concurrent_tasks is not None, f"task.max_concurrent_tasks: {instead}; leave it out"),
    }
    return [Check(name, False, told) for name, (given, told) in wanted.items() if given]
