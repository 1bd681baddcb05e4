"""Rounds need packages in the Processing job that a stage has only where its settings say so."""

from __future__ import annotations

from domain.errors import InvalidInput
from domain.workflow.states import LabelRun

NO_LEARNING = (
    "assist: the jobs of this stage have not the packages that embed images and learn of answers; set enabled = true "
    "under [learning] in the stage's file in config/, and deploy again; or leave assist out, to ask people about all"
)


def refuse_rounds(run: LabelRun, *, learning: bool) -> None:
    """Raises InvalidInput for a run in rounds where the stage cannot learn."""
    if run.assist is not None and not learning:
        raise InvalidInput(NO_LEARNING)
