"""What the states hand on stays below the limits, whatever is in the bucket and however long everything is called.

262,144 bytes of a state, 6 MB of a function, 32,768 characters of a cause:
https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html,
https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html,
https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskFailure.html
"""

from __future__ import annotations

import json
import os
import random
from typing import Any

import pytest

from domain.errors import InvalidInput
from domain.workflow.runs import LARGEST_RUN_BYTES, label_run
from tests.support.builders.runs import any_label_input, any_task
from tests.workflows.simulated.account import Account
from tests.workflows.simulated.execution import LIMIT_BYTES
from tests.workflows.simulated.faults import Faults
from tests.workflows.simulated.queries import AVAILABLE, TaskError
from tests.workflows.simulated.scripted import Scripted
from tests.workflows.simulated.world import work

pytestmark = pytest.mark.skipif(not AVAILABLE, reason="the local cloud's environment is missing: make setup")

OBJECTS = int(os.environ.get("OBJECTS", "0")) or 1_000
"""`make test-faults` takes 100,000, the most of one labeling job."""
LABELS = tuple(f"{number:02}" + "Ω" * 254 for number in range(50))
LONG = "/".join(["é" * 50] * 8)


def objects(count: int) -> dict[str, str]:
    """Keys of 1,024 bytes, most of whose letters are not ASCII."""
    names = {}
    for number in range(count):
        stem = f"raw/faces/{number:07}/{LONG}/"
        names[stem + "x" * (1024 - len(stem.encode()) - 4) + ".jpg"] = "x"
    assert all(len(name.encode()) == 1024 for name in list(names)[:3])
    return {"recipes/faces.yaml": "name: faces\nsteps: [export: plain]\n", **names}


def largest_input(**more: Any) -> dict[str, Any]:
    """50 labels of the greatest length, and a filter as long as is taken."""
    task = any_task(type="image-multi-label", labels=LABELS, question="?" * 255, instructions='"' * 10_000)
    given = any_label_input(task=task, instances=1, **more)
    room = LARGEST_RUN_BYTES - len(label_run({**given, "filter": ["*.jpg"]}, "e" * 80).model_dump_json().encode())
    globs = ["*.jpg"] + ["界" * 300 for _ in range(room // 903 - 1)]
    return {**given, "filter": globs[:100]}


def ended(machine: str, given: dict[str, Any], count: int) -> Account:
    account = Account(Faults(random.Random(1)), objects(count), work, labels=LABELS)
    account.answered_in = lambda chance: chance.uniform(1, 100)
    account.start(machine, "e" * 80, given)
    account.run(until=lambda: not account.running)
    for execution in account.ends.values():
        assert execution.status == "SUCCEEDED", (execution.machine, execution.error, execution.cause[:500])
    return account


def test_every_states_input_and_output_fits_with_the_largest_run_over_many_objects() -> None:
    account = ended("pipeline", largest_input(), OBJECTS)
    sizes = {f"{e.machine}: {what}": size for e in account.ends.values() for what, size in e.sizes.items()}
    what, largest = max(sizes.items(), key=lambda item: item[1])
    assert LARGEST_RUN_BYTES * 0.9 < largest < LIMIT_BYTES, what
    assert all(len(json.dumps(message, ensure_ascii=False).encode()) < LIMIT_BYTES for message in account.messages)


def test_the_sizes_do_not_grow_with_the_number_of_objects() -> None:
    few, many = (ended("pipeline", largest_input(), count) for count in (10, 500))
    for one, other in zip(few.ends.values(), many.ends.values(), strict=True):
        for what, size in one.sizes.items():
            assert other.sizes[what] - size < 200, what  # some digits


def test_a_run_that_would_not_fit_is_refused_before_anybody_is_asked() -> None:
    given = largest_input()
    with pytest.raises(InvalidInput, match=r"98,304 fit through the states: shorten task.instructions"):
        label_run({**given, "filter": ["*.jpg", *("界" * 1000 for _ in range(60))]}, "e-1")


@pytest.mark.parametrize("letter", ["x", "Ω", "\U0001f642", '"', "\\"])
@pytest.mark.parametrize(
    "state", ["label/CollectLabels", "augment/PublishVersion", "pipeline/Augment", "teardown/TakeStep"]
)
def test_a_cause_of_any_length_is_told_and_fits(state: str, letter: str) -> None:
    cause = json.dumps({"errorMessage": letter * 32_000, "errorType": "InvalidInput"}, ensure_ascii=False)
    scripted = Scripted({state: (TaskError("InvalidInput", cause), None)})
    execution = scripted.run(state.split("/")[0], {"dataset": "faces", "run_id": "demo-1"})
    assert (execution.status, execution.error) == ("FAILED", "InvalidInput")
    assert execution.cause == letter * 8_000
    assert len(json.dumps(scripted.messages[-1], ensure_ascii=False).encode()) < LIMIT_BYTES
