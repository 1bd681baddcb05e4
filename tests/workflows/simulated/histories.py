"""Random histories of one data set: a run that people label for, a schedule's ticks, everything that goes wrong.

What must hold at the end of each is in `complaints`.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from domain.augmenting.begin import LEASE_SECONDS
from domain.workflow.runs import augment_run, label_run
from tests.support.builders.runs import any_augment_input, any_label_input
from tests.workflows.simulated.account import Account
from tests.workflows.simulated.execution import Execution
from tests.workflows.simulated.faults import Faults
from tests.workflows.simulated.world import IMAGES, label_before, new_account

RUN = "run-1"
HOUR, DAY = 3_600.0, 86_400.0


@dataclass
class History:
    """`windows`: what was delivered of each tick; `stopped`: executions that somebody stopped."""

    account: Account
    windows: dict[str, list[Execution]] = field(default_factory=dict)
    asked_for: list[Execution] = field(default_factory=list)
    stopped: set[str] = field(default_factory=set)


def play(seed: int) -> History:
    chance = random.Random(seed)
    faults = Faults(
        chance,
        death=chance.choice([0.0, 0.06, 0.2, 0.7]),
        unanswered=chance.uniform(0, 0.03),
        throttled=chance.uniform(0, 0.03),
        between=0.3,
        job_lost=chance.choice([0.0, 0.3]),
        event_lost=chance.choice([0.0, 0.3]),
        event_twice=0.3,
        stopped_between=chance.choice([0.0, 0.0, 0.01]),
    )
    history = History(new_account(faults))
    account = history.account
    account.between = lambda: _stop_one(history)
    if chance.random() < 0.8:
        label_before(account)
    patience = chance.choice([600.0, 7200.0, 3 * DAY])
    account.answered_in = lambda chance: chance.uniform(60, patience)
    for number in range(chance.choice([1, 1, 2])):  # two executions of one run, by two people
        account.at(chance.uniform(0, 3600) * number, lambda number=number: _ask(history, f"person-{number}"))
    for number in range(chance.randint(2, 5)):
        account.at(900.0 * number + chance.uniform(0, 20), lambda number=number: _tick(history, number))
    for _ in range(chance.randint(0, 8)):
        account.at(chance.uniform(0, 2 * 3600), lambda: _interfere(history))
    account.run(until=lambda: account.now > START_OF_CALM(account) and not account.running, seconds=45 * DAY)
    _calm(history)
    return history


def START_OF_CALM(account: Account) -> float:  # noqa: N802
    return account.began + 3 * 3600


def _ask(history: History, name: str) -> None:
    execution = history.account.start("pipeline", name, any_label_input(run_id=RUN, instances=1))
    if execution is not None:
        history.asked_for.append(execution)


def _tick(history: History, number: int) -> None:
    """EventBridge Scheduler delivers a tick once, seldom not at all (then it is a dead letter), seldom more often."""
    account, chance = history.account, history.account.chance
    window = f"2026-11-22T{10 + number // 4:02}:{number % 4 * 15:02}:00Z"
    delivered = chance.choice([0, 1, 1, 1, 2, 3])
    history.windows[window] = []
    for which in range(delivered or 1):
        late = chance.uniform(0, 3600) if which or not delivered else 0.0
        account.at(late, lambda which=which: _delivered(history, window, f"tick-{number}-{which}"))


def _delivered(history: History, window: str, name: str) -> None:
    given = any_augment_input(window=window, instances=history.account.chance.choice([1, 2]))
    execution = history.account.start("augment", name, given)
    assert execution is not None
    history.windows[window].append(execution)


def _interfere(history: History) -> None:
    """Somebody stops an execution, a labeling job or a processing job."""
    account, chance = history.account, history.account.chance
    match chance.choice(["execution", "labeling", "processing"]):
        case "execution":
            _stop_one(history)
        case "labeling" if account.labeler.jobs:
            account.labeler.close(chance.choice(list(account.labeler.jobs)), "Stopped")
        case "processing" if account.jobs:
            account.end_job(chance.choice(list(account.jobs)), "Stopped", "stopped by somebody")


def _stop_one(history: History) -> None:
    running = list(history.account.running.values())
    if running:
        execution = history.account.chance.choice(running).execution
        history.stopped.add(execution.arn)
        history.account.stop(execution)


def _calm(history: History) -> None:
    """The faults end, and people do what is theirs: dead letters are replayed, a run that failed is redriven."""
    account = history.account
    account.faults.calm()
    account.run(seconds=HOUR)  # events that are still tried
    account.replay()
    account.run(seconds=HOUR)
    account.run(until=lambda: not account.running, seconds=45 * DAY)
    history.left_running = [name for name, job in account.labeler.jobs.items() if job.status == "InProgress"]  # type: ignore[attr-defined]
    for execution in history.asked_for:
        if execution.status != "SUCCEEDED":
            account.redrive(execution)
            account.run(until=lambda: not account.running, seconds=45 * DAY)
    last = any_augment_input(window="2026-11-23T10:00:00Z", instances=1)
    history.last = account.start("augment", "last", last)  # type: ignore[attr-defined]
    account.run(until=lambda: not account.running, seconds=2 * DAY)


def complaints(history: History) -> list[str]:
    """What is not as promised; empty where all is well."""
    return [
        *_of_publications(history),
        *_of_windows(history),
        *_of_labels(history),
        *_of_ends(history),
    ]


def _of_publications(history: History) -> list[str]:
    """Each run makes one version at most; versions are whole, numbered without a gap, and say nothing twice."""
    account, found = history.account, []
    done = {key: record for key, record in account.ledger.runs.items() if record.result is not None}
    versions = sorted(record.version for record in done.values())
    marked = sorted(key.split("/")[2] for key in account.store.objects if key.endswith("/_SUCCESS"))
    if versions != marked:
        found.append(f"the ledger knows {versions}, the bucket {marked}")
    numbers = [int(version[1:5]) for version in versions]
    if numbers != list(range(1, len(numbers) + 1)):
        found.append(f"versions are numbered {numbers}")
    for version in versions:
        rows = account.store.objects[f"datasets/faces/{version}/manifest.jsonl"].splitlines()
        paths = Counter((row["version"], row["path"]) for row in map(json.loads, rows))
        found += [f"{version} lists {path} {count} times" for path, count in paths.items() if count > 1]
    return found


def _of_windows(history: History) -> list[str]:
    """A window was published, or it is told why not: by the output of a tick that was skipped, or by a message."""
    account, found = history.account, []
    for window, executions in history.windows.items():
        record = account.ledger.run("faces", augment_run(any_augment_input(window=window), "x").run_id)
        if record is not None and record.result is not None:
            continue
        found += [
            f"{window}: {execution.name} {why}" for execution in executions if (why := _untold(history, execution))
        ]
        if not executions:
            found.append(f"{window} was lost")
    return found


def _untold(history: History, execution: Execution) -> str:
    if execution.status == "SUCCEEDED":
        outcome = execution.output["outcome"]
        return "" if outcome == "skipped" and execution.output["reason"] else f"says {outcome}"
    if execution.arn in history.stopped:
        return ""
    told = [json.loads(message["Message"]) for message in history.account.messages]
    told = [one for one in told if one.get("execution") == execution.arn and one["outcome"] == "failed"]
    if execution.status == "FAILED" and execution.error and execution.cause and told:
        return ""
    return f"ended as {execution.status}, {execution.error}: {execution.cause}, and nobody was told"


def _of_labels(history: History) -> list[str]:
    """Each object exactly once, with what people said of it."""
    account = history.account
    text = account.store.find(f"labels/faces/{RUN}/labels.jsonl")
    if text is None:
        return ["there are no labels"]
    rows = [json.loads(line) for line in text.splitlines()]
    found = [] if sorted(row["source"] for row in rows) == IMAGES else [f"labels of {[row['source'] for row in rows]}"]
    [job] = account.labeler.jobs.values()
    said = {source.rsplit("/", 1)[1]: label for source, label in job.answers.items()}
    kept = {row["source"]: row["label"] for row in rows if row["status"] == "labeled"}
    return [*found, *([] if kept == said else [f"people said {said}, kept is {kept}"])]


def _of_ends(history: History) -> list[str]:
    """Nothing waits any more: executions, labeling jobs, the lease; and the data set can go on."""
    account: Any = history.account
    found = [f"{key} still runs" for key in account.running]
    found += [f"labeling job {name} is left running" for name in history.left_running]  # type: ignore[attr-defined]
    found += [f"{letter} is a dead letter" for letter in account.dead_letters]
    lease = account.ledger.lease("faces")
    if lease is not None and lease.held_until - account.now > LEASE_SECONDS:
        found.append(f"the lease is held: {lease}")
    last = history.last  # type: ignore[attr-defined]
    labeled = any(job.answers for job in account.labeler.jobs.values())
    if labeled and (last.status != "SUCCEEDED" or last.output["outcome"] != "published"):
        found.append(f"a run afterwards ended as {last.status}: {last.error} {last.cause} {last.output}")
    for execution in history.asked_for:
        if labeled and execution.status != "SUCCEEDED":
            found.append(f"{execution.name} ended as {execution.status}: {execution.error}: {execution.cause}")
    return found


__all__ = ["History", "complaints", "label_run", "play"]
