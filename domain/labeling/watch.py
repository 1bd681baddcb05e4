"""The end of a labeling job reaches the execution that waits for it; where none waits, its labels are kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from domain.errors import LabelingFailed, NotFound
from domain.labeling.collect import collect
from domain.labeling.manifest.prepare import prepared
from domain.labeling.port import Labeler
from domain.workflow.inputs import AUTO
from domain.workflow.ports import Executions, Ledger, ObjectStore
from domain.workflow.states import AwaitRequest, CollectRequest, LabelingJob, LabelingProgress, LabelRun


@dataclass(frozen=True)
class Watched:
    """What is looked at; `labeler_of` gives the back end that a run's job is in, `executions` are those of `label`."""

    labeler_of: Callable[[LabelRun], Labeler]
    store: ObjectStore
    ledger: Ledger
    executions: Executions


def await_end(request: AwaitRequest, on: Watched) -> bool:
    """Keeps the token. Whether the job was over already, and its event perhaps before the token: then it wakes now."""
    on.ledger.watch(request)
    progress = on.labeler_of(request.run).progress(request.job.name)
    return progress.finished and on.executions.wake(request.token, progress)


def job_ended(job: str, on: Watched, *, ended: str = "") -> str:
    """What became of a job's end, in a word or two. `ended` is an execution that is known to run no longer."""
    request = on.ledger.watched(job)
    if request is None:
        return "nobody waits"
    try:
        progress = on.labeler_of(request.run).progress(request.job.name)
    except NotFound:
        return "never started"
    if not progress.finished:
        return "not over"
    execution = request.run.execution
    if execution == ended or not on.executions.runs(execution):
        return _keep(request, progress, on)
    return "woken" if on.executions.wake(request.token, progress) else "sees for itself"  # it is between two waits


def execution_ended(run: LabelRun, on: Watched) -> str:
    """Stops the job that the execution made, so that nobody works for nothing; in a word or two, what became of it.

    The job's own end comes later, with an event of its own; a job that was over already has none to come.
    """
    # The execution's own input does not know what the preflight chose.
    run = run.model_copy(update={"backend": on.ledger.backend(run.dataset, run.run_id) or AUTO})
    labeler = on.labeler_of(run)
    job = labeler.name(run)
    stopping, built = labeler.stop(run), prepared(run, on.store)
    if built is not None and on.ledger.watched(job) is None:  # stopped before it could wait
        request = AwaitRequest(run=run, job=LabelingJob(name=job, created_here=stopping), manifest=built, token="")
        on.ledger.watch(request)
    return "stopping" if stopping else job_ended(job, on, ended=run.execution)


def _keep(request: AwaitRequest, progress: LabelingProgress, on: Watched) -> str:
    whole = CollectRequest(run=request.run, job=request.job, manifest=request.manifest, progress=progress)
    try:
        collect(whole, on.labeler_of(request.run), on.store, on.ledger)
    except LabelingFailed:
        return "nothing labeled"
    return "labels kept"
