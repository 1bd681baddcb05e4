"""The two engines of teardown on one fake account and clock: the state machine's executions, and CloudFormation's
deletions behind CDK's provider framework. Each runs as a generator of pauses in seconds, so that several run at once.
"""

from __future__ import annotations

import heapq
import json
import logging
import os
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from adapters.teardown.cloud import Clients
from domain.errors import KempelenError
from lambdas.shared import entry
from lambdas.teardown_resource import handler as resource
from lambdas.teardown_step import handler as step
from tests.support.fakes.clients import FakeClient, fake_clients
from tests.support.fakes.faults import CrashError, Faults
from tests.support.fakes.lambda_context import Context
from tests.support.fakes.studio import FakeStudio
from tests.support.fakes.teardown_worlds import MACHINE, OURS, PREFIX, add_app

TEARDOWN = MACHINE.replace("pipeline", "teardown")
EVENTS_A_ROUND, EVENTS_A_RETRY = 9, 3
QUERY_SECONDS, SERVICE_SECONDS = 5, 3600
_RETRIES = 3
VARIABLES = {
    "DOMAIN_ID": OURS,
    "STAGE": "dev",
    "PROJECT_TAG": "kempelen:stage",
    "JOB_NAME_PREFIX": PREFIX,
    "RETAIN": "false",
    "SCHEDULE_GROUP": "kempelen-dev",
    "STATE_MACHINE_ARNS": json.dumps([MACHINE, TEARDOWN]),
}
Running = Generator[float, None, "Outcome"]


@dataclass(frozen=True)
class Outcome:
    """How an engine ended. `cause`: what people read if it failed. `events`: of the history, or questions."""

    engine: str
    done: bool
    cause: str = ""
    events: int = 0


