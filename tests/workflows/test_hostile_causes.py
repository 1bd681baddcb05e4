"""Whatever a failed task says of itself, the failure is told: its path parses only what is certainly JSON."""

from __future__ import annotations

import json

import pytest

from tests.workflows import machines
from tests.workflows.machines import INTERPRETER, Case, Seen
from tests.workflows.scripts import gives

pytestmark = pytest.mark.skipif(not INTERPRETER.exists(), reason="the local cloud's environment is missing: make setup")

FIRST = {
    "label": "label/ValidateInput",
    "assist": "assist/ValidateInput",
    "augment": "augment/ValidateInput",
    "pipeline": "pipeline/ValidateInput",
    "teardown": "teardown/TakeStep",
}
# A cause, and what people read of it.
CAUSES: list[tuple[str | None, str]] = [
    ("{bad}", "{bad}"),
    ("{", "{"),
    ("{}", "{}"),
    ("null", "null"),
    ("[1, 2]", "[1, 2]"),
    ("", "no cause was given"),
    (None, "no cause was given"),
    ('{"errorMessage": 3}', '{"errorMessage": 3}'),
    ('{"errorMessage": null}', '{"errorMessage": null}'),
    (r'{"errorMessage": "a \q"}', r'{"errorMessage": "a \q"}'),
    (r'{"errorMessage": "a \u12"}', r'{"errorMessage": "a \u12"}'),
    ('{"errorMessage": "never ends', '{"errorMessage": "never ends'),
    ('{"errorMessage": "two\nlines"}', '{"errorMessage": "two\nlines"}'),
    (json.dumps({"errorMessage": 'say "errorMessage": "x" \\ \n é 🙂'}), 'say "errorMessage": "x" \\ \n é 🙂'),
    (json.dumps({"errorType": "X", "stackTrace": ["a", '"errorMessage": "no"'], "errorMessage": "yes"}), "yes"),
    ('{"errorMessage": "cut", "stackTrace": ["never end', "cut"),
    ("{% $boom %}", "{% $boom %}"),
    ("{" * 2_000, "{" * 2_000),
]


@pytest.fixture(scope="module", params=list(FIRST))
def seen(request: pytest.FixtureRequest) -> list[Seen]:
    machine: str = request.param
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(machines, "NAMES", (machine,))
        failures = [{"error": "Broken", **({} if cause is None else {"cause": cause})} for cause, _ in CAUSES]
        scripts = [{FIRST[machine]: [failure], f"{machine}/NotifyFailure": gives({})} for failure in failures]
        return machines.run([Case(machine, script) for script in scripts])


def test_the_failure_is_told_with_what_people_can_read(seen: list[Seen]) -> None:
    assert [(one.status, one.error) for one in seen] == [("FAILED", "Broken")] * len(CAUSES)
    assert [one.cause for one in seen] == [told for _, told in CAUSES]
    for one in seen:
        assert next(call for call in one.calls if call["state"].endswith("NotifyFailure"))


@pytest.mark.parametrize(
    ("cause", "error", "told"),
    [
        ({"Error": "NoLabels", "Cause": "there are none"}, "NoLabels", "there are none"),
        ({"Error": None, "Cause": None}, "States.TaskFailed", '{"Error": null, "Cause": null}'),
        ({"Error": "", "Cause": "why"}, "States.TaskFailed", "why"),
    ],
)
def test_a_child_may_say_nothing(cause: dict[str, str | None], error: str, told: str) -> None:
    failure = [{"error": "States.TaskFailed", "cause": json.dumps(cause)}]
    script = {
        "pipeline/ValidateInput": gives({"dataset": "d", "run_id": "r", "source_prefix": "raw/d/", "task": {},
                                         "recipe": "recipes/r.yaml", "backend": "auto", "seed": 0, "instances": 1,
                                         "max_cost": None,
                                             **dict.fromkeys(("code", "backgrounds", "manifest", "filter", "sample"))}),
        "pipeline/Label": failure,
        "pipeline/NotifyFailure": gives({}),
    }  # fmt: skip
    [one] = machines.run([Case("pipeline", script)])
    assert (one.status, one.error, one.cause) == ("FAILED", error, told)
