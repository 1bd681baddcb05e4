"""Every call that the adapters of teardown make, with every kind of fault, by both engines.

The calls are read off the adapters' source and compared with those that were met: a new one is in the matrix by itself,
or the first test fails.
"""

from __future__ import annotations

import ast
import os
import random
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from zlib import crc32

import pytest

from adapters import teardown
from tests.support.fakes.clients import input_shapes
from tests.support.fakes.dirty_worlds import dirty_world
from tests.support.fakes.faults import KINDS, Faults
from tests.support.fakes.studio import FakeStudio
from tests.support.fakes.teardown_engines import Account, Outcome, Running, run_all
from tests.support.fakes.teardown_worlds import JOB_LOG_GROUP, OURS, PREFIX, foreign_streams, left_of, others

DEEP = bool(os.environ.get("FAULT_SCHEDULES"))
"""`make test-faults`: a second occurrence of each call, too."""
SLOWEST = 4.0
SERVICES = ("sagemaker", "efs", "ec2", "scheduler", "stepfunctions", "logs", "cloudformation")
OF_OTHERS = {"list_domains"}
"""Whom the network stack asks for: `tenants.py`, tested with its function."""
ENGINES: dict[str, Callable[[Account], Running]] = {"machine": Account.machine, "destroy": Account.destruction}
LATER = ("clock forward", "crash", "lost event")
"""After these the engine may end without having finished: a process that died fails CloudFormation's deletion, and an
hour that passes at once is an hour without progress. What is left must be said, and a new start must finish it."""


def calls_in_source() -> set[str]:
    """Operations of the services that are named in the adapters, as attribute or as word."""
    known = set().union(*(input_shapes(service) for service in SERVICES))
    named: set[str] = set()
    modules = [path for path in Path(str(teardown.__file__)).parent.glob("*.py") if path.name != "stopping.py"]
    for path in modules:  # that one is the hard stop's, which tears nothing down
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute):
                named.add(node.attr)
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                named.add(node.value)
    return (named & known) - OF_OTHERS


@cache
def busy_seed() -> int:
    """An account in which every call is made by either engine, small for the sake of time."""
    for seed in range(3000):
        if all(calls_in_source() - {"describe_stacks"} <= set(clean(seed, engine)) for engine in ENGINES):
            return seed
    raise AssertionError("no such account")


def busy_account() -> FakeStudio:
    return dirty_world(busy_seed(), SLOWEST)


@cache
def clean(seed: int, engine: str) -> Counter[str]:
    """How often each call is made without faults; nothing where the account is no candidate."""
    studio = dirty_world(seed, SLOWEST)
    if not is_candidate(studio):
        return Counter()
    account = Account(studio, check=True)
    (outcome,) = run_all(account, [(0, ENGINES[engine](account))])
    return account.faults.calls if outcome.done else Counter()


def is_candidate(studio: FakeStudio) -> bool:
    statuses = {app["Status"] for app in studio.list_apps(OURS)}
    failed = [one["Status"].endswith("Failed") for one in (*studio.list_spaces(OURS), *studio.list_user_profiles(OURS))]
    group = studio.log_groups.get(JOB_LOG_GROUP, {})
    ours_alone = bool(studio.streams_of(PREFIX)) and not foreign_streams(studio) and "retentionInDays" not in group
    files = studio.domains[OURS]["KeepsFiles"] and len(studio.apps) < 12
    return "InService" in statuses and any(failed) and ours_alone and bool(files)


@pytest.mark.parametrize("engine", ENGINES)
def test_the_matrix_has_every_call_of_the_adapters(engine: str) -> None:
    called = set(clean(busy_seed(), engine))
    assert called == calls_in_source() - ({"describe_stacks"} if engine == "machine" else set())


def met(engine: str, operation: str, occurrence: int, kind: str) -> Outcome:
    """One fault in one teardown; afterwards nothing is left, if need be by a second start."""
    account = Account(busy_account(), Faults(planned={(operation, occurrence): kind}))
    before = others(account.studio)
    (outcome,) = run_all(account, [(0, ENGINES[engine](account))], faults_end=1e9)
    where = f"{kind} at {operation} {occurrence}: {outcome.cause}"
    assert account.faults.met == {(operation, kind): 1}, where
    assert others(account.studio) == before, where
    if not outcome.done:
        assert outcome.cause, where
        again = Account(account.studio)
        (outcome,) = run_all(again, [(0, ENGINES[engine](again))])
        assert kind in LATER, where
    assert outcome.done, where
    assert left_of(account.studio, OURS, PREFIX) == [], where
    return outcome


@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_at_any_call_keeps_nobody_from_the_end(kind: str) -> None:
    draw = random.Random(kind)
    for engine in ENGINES:
        for operation, times in sorted(clean(busy_seed(), engine).items()):
            for occurrence in {1, draw.randint(1, times)} if DEEP else {1}:
                if is_turn_of(engine, operation, kind):
                    met(engine, operation, occurrence, kind)


def is_turn_of(engine: str, operation: str, kind: str) -> bool:
    """In `make test` the engines take turns: both run the same steps. Only one of them asks for the stack."""
    if DEEP or operation == "describe_stacks":
        return True
    return list(ENGINES)[crc32(f"{operation} {kind}".encode()) % len(ENGINES)] == engine


QUICK = ("denied", "refused", "capacity", "poison entry")
"""Teardown gives up on these within minutes; on the others it hopes for an hour, which takes a while even here."""
PASSING = ("throttled", "in use", "server error", "timed out", "resource limit", "poison page", "unreadable answer")
PASSING += ("response lost",)


@pytest.mark.parametrize("kind", [*QUICK, *(PASSING if DEEP else PASSING[:1])])
def test_a_fault_that_lasts_is_said_and_never_a_false_success(kind: str) -> None:
    for engine, operation in [(name, one) for name in ENGINES for one in clean(busy_seed(), name)]:
        if not is_turn_of(engine, operation, kind):
            continue
        account = Account(busy_account(), Faults(always=[(operation, (), kind)]))
        before = others(account.studio)
        (outcome,) = run_all(account, [(0, ENGINES[engine](account))])
        where = f"{kind} at {operation}: {outcome.cause}"
        assert others(account.studio) == before, where
        if outcome.done:
            assert left_of(account.studio, OURS, PREFIX) == [], where
        else:
            assert "Left: " in outcome.cause, where
            assert operation in outcome.cause or "AWS lists one without" in outcome.cause, where
