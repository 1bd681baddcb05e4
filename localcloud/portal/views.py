"""The job list, the task page, and what a worker does with a task."""

from __future__ import annotations

from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from localcloud.ground_truth.job.run import LabelingRun
from localcloud.ground_truth.job.task_pool import Assignment
from localcloud.ground_truth.job.template import TemplateError
from localcloud.portal import worker_jobs
from localcloud.portal.exchange import Exchange, Refusal
from localcloud.portal.pages import page

SHOWN_ENDED = 10
# The interface is the requester's own HTML: it gets no origin, so it cannot use the worker's session.
_INTERFACE_HEADERS = {"Content-Security-Policy": "sandbox allow-scripts allow-forms", "Cache-Control": "no-store"}


def home(exchange: Exchange) -> Response:
    return RedirectResponse("/jobs" if exchange.session else "/login", 303)


def jobs(exchange: Exchange) -> Response:
    session = exchange.worker_session
    summaries = [worker_jobs.job_summary(run, session) for run in worker_jobs.visible_runs(session)]
    if exchange.as_json:
        return JSONResponse({"jobs": summaries})
    opened = [summary for summary in summaries if summary["open"]]
    ended = [summary for summary in summaries if not summary["open"]]
    return page("jobs", title="Jobs", email=session.email, jobs=opened, ended=ended[:SHOWN_ENDED])


def job(exchange: Exchange) -> Response:
    """Where a worker waits when there is no task at present."""
    session = exchange.worker_session
    summary = worker_jobs.job_summary(_run(exchange), session)
    if exchange.as_json:
        return JSONResponse(summary)
    return page("waiting", title=summary["title"], email=session.email, job=summary)


def next_task(exchange: Exchange) -> Response:
    run = _run(exchange)
    assignment = run.take(exchange.worker_session.worker)
    if exchange.as_json:
        found = worker_jobs.task_summary(run, assignment) if assignment else None
        return JSONResponse({"task": found, "status": run.record["LabelingJobStatus"]})
    name = exchange.request.path_params["name"]
    return RedirectResponse(f"/tasks/{assignment.task_id}" if assignment else f"/jobs/{name}", 303)


def undo(exchange: Exchange) -> Response:
    """The worker's last answer as a task once more."""
    run = _run(exchange)
    assignment = run.undo(exchange.worker_session.worker)
    if assignment is None:
        raise Refusal(409, "It is too late: your last answer is part of a label already, or the job has ended.")
    return JSONResponse({"task": worker_jobs.task_summary(run, assignment)})


def task(exchange: Exchange) -> Response:
    run, assignment = _task(exchange)
    summary = worker_jobs.task_summary(run, assignment)
    if exchange.as_json:
        return JSONResponse({"task": summary})
    session = exchange.worker_session
    return page(
        "task",
        title=summary["title"],
        email=session.email,
        task=summary,
        job=worker_jobs.job_path(run),
        left=run.available(session.worker),
    )


def interface(exchange: Exchange) -> Response:
    run, assignment = _task(exchange)
    try:
        return HTMLResponse(worker_jobs.task_interface(run, assignment), headers=_INTERFACE_HEADERS)
    except TemplateError as error:
        raise Refusal(500, f"The job's worker template cannot be shown: {error}") from error


def submit(exchange: Exchange) -> Response:
    run, assignment = _task(exchange)
    try:
        taken = run.submit(assignment.task_id, exchange.worker_session.worker, exchange.fields)
    except ValueError as error:
        raise Refusal(400, str(error)) from error
    return _done(taken, "submitted")


def skip(exchange: Exchange) -> Response:
    run, assignment = _task(exchange)
    return _done(run.give_back(assignment.task_id, exchange.worker_session.worker, for_good=False), "skipped")


def decline(exchange: Exchange) -> Response:
    run, assignment = _task(exchange)
    return _done(run.give_back(assignment.task_id, exchange.worker_session.worker, for_good=True), "declined")


def _done(taken: bool, status: str) -> Response:
    if not taken:
        raise Refusal(404, "This task is no longer yours: its time ran out or the job ended.")
    return JSONResponse({"status": status})


def _run(exchange: Exchange) -> LabelingRun:
    name = exchange.request.path_params["name"]
    run = worker_jobs.find_run(exchange.worker_session, name)
    if run is None:
        raise Refusal(404, f"There is no job {name} for you.")
    return run


def _task(exchange: Exchange) -> tuple[LabelingRun, Assignment]:
    session = exchange.worker_session
    found = worker_jobs.find_task(session, exchange.request.path_params["task"])
    if found is None:
        opened = next((run for run in worker_jobs.visible_runs(session) if run.is_open()), None)
        message = "This task is no longer yours: it was done, its time ran out, or the job ended."
        raise Refusal(404, message, next_at=f"{worker_jobs.job_path(opened)}/next" if opened else None)
    return found
