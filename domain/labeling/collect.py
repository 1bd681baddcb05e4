"""The end of a labeling run: write `labels.jsonl`, tell the ledger, report the counts."""

from __future__ import annotations

from datetime import datetime, timezone

from domain.errors import LabelingFailed
from domain.labeling.input_manifest import read_manifest
from domain.labeling.port import Labeler, LabelingResult
from domain.labeling.rows import label_rows
from domain.labels.rows import LabelCounts, count_classes, count_labels, read_labels, write_labels
from domain.workflow.inputs import AUTO, LabelOutput
from domain.workflow.ledger import NewestLabels
from domain.workflow.names import labels_key, reused_key
from domain.workflow.ports import Ledger, ObjectStore
from domain.workflow.s3_uri import S3Uri
from domain.workflow.states import CollectRequest, LabelRun


def collect(request: CollectRequest, labeler: Labeler, store: ObjectStore, ledger: Ledger) -> LabelOutput:
    """Labels of a job that is over, however it ended.

    Raises:
        LabelingFailed: the job failed and nothing was labeled; `labels.jsonl` says so object by object.
    """
    run, built, progress = request.run, request.manifest, request.progress
    manifest = read_manifest(
        store.read(built.manifest_uri.key_in(store.bucket)),
        store.read(built.rejected_uri.key_in(store.bucket)),
        store.bucket,
        run.source_prefix,
    )
    result = labeler.result(run, request.job.name, built) if built.accepted else LabelingResult()
    rows = label_rows(manifest, result, run.task, progress.status)
    if built.reused:
        rows += read_labels(store.read(reused_key(run.dataset, run.run_id)))
    key, counts = labels_key(run.dataset, run.run_id), count_labels(rows)
    store.write(key, write_labels(rows))
    uri = S3Uri.of(store.bucket, key)
    if counts.labeled:
        ledger.record_labels(_newest(run, uri))
    elif progress.status == "Failed":
        raise LabelingFailed(_why(request, counts, uri))
    return LabelOutput(
        dataset=run.dataset,
        run_id=run.run_id,
        labels_uri=uri,
        job_name=request.job.name,
        job_status=progress.status,
        counts=counts,
        classes=dict.fromkeys(run.task.labels, 0) | count_classes(rows),
        reused=built.reused,
        backend="" if run.backend == AUTO else run.backend,
        cost=built.cost,
    )


def _newest(run: LabelRun, uri: S3Uri) -> NewestLabels:
    return NewestLabels(
        dataset=run.dataset,
        run_id=run.run_id,
        labels_uri=uri,
        source_prefix=run.source_prefix,
        label_attribute=run.task.label_attribute,
        collected=datetime.now(timezone.utc).isoformat(timespec="milliseconds"),
    )


def _why(request: CollectRequest, counts: LabelCounts, uri: S3Uri) -> str:
    reason = request.progress.failure_reason or "no reason was given"
    return f"labeling job {request.job.name} failed, none of {counts.objects} objects is labeled: {reason} (see {uri})"