@dataclass
class Account:
    """A fake account with the functions bound to it."""

    studio: FakeStudio
    faults: Faults = field(default_factory=Faults)
    check: bool = False
    most_calls: int = 0
    _executions: int = 0

    def __post_init__(self) -> None:
        self.faults.beside |= {
            "clock forward": lambda: self._skew(3600),
            "clock back": lambda: self._skew(-3600),
            "stays pending": self._somebody_opens_an_app,
            "duplicate event": self._another_step,
        }

    @contextmanager
    def bound(self) -> Iterator[None]:
        """While it lasts the functions see this account, its clock, and the variables of the stage."""
        clock = SimpleNamespace(time=self.studio.clock, sleep=self.studio.sleep)
        quiet = SimpleNamespace(add_metric=lambda *_: None)
        entry.loaded.cache_clear()
        level = entry.logger.log_level
        entry.logger.setLevel(logging.CRITICAL)
        with ExitStack() as during:
            during.callback(entry.loaded.cache_clear)
            during.callback(entry.logger.setLevel, level)
            during.enter_context(patch.dict(os.environ, VARIABLES))
            during.enter_context(patch.object(step, "metrics", quiet))
            for module in (step, resource):
                during.enter_context(patch.object(module, "time", clock))
            during.enter_context(patch.object(resource, "client", self._client))
            during.enter_context(patch.object(Clients, "made_by", lambda _: self._clients()))
            yield

    def _clients(self) -> Any:
        return fake_clients(self.studio, self.faults, check=self.check)

    def _client(self, service: str) -> Any:
        return FakeClient(service, self.studio, self.faults, check=self.check)

    def machine(self) -> Running:
        """An execution of the state machine `teardown`, with the retries that its definition has for a dead process."""
        self._executions += 1
        name = f"teardown-{self._executions}"
        arn = f"{TEARDOWN.replace(':stateMachine:', ':execution:')}:{name}"
        execution = {"executionArn": arn, "name": name, "stateMachineArn": TEARDOWN, "status": "RUNNING"}
        self.studio.executions[arn] = execution
        memory: dict[str, Any] = {}
        events = retries = 0
        while True:
            if execution["status"] != "RUNNING":
                return Outcome("machine", done=False, cause="it was stopped", events=events)
            event = {"input": {"confirm": "dev"}, "memory": memory, "machine": TEARDOWN, "execution": name}
            try:
                report = self._call(step.handler, event)
            except CrashError:
                retries += 1
                events += EVENTS_A_RETRY
                if retries > _RETRIES:
                    execution["status"] = "FAILED"
                    return Outcome("machine", done=False, cause="the function's process died", events=events)
                yield 5 * 2 ** (retries - 1)
                continue
            retries, events = 0, events + EVENTS_A_ROUND
            if report["verdict"] != "again":
                execution["status"] = "SUCCEEDED" if report["verdict"] == "empty" else "FAILED"
                return Outcome("machine", report["verdict"] == "empty", report["cause"], events)
            memory = report["memory"]
            yield report["pause"]

    def destruction(self, *, deliveries: int = 1, answer_lost: bool = False) -> Running:
        """`cdk destroy`, as far as our resources are concerned: the workflow stack's, then the studio stack's two."""
        questions = 0
        for properties in ({"Part": "work"}, {}, {}):
            reason, asked = yield from self.deletion(properties, deliveries, answer_lost=answer_lost)
            questions += asked
            if reason:
                return Outcome("destroy", done=False, cause=reason, events=questions)
        return Outcome("destroy", done=True, events=questions)

    def deletion(
        self, properties: dict[str, str], deliveries: int = 1, *, answer_lost: bool = False
    ) -> Generator[float, None, tuple[str, int]]:
        """What CDK's framework does on Delete (aws-cdk-lib 2.275, provider-framework/runtime/framework.js): `on_event`,
        then a waiter that asks `is_complete`; an event that comes twice has two waiters. The first answer counts.

        Returns the reason of a failure, empty for success, and how often it was asked.
        """
        part = properties.get("Part", OURS)
        event = {
            "RequestType": "Delete",
            "StackId": "stack",
            "RequestId": "request",
            "LogicalResourceId": "Teardown",
            "PhysicalResourceId": f"teardown-{part}",
            "ResourceProperties": {"ServiceToken": "arn", "DomainId": OURS, **properties},
        }
        answers: list[str] = []
        waiters = []
        for _ in range(deliveries):
            begun = self._answer(resource.on_event, event, answers)
            waiters += [{**event, **begun}] if begun else []
        asked = 0
        while not answers and asked * QUERY_SECONDS < SERVICE_SECONDS:
            yield QUERY_SECONDS
            asked += 1
            for waiter in waiters:
                answer = self._answer(resource.is_complete, waiter, answers)
                answers += [""] if answer and answer["IsComplete"] else []
        if answer_lost:
            yield SERVICE_SECONDS - asked * QUERY_SECONDS
            return "CloudFormation did not receive a response from your Custom Resource", asked
        return (answers[0] if answers else "Operation timed out"), asked

    def _answer(self, handler: Any, event: dict[str, Any], answers: list[str]) -> dict[str, Any]:
        try:
            return self._call(handler, event)
        except CrashError:
            answers.append("the function's process died")
        except KempelenError as error:
            answers.append(str(error))
        return {}

    def _call(self, handler: Any, event: dict[str, Any]) -> dict[str, Any]:
        before = self.faults.calls.total()
        answer: dict[str, Any] = json.loads(json.dumps(handler(json.loads(json.dumps(event)), Context())))
        self.most_calls = max(self.most_calls, self.faults.calls.total() - before)
        return answer

    def _skew(self, seconds: float) -> None:
        self.studio.skew += seconds

    def _somebody_opens_an_app(self) -> None:
        """It stays Pending for 20 minutes. Nobody can open one without a profile."""
        profiles = [p for p in self.studio.list_user_profiles(OURS) if p["Status"] == "InService"]
        if profiles and self.studio.domains.get(OURS, {}).get("Status") == "InService":
            name = f"late-{self.studio.now:.0f}"
            owner = profiles[0]["UserProfileName"]
            app = add_app(self.studio, OURS, name=name, status="Pending", UserProfileName=owner)
            self.studio.soon(lambda: app.update(Status="InService"), 1200)

    def _another_step(self) -> None:
        """The other engine, or the same event once more: a whole step in the middle of this one, without faults."""
        other = Account(self.studio)
        with patch.object(Clients, "made_by", lambda _: other._clients()):
            event = {"input": {"confirm": "dev"}, "memory": {}, "machine": TEARDOWN, "execution": "another"}
            step.handler(event, Context())


def run_all(account: Account, engines: list[tuple[float, Running]], *, faults_end: float = 0) -> list[Outcome]:
    """Run engines, each from its second on, until all have ended; transient faults end after `faults_end` seconds."""
    studio, begin = account.studio, account.studio.now
    turns = [(begin + start, number, engine) for number, (start, engine) in enumerate(engines)]
    heapq.heapify(turns)
    outcomes: list[Outcome] = []
    with account.bound():
        while turns:
            at, number, engine = heapq.heappop(turns)
            studio.sleep(max(0.0, at - studio.now))
            if studio.now - begin >= faults_end:
                account.faults.stop()
            try:
                heapq.heappush(turns, (studio.now + next(engine), number, engine))
            except StopIteration as ended:
                outcomes.append(ended.value)
    return outcomes
