"""The end of an augmentation run: put the parts together and make the version visible, whole or not at all."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from pydantic import BaseModel

from domain.augmenting.begin import SUCCESS
from domain.augmenting.job import KNOWN, passed_over
from domain.dataset_version import ParentVersion, Part, VersionContext, assemble
from domain.errors import LeaseLost, NotFound, VersionIncomplete
from domain.jsonlines import JsonLines, Repeatable
from domain.labels.assisted import Assisted
from domain.labels.merged import merged
from domain.labels.rows import LabelLines
from domain.labels.workers import Workers
from domain.recipe.yaml_reader import read_recipe
from domain.report import Usage
from domain.rows import ManifestRow
from domain.workflow.inputs import AugmentOutput, Took
from domain.workflow.ledger import RunRecord
from domain.workflow.names import ASSISTED, WORKERS, augmenting_prefix, version_prefix
from domain.workflow.ports import Ledger, ObjectStore
from domain.workflow.run_cost import NO_MACHINE, Machine, took
from domain.workflow.s3_uri import S3Uri
from domain.workflow.states import AugmentStart, JobTimes

Told = TypeVar("Told", bound=BaseModel)


def publish(
    begun: AugmentStart,
    ledger: Ledger,
    store: ObjectStore,
    machine: Machine = NO_MACHINE,
    times: Sequence[JobTimes | None] = (),
) -> AugmentOutput:
    """Publishes the version that the run began; doing it again gives the same answer. `times`: of its jobs, on as many
    of `machine` as it has instances.

    All files are written first; the ledger's entry, conditional on the fencing token, is the point of no return; the
    marker `_SUCCESS` follows it. A run that dies between the two is finished by the next run of the data set.

    Raises:
        LeaseLost: another run has taken the lease over; nothing of this version is visible.
        VersionIncomplete: the parts of some hosts are missing.
    """
    record = ledger.run(begun.dataset, begun.run_id)
    if record is None or record.version != begun.version:
        raise LeaseLost(f"the ledger does not know run {begun.run_id!r} as the maker of version {begun.version}")
    prefix = version_prefix(begun.dataset, begun.version)
    result = record.result
    if result is None:
        result = _write_files(begun, record, store, _Spent(machine, times))
        ledger.publish(record, begun.token, result)
    store.write(f"{prefix}{SUCCESS}", "")
    store.delete(item.key for item in store.list_objects(f"{prefix}parts/"))
    return result


@dataclass(frozen=True)
class _Spent:
    machine: Machine
    times: Sequence[JobTimes | None]

    def of(self, usage: Usage | None, begun: AugmentStart) -> Took | None:
        """What the run took; None where the engine did not take its time."""
        if usage is None:
            return None
        jobs = [times.seconds for times in self.times if times is not None]
        known = [seconds for seconds in jobs if seconds is not None]
        work = Took(
            instance_type=usage.instance_type or self.machine.instance_type,
            instances=begun.instances,
            sources=usage.sources,
            host_seconds=usage.host_seconds,
            billed_seconds=begun.instances * sum(known) if known and len(known) == len(jobs) else None,
        )
        return took(work, replace(self.machine, instance_type=work.instance_type))


def _write_files(begun: AugmentStart, record: RunRecord, store: ObjectStore, spent: _Spent) -> AugmentOutput:
    config = augmenting_prefix(begun.dataset, begun.run_id)
    found = _parts(begun, store)
    recipe_text = store.read(f"{config}recipe.yaml")
    recipe = read_recipe(recipe_text, "recipe.yaml")
    usage = Usage.of(part.facts for part in found)
    work = spent.of(usage, begun)
    if usage is not None and work is not None:
        usage = replace(usage, region=spent.machine.region, took=work, estimate=record.cost)
    context = VersionContext(
        dataset=begun.dataset,
        version=begun.version,
        run_id=begun.run_id,
        uri=begun.version_uri,
        created=record.started,
        recipe_text=recipe_text,
        label_attribute=record.label_attribute,
        labels=merged(LabelLines(Repeatable(lambda: store.lines(f"{config}labels.jsonl"))), recipe.new_names),
        parent=_parent(record, store),
        seed_given=record.seed_given,
        mode=record.mode or None,
        brought=_brought(record),
        usage=usage,
        passed_over=passed_over(record, store),
        workers=_beside(f"{config}{WORKERS}", Workers, store),
        assisted=_beside(f"{config}{ASSISTED}", Assisted, store),
    )
    prefix = version_prefix(begun.dataset, begun.version)
    summary = assemble(found, context, lambda name, pieces: store.write_pieces(prefix + name, pieces))
    return AugmentOutput(
        outcome="published",
        dataset=begun.dataset,
        run_id=begun.run_id,
        version=begun.version,
        mode=record.mode,
        uri=begun.version_uri,
        outputs=summary.outputs,
        quarantined=summary.quarantined,
        splits=dict(summary.splits),
        exports=dict(summary.exports),
        classes=dict(summary.classes),
        report_uri=f"{begun.version_uri}report.html",
        cost=record.cost,
        took=work,
    )


def _beside(key: str, model: type[Told], store: ObjectStore) -> Told | None:
    """What lay beside the labels when the run began."""
    text = store.find(key)
    return model.model_validate_json(text) if text else None


def _brought(record: RunRecord) -> dict[str, str]:
    digests = {"code_sha256": record.code_sha256, "backgrounds_sha256": record.backgrounds_sha256}
    return {name: digest for name, digest in digests.items() if digest is not None}


def _parts(begun: AugmentStart, store: ObjectStore) -> list[Part]:
    """One part a host, in the order of the hosts' names."""
    root = f"{version_prefix(begun.dataset, begun.version)}parts/"
    files: dict[str, dict[str, Repeatable[str]]] = defaultdict(dict)
    for item in store.list_objects(root):
        host, _, name = item.key[len(root) :].partition("/")
        files[host][name] = Repeatable(partial(store.lines, item.key))
    whole = {host: own for host, own in files.items() if "part.json" in own}
    if len(whole) != begun.instances:
        raise VersionIncomplete(
            f"{begun.version_uri}parts/ holds the parts of {len(whole)} of {begun.instances} instances "
            f"({', '.join(sorted(whole)) or 'none'}); see the processing job's log, then start another run"
        )
    facts = dict(store.read_all(f"{root}{host}/part.json" for host in whole))
    return [Part.from_files(whole[host], facts[f"{root}{host}/part.json"]) for host in sorted(whole)]


def _parent(record: RunRecord, store: ObjectStore) -> ParentVersion | None:
    """The parent with its manifest as it was frozen when the run began."""
    if record.parent is None:
        return None
    uri = S3Uri.of(store.bucket, version_prefix(record.dataset, record.parent))
    key = f"{augmenting_prefix(record.dataset, record.run_id)}{KNOWN}"
    if not store.exists(key):
        raise NotFound(f"s3://{store.bucket}/{key} is gone: the parent's manifest was frozen there when the run began")
    rows = JsonLines[ManifestRow](Repeatable(lambda: store.lines(key)), "the parent's manifest.jsonl")
    about = json.loads(store.find(f"{version_prefix(record.dataset, record.parent)}dataset.json") or "{}")
    return ParentVersion(record.parent, uri, rows, about.get("libraries", {}))
