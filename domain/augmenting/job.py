"""What the processing job is given: the files of a run, frozen before it starts, and the engine's command lines.

Only what exists is given. Whether SageMaker copies an empty object is not documented, so there is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from domain.augmenting.learned import words_of_fingerprint, words_of_run
from domain.errors import InvalidInput, NoUsableObjects
from domain.jsonlines import JsonLines, dump_line
from domain.rows import QuarantineRow
from domain.workflow.job_files import input_manifest, job_files
from domain.workflow.ledger import RunRecord
from domain.workflow.names import ASSISTED, WORKERS, augmenting_prefix, version_prefix
from domain.workflow.object_keys import relative_to
from domain.workflow.ports import ObjectStore
from domain.workflow.s3_uri import S3Uri
from domain.workflow.states import AugmentRun

KNOWN, FINGERPRINTS = "known.jsonl", "fingerprints.jsonl"
CODE, BACKGROUNDS = "code/", "backgrounds/"
PASSED_OVER = "passed-over.jsonl"
SOURCES = "input.manifest"
_TOLD = 5
_INPUT, _OUTPUT = "/opt/ml/processing/input", "/opt/ml/processing/output"
_CONFIG = f"{_INPUT}/config"
STEP_SECONDS = 60
"""The longest that a custom step may take for one image; the job would wait for one that hangs until its own end."""
_HOST = ["--host-config", "/opt/ml/config/resourceconfig.json"]


def freeze(record: RunRecord, recipe: str, labels_uri: S3Uri, store: ObjectStore) -> int:
    """Copies what the job reads, so that a second attempt reads the same, and lists the images that it can read; how
    many those are.

    Raises:
        InvalidInput: the recipe or the labels are not there.
        NoUsableObjects: the source prefix holds nothing that a job can read; the message gives the reasons.
    """
    target = augmenting_prefix(record.dataset, record.run_id)
    _copy("recipe", recipe, f"{target}recipe.yaml", store)
    _copy("labels_uri", labels_uri.key_in(store.bucket, "labels_uri"), f"{target}labels.jsonl", store)
    for name in (WORKERS, ASSISTED):
        beside = f"{labels_uri.key_in(store.bucket).rpartition('/')[0]}/{name}"
        if store.exists(beside):
            store.copy(beside, f"{target}{name}")
    if record.parent is not None:
        parent = version_prefix(record.dataset, record.parent)
        store.copy(f"{parent}manifest.jsonl", f"{target}{KNOWN}")
        # Only a version in which near-duplicates were kept together has fingerprints.
        if store.exists(f"{parent}{FINGERPRINTS}"):
            store.copy(f"{parent}{FINGERPRINTS}", f"{target}{FINGERPRINTS}")
    return _list_sources(record, target, store)


def fingerprint_arguments(record: RunRecord, run: AugmentRun, store: ObjectStore) -> list[str]:
    """The engine's command line of the job that comes first where several machines each see a part of the images."""
    earlier = f"{augmenting_prefix(record.dataset, record.run_id)}{FINGERPRINTS}"
    given = ["--earlier", f"{_CONFIG}/{FINGERPRINTS}"] if store.exists(earlier) else []
    given += words_of_fingerprint(record, run, store)
    return ["fingerprint", "--input", _images(record), "--output", _OUTPUT, *given, *_HOST]


def container_arguments(record: RunRecord) -> list[str]:
    """What starts the engine is told to bring along: the file with the custom steps, if the run has one."""
    if record.code is None or record.code_sha256 is None:
        return []
    file = f"{_CONFIG}/{CODE}{record.code_sha256[:16]}/{record.code}"
    return ["--code", file, "--code-sha256", record.code_sha256]


def run_arguments(record: RunRecord, run: AugmentRun, *, looked: bool) -> list[str]:
    """The engine's command line; `looked`: a job before has left fingerprints, and embeddings if the run wants any."""
    known = ["--known", f"{_CONFIG}/{KNOWN}"] if record.parent is not None else []
    given = ["--fingerprints", f"{_CONFIG}/fingerprints"] if looked and run.near_duplicates else []
    read = ["--recipe", f"{_CONFIG}/recipe.yaml", "--input", _images(record), "--labels", f"{_CONFIG}/labels.jsonl"]
    if record.code is not None:
        given += ["--allow-custom", "--step-seconds", str(STEP_SECONDS)]
    if record.backgrounds_sha256 is not None:
        given += ["--backgrounds", f"{_CONFIG}/{BACKGROUNDS}{record.backgrounds_sha256[:16]}"]
    given += words_of_run(record, run, embedded=looked)
    return ["run", *read, *known, *given, "--output", _OUTPUT, "--seed", str(record.seed), *_HOST]


def passed_over(record: RunRecord, store: ObjectStore) -> Iterator[QuarantineRow]:
    """The objects of the source prefix that no job could read."""
    key = f"{augmenting_prefix(record.dataset, record.run_id)}{PASSED_OVER}"
    return iter(JsonLines[QuarantineRow](store.lines(key), PASSED_OVER)) if store.exists(key) else iter(())


def _images(record: RunRecord) -> str:
    return f"{_INPUT}/images/{record.source_prefix.removesuffix('/')}"


def _list_sources(record: RunRecord, target: str, store: ObjectStore) -> int:
    files = list(job_files(store.list_objects(record.source_prefix)))
    left_out: list[QuarantineRow] = [
        {"source": relative_to(item.key, record.source_prefix), "stage": "read", "reason": problem}
        for item, problem in files
        if problem
    ]
    if len(left_out) == len(files):
        raise NoUsableObjects(_nothing_usable(left_out, f"s3://{store.bucket}/{record.source_prefix}"))
    readable = (item.key for item, problem in files if not problem)
    store.write_pieces(f"{target}{SOURCES}", input_manifest(readable, store.bucket))
    if left_out:
        store.write_pieces(f"{target}{PASSED_OVER}", (f"{dump_line(row)}\n" for row in left_out))
    return len(files) - len(left_out)


def _nothing_usable(left_out: Sequence[QuarantineRow], place: str) -> str:
    found = "; ".join(f"{row['source']!r} {row['reason']}" for row in left_out[:_TOLD])
    more = f"; and {len(left_out) - _TOLD:,} more" if len(left_out) > _TOLD else ""
    return f"{place} holds nothing that a job can read: {found or 'it is empty'}{more}"


def _copy(field: str, source: str, target: str, store: ObjectStore) -> None:
    if not store.exists(source):
        raise InvalidInput(f"{field}: there is no s3://{store.bucket}/{source}")
    store.copy(source, target)
