"""The start of an augmentation run: take the lease, decide the version, freeze the processing job's inputs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone

from domain.augmenting.brought import freeze_brought
from domain.augmenting.job import SOURCES, container_arguments, fingerprint_arguments, freeze, run_arguments
from domain.augmenting.learned import freeze_learned
from domain.errors import NoLabels
from domain.workflow.inputs import AugmentOutput, Mode
from domain.workflow.ledger import Head, Lease, NewestLabels, RunRecord
from domain.workflow.names import augmenting_prefix, digest, job_name, version_name, version_prefix
from domain.workflow.ports import Executions, Ledger, ObjectStore
from domain.workflow.run_cost import NO_MACHINE, Machine, Work, deadline, estimated
from domain.workflow.s3_uri import S3Uri
from domain.workflow.states import AugmentBegun, AugmentNothing, AugmentRun, AugmentStart

JOB_SECONDS = 4 * 3600
"""The longest that one processing job may run."""
LEASE_SECONDS = 6 * 3600
"""Longer than a job with its start-up and the publication; renewed whenever the run tries again."""
SUCCESS = "_SUCCESS"


@dataclass(frozen=True)
class Beginning:
    """What beginning a run needs besides the run itself. `executions` are those of `augment`, `now` is in epoch
    seconds. `embedding_model` is the key of the stage's own ONNX model, if it has one. `machine` is what its jobs run
    on."""

    ledger: Ledger
    store: ObjectStore
    executions: Executions
    job_prefix: str
    now: float
    embedding_model: str = ""
    machine: Machine = NO_MACHINE


def begin(run: AugmentRun, given: Beginning) -> AugmentBegun:
    """What this run is to do: start, wait for the run that is alive, or nothing.

    There is nothing to do for a run that has published already, and for a schedule's tick while another run is alive:
    the next tick comes by itself. Every other run was asked for, so it waits.

    The same execution may come again (a retry, or after waiting for capacity): it gets the same answer and the lease
    from now on.

    Raises:
        NoLabels: the run names no labels and the data set has none.
        InvalidInput: the recipe, the labels, the code or the background clips that the run names are not there, or the
            stage's own model is not; or the run is likely to cost more than `max_cost`.
        NoUsableObjects: the source prefix holds nothing that a job can read.
    """
    ledger, store = given.ledger, given.store
    lease = _lease(run, given)
    record = ledger.run(run.dataset, run.run_id)
    if record is not None and record.result is not None:
        if lease is not None:
            ledger.release(run.dataset, run.execution)
        done = record.result.model_copy(update={"outcome": "already-published"})
        return AugmentNothing(outcome="already-published", dataset=run.dataset, run_id=run.run_id, result=done)
    if lease is None:
        held = _skipped(run, ledger)
        return AugmentNothing(
            outcome="skipped" if run.window else "wait", dataset=run.dataset, run_id=run.run_id, result=held
        )
    head = ledger.head(run.dataset)
    if head is not None:
        _finish_publication(run.dataset, head.version, store)
    if record is None or (head is not None and record.number <= head.number):
        labels = _labels(run, ledger)
        record = _new_record(run, labels, head, given.now)
        sources = freeze(record, run.recipe, labels.labels_uri, store)
        record = _priced(record, run, sources, given)
        record = freeze_brought(record, run, store)
        record = freeze_learned(record, run, given.embedding_model, store)
        ledger.start_run(record)
    return _start(run, record, lease.token, given)


def _lease(run: AugmentRun, given: Beginning) -> Lease | None:
    """The lease, or None while its holder runs. One that was stopped has had no state left in which to give it back."""
    lease = given.ledger.acquire(run.dataset, run.run_id, run.execution, given.now, LEASE_SECONDS)
    if lease is not None:
        return lease
    held = given.ledger.lease(run.dataset)
    if held is not None:
        if given.executions.runs(held.execution):
            return None
        given.ledger.release(run.dataset, held.execution)
    return given.ledger.acquire(run.dataset, run.run_id, run.execution, given.now, LEASE_SECONDS)


def mode_of(run: AugmentRun) -> Mode:
    """What the run adds to an earlier version. With the seed that this was made with, `new-sources` leaves out all that
    it holds."""
    return run.mode or ("new-sources" if run.labels_uri and not run.window else "new-variants")


def derived_seed(seed: int, run_id: str) -> int:
    """The seed of `new-variants`: another one for each run, so that random variants differ."""
    return int(digest(str(seed), run_id)[:8], 16)


def _priced(record: RunRecord, run: AugmentRun, sources: int, given: Beginning) -> RunRecord:
    """With what it is estimated to cost, and when its job is stopped.

    Raises:
        InvalidInput: it is likely to cost more than `max_cost`.
    """
    head = given.ledger.head(record.dataset)
    earlier = given.ledger.run(record.dataset, head.run_id) if head and head.run_id else None
    history = earlier.result.took if earlier and earlier.result else None
    work = Work(sources, record.instances, JOB_SECONDS, _looks_before(run, record), history)
    cost = estimated(work, given.machine, run.max_cost)
    return record.model_copy(update={"cost": cost, "deadline_seconds": deadline(work, given.machine, run.max_cost)})


def _looks_before(run: AugmentRun, record: RunRecord) -> bool:
    """Whether a job for fingerprints comes first: a single machine sees all images, so it needs none."""
    return (run.near_duplicates or run.embeddings) and record.instances > 1


def _start(run: AugmentRun, record: RunRecord, token: int, given: Beginning) -> AugmentStart:
    bucket = given.store.bucket
    identity = record.dataset, record.run_id, record.version
    config = augmenting_prefix(record.dataset, record.run_id)
    before = _looks_before(run, record)
    return AugmentStart(
        dataset=record.dataset,
        run_id=record.run_id,
        version=record.version,
        version_uri=S3Uri.of(bucket, version_prefix(record.dataset, record.version)),
        token=token,
        job_name=job_name(given.job_prefix, "augment", *identity),
        fingerprint_job=job_name(given.job_prefix, "fingerprint", *identity) if before else None,
        sources_uri=S3Uri.of(bucket, f"{config}{SOURCES}"),
        config_uri=S3Uri.of(bucket, config),
        fingerprint_arguments=fingerprint_arguments(record, run, given.store) if before else [],
        container_arguments=container_arguments(record),
        run_arguments=run_arguments(record, run, looked=before),
        label_attribute=record.label_attribute,
        seed=record.seed,
        instances=record.instances,
        deadline_seconds=record.deadline_seconds or JOB_SECONDS,
    )


def _new_record(run: AugmentRun, labels: NewestLabels, head: Head | None, now: float) -> RunRecord:
    number = head.number + 1 if head else 1
    mode = mode_of(run) if head else "first"
    return RunRecord(
        dataset=run.dataset,
        run_id=run.run_id,
        number=number,
        version=version_name(number, run.run_id),
        parent=head.version if head else None,
        source_prefix=run.source_prefix or labels.source_prefix,
        label_attribute=run.label_attribute or labels.label_attribute,
        seed=derived_seed(run.seed, run.run_id) if mode == "new-variants" else run.seed,
        seed_given=run.seed,
        mode=mode,
        instances=run.instances,
        started=datetime.fromtimestamp(now, timezone.utc).isoformat(timespec="seconds"),
    )


def _labels(run: AugmentRun, ledger: Ledger) -> NewestLabels:
    newest = ledger.newest_labels(run.dataset)
    if newest is not None and run.labels_uri in (None, newest.labels_uri):
        return newest
    if run.labels_uri is None:
        raise NoLabels(
            f"data set {run.dataset!r} has no labels yet: run the label workflow first, or give labels_uri in the input"
        )
    return NewestLabels(
        dataset=run.dataset,
        run_id=run.run_id,
        labels_uri=run.labels_uri,
        source_prefix=f"raw/{run.dataset}/",
        label_attribute="label",
        collected="",
    )


def _finish_publication(dataset: str, version: str, store: ObjectStore) -> None:
    """Writes the marker of a version whose publisher died between the ledger's entry and the marker."""
    key = f"{version_prefix(dataset, version)}{SUCCESS}"
    if not store.exists(key):
        store.write(key, "")


def _skipped(run: AugmentRun, ledger: Ledger) -> AugmentOutput:
    lease = ledger.lease(run.dataset)
    holder = "another run holds the lease"
    if lease is not None:
        until = datetime.fromtimestamp(lease.held_until, timezone.utc).isoformat(timespec="seconds")
        holder = f"run {lease.run_id!r} (execution {lease.execution}) holds the lease until {until}"
    return AugmentOutput(outcome="skipped", dataset=run.dataset, run_id=run.run_id, reason=holder)
