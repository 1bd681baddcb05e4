"""Functions die: killed, out of memory, out of time. A run survives it, whichever of its invocations it hits.

Step Functions calls it `Lambda.Unknown`; where Lambda's answer names the kind, by that name.
https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.builders.runs import any_label_input
from tests.workflows.simulated.faults import Faults
from tests.workflows.simulated.queries import AVAILABLE
from tests.workflows.simulated.world import new_account

pytestmark = pytest.mark.skipif(not AVAILABLE, reason="the local cloud's environment is missing: make setup")

RUNS = int(os.environ.get("FAULTS", "0")) or 40
"""All of so many; by the rule of three at most 3 in RUNS fail, with 95 % confidence."""
INPUTS: dict[str, Any] = {
    "pipeline": any_label_input(instances=2),
    "in rounds": any_label_input(instances=1, assist={"target": 0.9}),
}


@pytest.mark.parametrize("share", [0.06, 0.2])
@pytest.mark.parametrize("case", INPUTS)
def test_every_run_completes_though_functions_die(
    case: str, share: float, record_property: Callable[[str, object], None]
) -> None:
    failed, died, invoked = [], 0, 0
    for seed in range(RUNS):
        faults = Faults(random.Random(seed), death=share)
        account = new_account(faults)
        execution = account.start("pipeline", "e-1", INPUTS[case])
        assert execution is not None
        account.run(until=lambda account=account: not account.running)
        died, invoked = died + faults.seen["death"], invoked + account.invoked
        marks = [key for key in account.store.objects if key.endswith("_SUCCESS")]
        if execution.status != "SUCCEEDED" or len(marks) != 1:
            failed.append((seed, execution.status, execution.error, execution.cause))
    record_property(
        "runs", f"{case}: {RUNS - len(failed)} of {RUNS} runs completed, {died} of {invoked} invocations died"
    )
    assert failed == []
    assert abs(died / invoked - share) < 5 * (share * (1 - share) / invoked) ** 0.5
