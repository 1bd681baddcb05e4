"""The hard stop against botocore's models: what runs is stopped, and schedules go on again as they were."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from domain.errors import StopIncomplete
from domain.teardown.stopping import MARK, marked, unmarked
from lambdas.shared import entry
from lambdas.stop_spending import handler
from tests.support.fakes.lambda_context import Context
from tests.support.fakes.recorded import RecordedAccount

MACHINES = [f"arn:aws:states:us-east-1:123456789012:stateMachine:kempelen-dev-{name}" for name in ("pipeline", "label")]
TOPIC = "arn:aws:sns:us-east-1:123456789012:kempelen-dev"
VARIABLES = {
    "STAGE": "dev",
    "PROJECT_TAG": "kempelen:stage",
    "JOB_NAME_PREFIX": "kempelen-dev-",
    "RETAIN": "true",
    "SCHEDULE_GROUP": "kempelen-dev",
    "STATE_MACHINE_ARNS": json.dumps(MACHINES),
    "DOMAIN_ID": "d-ours",
    "TOPIC_ARN": TOPIC,
}
SCHEDULE = {
    "Name": "faces-0",
    "GroupName": "kempelen-dev",
    "ScheduleExpression": "rate(15 minutes)",
    "ScheduleExpressionTimezone": "UTC",
    "Description": "Augments faces again",
    "State": "ENABLED",
    "FlexibleTimeWindow": {"Mode": "OFF"},
    "Target": {
        "Arn": MACHINES[0],
        "RoleArn": "arn:aws:iam::123456789012:role/schedules",
        "Input": '{"dataset": "faces"}',
    },
}
NOTIFICATION = {
    "Records": [{"EventSource": "aws:sns", "Sns": {"Message": "You requested that we alert you", "Type": "x"}}]
}


class Running:
    """A stage in which everything runs, and a twin of it: stage `dev-2`, whose names begin as ours do."""

    def __init__(self) -> None:
        asleep = {**SCHEDULE, "Name": "words-1", "State": "DISABLED"}
        self.schedules = {one["Name"]: one for one in (dict(SCHEDULE), asleep)}
        self.executions = {MACHINES[0]: ["run-7"], MACHINES[1]: ["run-7-label"]}
        self.jobs = {"kempelen-dev-augment-1": "InProgress", "kempelen-dev-2-augment-1": "InProgress"}
        self.labeling = {"kempelen-dev-label-1": "InProgress"}
        self.apps = {
            ("Canvas", "UserProfileName", "jane"): "InService",
            ("JupyterLab", "SpaceName", "notes"): "InService",
        }
        self.told: list[dict[str, Any]] = []
        self.account = RecordedAccount(
            {
                "scheduler": {
                    "list_schedules": self._list_schedules,
                    "get_schedule": lambda **r: {
                        **self.schedules[r["Name"]],
                        "Arn": "arn:aws:scheduler:::schedule/a/b",
                    },
                    "update_schedule": self._update_schedule,
                },
                "stepfunctions": {"list_executions": self._list_executions, "stop_execution": self._stop_execution},
                "sagemaker": {
                    "list_labeling_jobs": lambda **r: {"LabelingJobSummaryList": self._labeling(r["StatusEquals"])},
                    "stop_labeling_job": lambda **r: self.labeling.__setitem__(r["LabelingJobName"], "Stopped") or {},
                    "list_processing_jobs": lambda **r: {"ProcessingJobSummaries": self._jobs(r["StatusEquals"])},
                    "stop_processing_job": lambda **r: self.jobs.__setitem__(r["ProcessingJobName"], "Stopped") or {},
                    "list_tags": lambda **r: {
                        "Tags": [{"Key": "kempelen:stage", "Value": "dev-2" if "dev-2" in r["ResourceArn"] else "dev"}]
                    },
                    "list_apps": lambda **r: {"Apps": self._apps(r["DomainIdEquals"])},
                    "delete_app": self._delete_app,
                },
                "sns": {"publish": self._publish},
            }
        )

    def _list_schedules(self, **request: Any) -> dict[str, Any]:
        assert request["GroupName"] == "kempelen-dev"
        listed = ({key: one[key] for key in ("Name", "GroupName", "State")} for one in self.schedules.values())
        return {"Schedules": list(listed)}

    def _update_schedule(self, **request: Any) -> dict[str, Any]:
        self.schedules[request["Name"]] = request
        return {"ScheduleArn": "arn:aws:scheduler:us-east-1:123456789012:schedule/a/b"}

    def _list_executions(self, **request: Any) -> dict[str, Any]:
        machine = request["stateMachineArn"]
        return {
            "executions": [
                {
                    "executionArn": f"{machine.replace('stateMachine', 'execution')}:{name}",
                    "stateMachineArn": machine,
                    "name": name,
                    "status": "RUNNING",
                    "startDate": "2026-11-28T00:00:00Z",
                }
                for name in self.executions[machine]
            ]
        }

    def _stop_execution(self, **request: Any) -> dict[str, Any]:
        machine, _, name = request["executionArn"].replace("execution", "stateMachine").rpartition(":")
        self.executions[machine].remove(name)
        return {"stopDate": "2026-11-28T00:00:00Z"}

    def _labeling(self, status: str) -> list[dict[str, Any]]:
        return [
            {
                "LabelingJobName": name,
                "LabelingJobArn": f"arn:aws:sagemaker:us-east-1:123456789012:labeling-job/{name}",
                "CreationTime": 0,
                "LastModifiedTime": 0,
                "LabelingJobStatus": now,
                "LabelCounters": {},
                "WorkteamArn": "arn:aws:sagemaker:us-east-1:123456789012:workteam/private-crowd/a",
            }
            for name, now in self.labeling.items()
            if now == status
        ]

    def _jobs(self, status: str) -> list[dict[str, Any]]:
        return [
            {
                "ProcessingJobName": name,
                "ProcessingJobArn": f"arn:aws:sagemaker:us-east-1:123456789012:processing-job/{name}",
                "CreationTime": 0,
                "ProcessingJobStatus": now,
            }
            for name, now in self.jobs.items()
            if now == status
        ]

    def _apps(self, domain: str) -> list[dict[str, Any]]:
        assert domain == "d-ours"
        return [
            {"DomainId": domain, "AppType": kind, "AppName": "default", owner: name, "Status": status}
            for (kind, owner, name), status in self.apps.items()
        ]

    def _delete_app(self, **request: Any) -> dict[str, Any]:
        owner = "SpaceName" if "SpaceName" in request else "UserProfileName"
        self.apps[request["AppType"], owner, request[owner]] = "Deleted"
        return {}

    def _publish(self, **request: Any) -> dict[str, Any]:
        assert request["TopicArn"] == TOPIC
        self.told.append({"subject": request["Subject"], **json.loads(request["Message"])})
        return {"MessageId": "1"}

    def stop(self, event: dict[str, Any] = NOTIFICATION) -> dict[str, Any]:
        return handler.handler(event, Context())


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    for name, value in VARIABLES.items():
        monkeypatch.setenv(name, value)
    made = Running()
    monkeypatch.setattr(handler, "client", made.account.client)
    seconds = count(0, 5)
    monkeypatch.setattr(handler.time, "sleep", lambda _seconds: None)
    monkeypatch.setattr(handler.time, "time", lambda: next(seconds))
    entry.loaded.cache_clear()
    yield made
    entry.loaded.cache_clear()


def test_everything_that_costs_by_the_hour_is_stopped_and_told(stage: Running) -> None:
    answer = stage.stop()
    assert set(answer["stopped"]) == {
        "schedule kempelen-dev/faces-0",
        "execution kempelen-dev-pipeline/run-7",
        "execution kempelen-dev-label/run-7-label",
        "labeling job kempelen-dev-label-1",
        "processing job kempelen-dev-augment-1",
        "app Canvas/default of user profile jane",
        "app JupyterLab/default of space notes",
    }
    assert stage.schedules["faces-0"]["State"] == "DISABLED"
    assert stage.executions == {MACHINES[0]: [], MACHINES[1]: []}
    assert set(stage.apps.values()) == {"Deleted"}
    (told,) = stage.told
    assert (told["outcome"], told["subject"]) == ("stopped", "kempelen-dev spending stopped")
    assert sorted(told["stopped"]) == sorted(answer["stopped"])
    assert '{"resume": true}' in told["go_on"]


def test_nothing_is_deleted_but_apps_which_keep_their_files(stage: Running) -> None:
    stage.stop()
    deleting = {operation for _, operation, _ in stage.account.asked if operation.startswith("delete")}
    assert deleting == {"delete_app"}


def test_another_stages_job_goes_on(stage: Running) -> None:
    stage.stop()
    assert stage.jobs["kempelen-dev-2-augment-1"] == "InProgress"


def test_a_second_notification_finds_nothing_to_stop(stage: Running) -> None:
    stage.stop()
    before = json.dumps(stage.schedules)
    assert stage.stop()["stopped"] == []
    assert json.dumps(stage.schedules) == before


def test_it_can_be_called_by_hand(stage: Running) -> None:
    assert len(stage.stop({})["stopped"]) == 7


def test_what_was_disabled_is_enabled_again_as_it_was_and_nothing_else(stage: Running) -> None:
    stage.stop()
    stage.account.asked.clear()
    assert stage.stop({"resume": True}) == {"enabled": ["faces-0"]}
    assert stage.schedules["faces-0"] == SCHEDULE
    assert stage.schedules["words-1"]["State"] == "DISABLED"
    assert stage.told[-1]["enabled"] == ["faces-0"]
    assert stage.stop({"resume": True}) == {"enabled": []}
    assert not [asked for asked in stage.account.asked if "stop" in asked[1] or "delete" in asked[1]]


def test_what_may_not_be_stopped_is_named_and_all_else_is_stopped(stage: Running) -> None:
    del stage.account.answers["sagemaker"]["stop_processing_job"]
    with pytest.raises(StopIncomplete, match=r"processing job kempelen-dev-augment-1.*access denied"):
        stage.stop()
    assert stage.schedules["faces-0"]["State"] == "DISABLED"
    assert set(stage.apps.values()) == {"Deleted"}
    assert stage.told[-1]["outcome"] == "not-all-stopped"
    assert any("kempelen-dev-augment-1" in left for left in stage.told[-1]["left"])


def test_an_app_that_starts_is_waited_for(stage: Running) -> None:
    canvas = ("Canvas", "UserProfileName", "jane")
    stage.apps[canvas] = "Pending"
    looks = iter(range(100))

    def apps(**request: Any) -> dict[str, Any]:
        if next(looks) == 2:
            stage.apps[canvas] = "InService"
        return {"Apps": stage._apps(request["DomainIdEquals"])}

    stage.account.answers["sagemaker"]["list_apps"] = apps
    assert "app Canvas/default of user profile jane" in stage.stop()["stopped"]


def test_the_mark_is_put_once_and_fits() -> None:
    assert unmarked(marked("Augments faces again")) == "Augments faces again"
    assert marked(marked("a")) == marked("a")
    assert len(marked("x" * 512)) == 512
    assert unmarked(marked("")) == ""
    assert unmarked("disabled by somebody") is None
    assert MARK in marked("x" * 512)
