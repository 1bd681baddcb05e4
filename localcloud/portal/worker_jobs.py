"""What a signed-in worker may see: the labeling jobs of the worker's teams, and the tasks in the worker's hands."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from localcloud.ground_truth import labeling_jobs
from localcloud.ground_truth.job import template
from localcloud.ground_truth.job.run import LabelingRun
from localcloud.ground_truth.job.task_pool import Assignment
from localcloud.portal import images
from localcloud.portal.sessions import Session
from localcloud.sagemaker import clock, store

ELEMENTS = "/static/crowd-html-elements.js"


def visible_runs(session: Session) -> list[LabelingRun]:
    """Jobs that are open or ended, of teams that have one of the worker's groups; open ones first, newest first."""
    teams = {
        arn for arn, members in _teams().items() if members & {(session.user_pool, name) for name in session.groups}
    }
    found = [run for run in labeling_jobs.runs() if run.record["HumanTaskConfig"]["WorkteamArn"] in teams]
    return sorted(found, key=lambda run: (not run.is_open(), -run.record["CreationTime"]))


def find_run(session: Session, name: str) -> LabelingRun | None:
    return next((run for run in visible_runs(session) if run.record["LabelingJobName"] == name), None)


def find_task(session: Session, task_id: str) -> tuple[LabelingRun, Assignment] | None:
    """The worker's running task of this id with its job."""
    for run in visible_runs(session):
        assignment = run.assignment(task_id, session.worker)
        if assignment is not None:
            return run, assignment
    return None


def job_path(run: LabelingRun) -> str:
    return f"/jobs/{quote(run.record['LabelingJobName'])}"


def job_summary(run: LabelingRun, session: Session) -> dict[str, Any]:
    record = run.record
    task = record["HumanTaskConfig"]
    return {
        "name": record["LabelingJobName"],
        "path": job_path(run),
        "title": task["TaskTitle"],
        "description": task["TaskDescription"],
        "status": record["LabelingJobStatus"],
        "open": run.is_open(),
        "available": run.available(session.worker),
        "created": record["CreationTime"],
    }


def task_summary(run: LabelingRun, assignment: Assignment) -> dict[str, Any]:
    return {
        "id": assignment.task_id,
        "job": run.record["LabelingJobName"],
        "title": run.record["HumanTaskConfig"]["TaskTitle"],
        "description": run.record["HumanTaskConfig"]["TaskDescription"],
        "input": run.task_input(assignment),
        "again": assignment.again,
        "earlier": run.earlier_label(assignment),
        "undoable": run.undoable(assignment.worker),
        "expires": assignment.expires,
        "seconds_left": max(0, round(assignment.expires - clock.now())),
    }


def task_interface(run: LabelingRun, assignment: Assignment) -> str:
    """The job's own template, rendered for this task. Raises template.TemplateError."""
    return template.render(run.template, run.task_input(assignment), _readable, ELEMENTS)


def _readable(value: str) -> str:
    """A presigned address for an S3 URI; anything else as it is."""
    return images.address(value) if value.startswith("s3://") else value


def _teams() -> dict[str, set[tuple[str, str]]]:
    """(user pool, group) pairs by workteam ARN."""
    members = {}
    for team in list(store.table("workteam").values()):
        cognito = [
            member["CognitoMemberDefinition"]
            for member in team["MemberDefinitions"]
            if "CognitoMemberDefinition" in member
        ]
        members[team["WorkteamArn"]] = {(member["UserPool"], member["UserGroup"]) for member in cognito}
    return members
