"""What becomes of a run for each task and each error that it can meet, once and for good.

`python -m tests.workflows.simulated.fates` writes the table into docs/reliability.md.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache

from tests.workflows.machines import ROOT, ready
from tests.workflows.scripts import ASSIST_RUN, gives
from tests.workflows.simulated.errors import of_task
from tests.workflows.simulated.execution import Execution
from tests.workflows.simulated.paths import BEFORE
from tests.workflows.simulated.queries import TaskError
from tests.workflows.simulated.scripted import HAPPY, Scripted

PAGE = ROOT / "docs" / "reliability.md"
BEGIN, END = "<!-- fates: begin -->", "<!-- fates: end -->"
MACHINES = ("label", "assist", "augment", "pipeline", "teardown")
MORE = {
    "teardown/NotifyFailure": {"teardown/TakeStep": TaskError("AccessDenied", "no")},
    "teardown/Failed": {"teardown/TakeStep": TaskError("AccessDenied", "no")},
}


@dataclass(frozen=True)
class Fate:
    """Of a run whose task `state` meets `error` once, and whenever it is tried. `tries` counts attempts of the latter,
    `by` are the states of its machine that come after; `told`: the messages that say so."""

    state: str
    error: TaskError
    once: str
    tries: int
    status: str
    ends_as: str
    cause: str
    by: tuple[str, ...]
    told: tuple[dict[str, str], ...]


def tasks() -> list[str]:
    return [
        f"{machine}/{name}"
        for machine in MACHINES
        for name, state in ready(machine)["States"].items()
        if state["Type"] == "Task"
    ]


def script_for(state: str) -> dict[str, list[dict[str, object]]]:
    script = dict(HAPPY)
    if state == "label/AskAgain":
        answered = {"status": "Answered", "finished": True, "labeled": 2}
        script["label/WaitForWorkers"] = gives(answered, {**answered, "status": "Completed"})
    if state == "pipeline/Assist":
        script["pipeline/ValidateInput"] = gives(ASSIST_RUN)
    return script


def fate(state: str, error: TaskError) -> Fate:
    machine, name = state.split("/")
    before = {key: (said, None) for key, said in {**BEFORE, **MORE}.get(state, {}).items()}
    given = {"dataset": "faces", "run_id": "demo-1"}
    once = Scripted({**before, state: (error, 1)}, script_for(state)).run(machine, given)
    plain = _without(state)
    scripted = Scripted({**before, state: (error, None)}, script_for(state))
    ended = scripted.run(machine, given)
    assert scripted.tried[state], f"{state} is not come to"
    own = [one.split("/")[1] for one in scripted.visited if one.startswith(f"{machine}/")]
    after = own[len(own) - own[::-1].index(name) :]
    same = (once.status, once.error) == (plain.status, plain.error)
    return Fate(
        state,
        error,
        "goes on" if same else "fails",
        scripted.tried[state],
        ended.status,
        ended.error,
        ended.cause,
        tuple(after),
        tuple(one for one in scripted.messages if one["outcome"] == "failed" and one["machine"] == machine),
    )


@cache
def _without(state: str) -> Execution:
    """The run that comes to the state and in which it does not fail."""
    before = {key: (said, None) for key, said in {**BEFORE, **MORE}.get(state, {}).items()}
    return Scripted(before, script_for(state)).run(state.split("/")[0], {"dataset": "faces", "run_id": "demo-1"})


def all_fates() -> list[Fate]:
    found = []
    for state in tasks():
        machine, name = state.split("/")
        found += [fate(state, error) for error in of_task(ready(machine)["States"][name])]
    return found


def table(fates: list[Fate]) -> str:
    """A row for what has the same fate."""
    rows: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for one in fates:
        again = f"tried up to {one.tries} times" if one.tries > 1 else "not tried again"
        after = " → ".join(state for state in one.by if state not in ("DescribeFailure", "NotifyFailure", "Failed"))
        if one.status == "SUCCEEDED":
            ends = f"goes on{f' by {after}' if after else ''}"
        else:
            ends = f"{f'{after}, ' if after else ''}fails{', told' if one.told else ', told by the alarm'}"
        rows[one.state, f"{again}; once: {one.once}", ends].append(_named(one.error))
    lines = ["| state | errors | and then | for good |", "|---|---|---|---|"]
    for (state, again, ends), names in rows.items():
        lines.append(f"| `{state}` | {', '.join(_short(names))} | {again} | {ends} |")
    return "\n".join(lines)


def _short(names: list[str]) -> list[str]:
    """Whose exceptions are many and share a fate stand together; the models list them."""
    of = Counter(name.split(".")[0] for name in names)
    many = {"Lambda": "*all other Lambda.…Exception of Invoke*", "SNS": "*all SNS.…Exception of Publish*"}
    many |= {"StepFunctions": "*all other StepFunctions.…Exception of StartExecution*"}
    many |= {"Sfn": "*all other Sfn.…Exception of SendTaskFailure*"}
    short = {kind: text for kind, text in many.items() if of[kind] >= 6}
    return list(dict.fromkeys(short.get(name.split(".")[0], name) for name in names))


def _named(error: TaskError) -> str:
    for word in ("CapacityError", "AlgorithmError", "is 0 Instances", "somebody stopped it"):
        if word in error.cause:
            return f"{error.error} ({word})"
    return error.error + (f" ({error.cause.split('Error Code: ')[1][:-1]})" if "Error Code: " in error.cause else "")


def page_with(text: str, made: str) -> str:
    begin, end = text.index(BEGIN) + len(BEGIN), text.index(END)
    return f"{text[:begin]}\n{made}\n{text[end:]}"


if __name__ == "__main__":
    PAGE.write_text(page_with(PAGE.read_text(encoding="utf-8"), table(all_fates())), encoding="utf-8")
