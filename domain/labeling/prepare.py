"""What a labeling job reads, written once for each run: a second start finds the files of the first, and uses them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timezone

from domain.errors import InvalidInput, NoUsableObjects
from domain.labeling.earlier import RunFile, earlier_labels, question_of
from domain.labeling.input_manifest import Manifest, build_manifest, categories_document
from domain.labels.rows import LabelRow, write_labels
from domain.task_types import task_type
from domain.workflow.names import digest, etags_key, labeling_prefix, reused_key, run_file_key
from domain.workflow.ports import ObjectStore
from domain.workflow.s3_uri import S3Uri
from domain.workflow.states import BuiltManifest, LabelRun


def prepare(run: LabelRun, template: str, store: ObjectStore) -> BuiltManifest:
    """Writes manifest, categories, worker template, rejections and earlier labels under the run's own prefix.

    Raises:
        NoUsableObjects: nothing under the source prefix can be labeled; the message gives the reasons.
        ManifestTooLarge: there is more than one job can take.
        InvalidInput: the run id was used for another question or another source before.
    """
    prefix = labeling_prefix(run.dataset, run.run_id)
    fingerprint = _fingerprint(run)
    first_start = store.find(run_file_key(run.dataset, run.run_id))
    if first_start is not None:
        return _reuse(RunFile.model_validate_json(first_start), fingerprint, run)
    listing, endings = store.list_objects(run.source_prefix), task_type(run.task.type).endings
    labeled = earlier_labels(run, store)
    manifest = build_manifest(listing, store.bucket, run.source_prefix, endings, labeled=labeled)
    if not manifest.accepted and not manifest.reused:
        raise NoUsableObjects(_nothing_usable(manifest, store.bucket, run.source_prefix))
    built = _built(manifest, S3Uri.of(store.bucket, prefix))
    store.write(f"{prefix}input.manifest", manifest.manifest_text())
    store.write(f"{prefix}rejected.jsonl", manifest.rejected_text())
    store.write(f"{prefix}categories.json", json.dumps(categories_document(run.task.labels)))
    store.write(f"{prefix}template.liquid.html", template)
    store.write(etags_key(run.dataset, run.run_id), manifest.etags_text())
    if manifest.reused:
        store.write(reused_key(run.dataset, run.run_id), write_labels(_reused(manifest, labeled)))
    asked = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
    done = RunFile(fingerprint=fingerprint, built=built, question=question_of(run.task), asked=asked)
    store.write(run_file_key(run.dataset, run.run_id), done.model_dump_json())
    return built


def _reused(manifest: Manifest, labeled: Mapping[tuple[str, str], LabelRow]) -> Iterator[LabelRow]:
    """The earlier run may have had another source prefix."""
    return (labeled[item.source_ref, item.etag].model_copy(update={"source": item.source}) for item in manifest.reused)


def prepared(run: LabelRun, store: ObjectStore) -> BuiltManifest | None:
    """What `prepare` wrote for the run, if it was ever made ready."""
    text = store.find(run_file_key(run.dataset, run.run_id))
    return RunFile.model_validate_json(text).built if text else None


def _built(manifest: Manifest, root: S3Uri) -> BuiltManifest:
    return BuiltManifest(
        manifest_uri=S3Uri(f"{root}input.manifest"),
        categories_uri=S3Uri(f"{root}categories.json"),
        template_uri=S3Uri(f"{root}template.liquid.html"),
        rejected_uri=S3Uri(f"{root}rejected.jsonl"),
        output_uri=S3Uri(f"{root}output"),
        objects=len(manifest.accepted) + len(manifest.rejected) + len(manifest.reused),
        accepted=len(manifest.accepted),
        rejected=len(manifest.rejected),
        reused=len(manifest.reused),
    )


_ADDED_LATER = (
    *("max_labeled_objects", "max_labeled_percent"),
    *("full_instructions", "examples", "label_descriptions", "max_concurrent_tasks", "automated_labeling"),
)
"""Runs of the time before them keep their fingerprint."""


def _fingerprint(run: LabelRun) -> str:
    unset = {name for name in _ADDED_LATER if not getattr(run.task, name)}
    return digest(run.source_prefix, run.task.model_dump_json(exclude={"relabel", "max_cost", *unset}))


def _reuse(earlier: RunFile, fingerprint: str, run: LabelRun) -> BuiltManifest:
    if earlier.fingerprint != fingerprint:
        raise InvalidInput(
            f"run_id: {run.run_id!r} was used before for data set {run.dataset!r} with another task or source_prefix; "
            "use another run_id"
        )
    return earlier.built


def _nothing_usable(manifest: Manifest, bucket: str, prefix: str) -> str:
    found = "; ".join(f"{item.source!r} {item.reason}" for item in manifest.rejected[:5])
    rest = len(manifest.rejected) - 5
    more = f"; and {rest} more" if rest > 0 else ""
    return f"s3://{bucket}/{prefix} holds nothing that can be labeled: {found or 'it is empty'}{more}"
