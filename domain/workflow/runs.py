"""From an execution's input to a run: checked, with every default filled in."""

from __future__ import annotations

import re
from typing import Any, TypeVar

from domain.errors import InvalidInput
from domain.workflow.assist import Assist, check_assisted
from domain.workflow.inputs import AugmentInput, LabelInput, check_task, parse
from domain.workflow.names import run_id_from_execution, run_id_from_window
from domain.workflow.states import AugmentRun, LabelRun

Run = TypeVar("Run", LabelRun, AugmentRun)
LARGEST_RUN_BYTES = 98_304
"""Of a run as JSON in UTF-8, 96 KiB. A state takes and gives 262,144 bytes at most, and what ends a run holds its
labels twice: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html"""


def label_run(data: Any, execution: str, kind: str = "label") -> LabelRun:
    """The run of a `label`, `assist` or `pipeline` execution. Raises InvalidInput, naming the field."""
    given = parse(LabelInput, data)
    check_task(given.task)
    given = _in_rounds(given, kind)
    fields = given.model_dump()
    fields["run_id"] = given.run_id or run_id_from_execution(execution)
    fields["source_prefix"] = given.source_prefix or _published_folder(given.manifest) or f"raw/{given.dataset}/"
    _refuse_own_versions(given.dataset, fields["source_prefix"])
    _refuse_several_doctors(given)
    return _of_fitting_size(LabelRun(**fields, execution=execution))


def _in_rounds(given: LabelInput, kind: str) -> LabelInput:
    """The input as `kind` of workflow takes it."""
    if kind == "label" and given.assist is not None:
        raise InvalidInput("assist: the workflow label asks people about all at once; start assist or pipeline instead")
    if kind != "label" and given.round_of is not None:
        raise InvalidInput("round_of: only a run of the workflow label is a round of another run; leave it out")
    if kind == "assist" and given.assist is None:
        given = given.model_copy(update={"assist": Assist()})
    if given.assist is not None:
        check_assisted(given.task)
    return given


def augment_run(data: Any, execution: str) -> AugmentRun:
    """The run of an `augment` execution: two ticks of a schedule are two runs, one tick delivered twice is one run."""
    given = parse(AugmentInput, data)
    _refuse_own_versions(given.dataset, given.source_prefix or "")
    _refuse_several_doctors(given)
    fields = given.model_dump()
    by_window = run_id_from_window(given.window) if given.window else None
    fields["run_id"] = given.run_id or by_window or run_id_from_execution(execution)
    return _of_fitting_size(AugmentRun(**fields, execution=execution))


def _of_fitting_size(run: Run) -> Run:
    """Raises InvalidInput for a run that would not fit through the states, days later, in what it ends with."""
    size = len(run.model_dump_json().encode())
    if size > LARGEST_RUN_BYTES:
        raise InvalidInput(
            f"the input, with its defaults, has {size:,} bytes as JSON, and {LARGEST_RUN_BYTES:,} fit through the "
            "states: shorten task.instructions, task.label_descriptions, task.labels or filter; a long list of objects "
            "goes into a manifest"
        )
    return run


def _published_folder(manifest: str | None) -> str | None:
    """The folder of the files of a published version, of which `manifest` is one of the manifests."""
    found = re.search(r"(?:^|/)(datasets/[^/]+/[^/]+/)[^/]+$", manifest or "")
    return f"{found[1]}data/" if found else None


def _refuse_several_doctors(given: LabelInput | AugmentInput) -> None:
    if given.doctor != "off" and given.instances > 1:
        raise InvalidInput(
            f"doctor: it looks at all files on one machine, and instances is {given.instances}: take one of the two out"
        )


def _refuse_own_versions(dataset: str, source_prefix: str) -> None:
    if source_prefix.startswith(f"datasets/{dataset}/"):
        raise InvalidInput(
            f"source_prefix: {source_prefix} holds versions of data set {dataset!r} itself, to which the run would add "
            "one; give `dataset` another name"
        )
