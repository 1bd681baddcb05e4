"""Teardown by either engine, by both at once and twice, in dirty accounts under faults of every kind: seeded schedules.

`make test-faults COUNT=10000` runs as many as you like; each is a seed, so that a failure can be repeated.
"""

from __future__ import annotations

import os
import random
import re
from collections.abc import Callable

import pytest

from domain.teardown.plan import Kind
from tests.support.fakes.dirty_worlds import dirty_world
from tests.support.fakes.faults import KINDS, Faults
from tests.support.fakes.studio import FakeStudio
from tests.support.fakes.teardown_engines import Account, Outcome, Running, run_all
from tests.support.fakes.teardown_worlds import OURS, PREFIX, left_of, others

COUNT = int(os.environ.get("FAULT_SCHEDULES") or 100)
FIRST = int(os.environ.get("FAULT_SEED") or 0)
A_TEST = 100
REPETITIONS = 3
HISTORY_LIMIT, REASON_LIMIT, QUESTIONS_LIMIT = 25_000, 4_096, 3 * 720

PLANS: dict[str, Callable[[Account, random.Random], list[tuple[float, Running]]]] = {
    "a teardown": lambda a, _: [(0, a.machine())],
    "a destruction": lambda a, _: [(0, a.destruction())],
    "events that come twice": lambda a, _: [(0, a.destruction(deliveries=2))],
    "an answer that is lost": lambda a, _: [(0, a.destruction(answer_lost=True))],
    "two teardowns": lambda a, draw: [(0, a.machine()), (draw.uniform(0, 90), a.machine())],
    "a destruction during a teardown": lambda a, draw: [(0, a.machine()), (draw.uniform(0, 90), a.destruction())],
    "a teardown during a destruction": lambda a, draw: [(0, a.destruction()), (draw.uniform(0, 90), a.machine())],
    "two destructions": lambda a, draw: [(0, a.destruction()), (draw.uniform(0, 90), a.destruction())],
}
WEIGHTS = (9, 3, 1, 1, 2, 2, 2, 1)


def schedule(seed: int) -> None:
    """One account, one plan of engines, random faults for a while; then everything must come true."""
    draw = random.Random(f"schedule {seed}")
    kinds = tuple(draw.sample(KINDS, draw.choice([1, 3, len(KINDS)])))
    faults = Faults(random=random.Random(seed), rate=draw.choice([0.0, 0.02, 0.2]), kinds=kinds)
    account = Account(dirty_world(seed), faults)
    before = others(account.studio)
    name, plan = draw.choice([(n, p) for (n, p), w in zip(PLANS.items(), WEIGHTS, strict=True) for _ in range(w)])
    outcomes = run_all(account, plan(account, draw), faults_end=draw.choice([0, 60, 600]))
    for outcome in outcomes:
        check(outcome, account, f"seed {seed}, {name}")
    if not any(outcome.done for outcome in outcomes):
        causes = repeated(account.studio)
        assert len(causes) < REPETITIONS, f"seed {seed}, {name}, again and again without faults: {causes}"
    assert left_of(account.studio, OURS, PREFIX) == [], f"seed {seed}, {name}"
    assert others(account.studio) == before, f"seed {seed}, {name}"


def repeated(studio: FakeStudio) -> list[str]:
    """What a person does: `cdk destroy` until it succeeds, here without faults; the causes of those that did not.

    The slowest accounts need it: an hour is CloudFormation's bound, and a domain that fails to go takes its time twice.
    """
    causes: list[str] = []
    while len(causes) < REPETITIONS:
        account = Account(studio)
        (outcome,) = run_all(account, [(0, account.destruction())])
        if outcome.done:
            break
        causes.append(outcome.cause)
    return causes


def check(outcome: Outcome, account: Account, where: str) -> None:
    """Bounds are kept, and a failure says what is left, or that nobody could know."""
    limit = HISTORY_LIMIT if outcome.engine == "machine" else QUESTIONS_LIMIT
    assert outcome.events < limit, where
    assert account.most_calls < 1_000, where
    if not outcome.done:
        assert len(outcome.cause.encode()) < 64 * 1024, where
        assert outcome.engine == "machine" or len(outcome.cause) < REASON_LIMIT, where
        unknown = r"process died|it was stopped|did not receive a response"
        named = rf"Left: .*({'|'.join(KIND_WORDS)})"
        assert re.search(rf"{unknown}|{named}", outcome.cause), f"{where}: {outcome.cause}"


KIND_WORDS = tuple(kind.value for kind in Kind)


@pytest.mark.parametrize("first", range(FIRST, FIRST + COUNT, A_TEST))
def test_random_schedules_end_with_nothing_of_ours_and_all_of_others(first: int) -> None:
    for seed in range(first, min(first + A_TEST, FIRST + COUNT)):
        schedule(seed)
