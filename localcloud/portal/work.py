"""Ground Truth's jobs as the portal's pages want them: those of the worker's teams, and the tasks in her hands."""

from __future__ import annotations

from typing import Any

from localcloud.ground_truth import labeling_jobs
from localcloud.ground_truth.job import template
from localcloud.ground_truth.job.run import LabelingRun
from localcloud.ground_truth.job.task_pool import Assignment
from localcloud.portal import images
from localcloud.portal.sessions import Session
from localcloud.sagemaker import clock, store
from portal.work import BadAnswer, Gone, Interface, JobCard, NotShown, Task

_GONE = "This task is no longer yours: it was done, its time ran out, or the job ended."


class GroundTruthWork:
    """Fulfils `portal.work.Work`."""

    def jobs(self, person: Session) -> list[JobCard]:
        return [_card(run, person) for run in _visible(person)]

    def job(self, person: Session, name: str) -> JobCard | None:
        run = _find(person, name)
        return _card(run, person) if run else None

    def take(self, person: Session, job: str) -> Task | None:
        run = _run(person, job)
        assignment = run.take(person.worker)
        return _task(run, assignment) if assignment else None

    def undo(self, person: Session, job: str) -> Task | None:
        run = _run(person, job)
        assignment = run.undo(person.worker)
        return _task(run, assignment) if assignment else None

    def task(self, person: Session, job: str, task: str) -> Task | None:
        run = _find(person, job)
        assignment = run.assignment(task, person.worker) if run else None
        return _task(run, assignment) if run and assignment else None

    def interface(self, person: Session, task: Task, script: str) -> Interface:
        """The job's own template, rendered for this task."""
        run = _run(person, task.job)
        try:
            html = template.render(run.template, task.input, _readable, script)
        except template.TemplateError as error:
            raise NotShown(str(error)) from error
        return Interface(html, trusted=True)  # as on AWS, where a template may do what it likes

    def preview(self, _name: str, _script: str) -> None:
        """Ground Truth previews a task in its console only."""
        return

    def submit(self, person: Session, job: str, task: str, content: dict[str, Any]) -> None:
        try:
            taken = _run(person, job).submit(task, person.worker, content)
        except ValueError as error:
            raise BadAnswer(str(error)) from error
        if not taken:
            raise Gone(_GONE)

    def give_back(self, person: Session, job: str, task: str, *, for_good: bool) -> None:
        if not _run(person, job).give_back(task, person.worker, for_good=for_good):
            raise Gone(_GONE)


def _visible(session: Session) -> list[LabelingRun]:
    """Jobs that are open or ended, of teams that have one of the worker's groups; open ones first, newest first."""
    teams = {
        arn for arn, members in _teams().items() if members & {(session.user_pool, name) for name in session.groups}
    }
    found = [run for run in labeling_jobs.runs() if run.record["HumanTaskConfig"]["WorkteamArn"] in teams]
    return sorted(found, key=lambda run: (not run.is_open(), -run.record["CreationTime"]))


def _find(session: Session, name: str) -> LabelingRun | None:
    return next((run for run in _visible(session) if run.record["LabelingJobName"] == name), None)


def _run(session: Session, name: str) -> LabelingRun:
    run = _find(session, name)
    if run is None:
        raise Gone(f"There is no job {name} for you.")
    return run


def _card(run: LabelingRun, session: Session) -> JobCard:
    record = run.record
    task = record["HumanTaskConfig"]
    return JobCard(
        name=record["LabelingJobName"],
        title=task["TaskTitle"],
        description=task["TaskDescription"],
        status=record["LabelingJobStatus"],
        open=run.is_open(),
        available=run.available(session.worker),
        created=record["CreationTime"],
    )


def _task(run: LabelingRun, assignment: Assignment) -> Task:
    task = run.record["HumanTaskConfig"]
    return Task(
        id=assignment.task_id,
        job=run.record["LabelingJobName"],
        title=task["TaskTitle"],
        description=task["TaskDescription"],
        input=run.task_input(assignment),
        expires=assignment.expires,
        seconds_left=max(0, round(assignment.expires - clock.now())),
        again=assignment.again,
        earlier=run.earlier_label(assignment),
        undoable=run.undoable(assignment.worker),
        left=run.available(assignment.worker),
    )


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
