"""From an execution's input to a run: checked, with every default filled in."""

from __future__ import annotations

from typing import Any

from domain.workflow.inputs import AugmentInput, LabelInput, check_task, parse
from domain.workflow.names import run_id_from_execution, run_id_from_window
from domain.workflow.states import AugmentRun, LabelRun


def label_run(data: Any, execution: str) -> LabelRun:
    """The run of a `label` or `pipeline` execution. Raises InvalidInput, naming the field."""
    given = parse(LabelInput, data)
    check_task(given.task)
    fields = given.model_dump()
    fields["run_id"] = given.run_id or run_id_from_execution(execution)
    fields["source_prefix"] = given.source_prefix or f"raw/{given.dataset}/"
    return LabelRun(**fields, execution=execution)


def augment_run(data: Any, execution: str) -> AugmentRun:
    """The run of an `augment` execution: two ticks of a schedule are two runs, one tick delivered twice is one run."""
    given = parse(AugmentInput, data)
    fields = given.model_dump()
    by_window = run_id_from_window(given.window) if given.window else None
    fields["run_id"] = given.run_id or by_window or run_id_from_execution(execution)
    return AugmentRun(**fields, execution=execution)
