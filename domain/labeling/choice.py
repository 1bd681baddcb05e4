"""Which back end a run labels in: decided once, before anybody is asked, and kept for all that comes after."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from domain.errors import InvalidInput
from domain.labeling.port import AUTOMATIC, BACKENDS
from domain.labeling.preflight import Check
from domain.workflow.inputs import AUTO
from domain.workflow.states import LabelRun

Looks = Callable[[str], list[Check]]
"""What a back end, by its name, says of the run's task."""


def check_deployed(name: str, deployed: Sequence[str]) -> None:
    """Refuses a back end that the stage does not have. Raises InvalidInput."""
    if name not in (AUTO, *BACKENDS):
        raise InvalidInput(f"backend: there is no {name!r}; there are {', '.join((AUTO, *BACKENDS))}")
    if name not in (AUTO, *deployed):
        needs = (
            'labeling.label_studio_url and labeling.label_studio_secret, with labeling.backend = "label_studio" or '
            '"auto"' if name == "label_studio" else f'labeling.backend = "{name}" or "auto"'
        )  # fmt: skip
        raise InvalidInput(
            f"backend: this stage has no {name}, only {', '.join(deployed)}; leave backend out, or set {needs} in the "
            "stage's settings and deploy again"
        )


def backend_of(name: str, deployed: Sequence[str]) -> str:
    """Where the run's job is whose `backend` is `name`.

    Runs of before the choice have none: theirs is the stage's only one, or the portal, which alone a stage may have had
    before it got several.
    """
    return name if name != AUTO else deployed[0] if len(deployed) == 1 else "portal"


def choose(run: LabelRun, kept: str | None, deployed: Sequence[str], look: Looks) -> tuple[str, list[Check]]:
    """The back end, and what was looked at. `kept` is where the run's answers are already: they stay in one place.

    By itself it is the first of `AUTOMATIC` that can be used, and the last of them where none can.

    Raises:
        InvalidInput: the run asks for another one than that.
        ServiceUnavailable: worth a retry.
    """
    if kept is not None:
        check_kept(run, kept, deployed)
        return _told(kept, "the run labels there already", deployed, look)
    if run.backend != AUTO:
        return _told(run.backend, "the run's input names it", deployed, look)
    able = [name for name in AUTOMATIC if name in deployed] or list(deployed)
    if len(able) == 1:
        return _told(able[0], "the stage has no other that is taken by itself", deployed, look)
    looked = {}
    for name in able:
        looked[name] = look(name)
        if all(check.ok for check in looked[name]):
            return name, [Check("back end", True, _why(name, looked)), *looked[name]]
    return name, [Check("back end", False, f"none can be used: {_failures(looked)}")]


def check_kept(run: LabelRun, kept: str, deployed: Sequence[str]) -> None:
    """Refuses a run that asks for another back end than that which has its answers, or whose stage has that no more.

    Raises InvalidInput.
    """
    if run.backend not in (AUTO, kept):
        raise InvalidInput(
            f"backend: run {run.run_id!r} of data set {run.dataset!r} labels in {kept}, and the answers of one run "
            f"stay in one place; leave backend out, or use another run_id for {run.backend}"
        )
    if kept not in deployed:
        raise InvalidInput(
            f"run_id: run {run.run_id!r} of data set {run.dataset!r} labels in {kept}, which this stage has no more; "
            f"use another run_id, or deploy the stage with {kept} again"
        )


def _told(name: str, why: str, deployed: Sequence[str], look: Looks) -> tuple[str, list[Check]]:
    """A stage of one back end has nothing to tell of a choice."""
    told = [Check("back end", True, f"{name}, for {why}")] if len(deployed) > 1 else []
    return name, [*told, *look(name)]


def _why(name: str, looked: dict[str, list[Check]]) -> str:
    others = _failures({other: checks for other, checks in looked.items() if other != name})
    return f"{name}, for it can be used" + (f" and others cannot: {others}" if others else "")


def _failures(looked: dict[str, list[Check]]) -> str:
    return "; ".join(
        f"{name}: {', '.join(f'{check.name}: {check.detail}' for check in checks if not check.ok)}"
        for name, checks in looked.items()
    )
