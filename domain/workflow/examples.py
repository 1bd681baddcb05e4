"""The pictures of a task's instructions: looked at before anybody labels, and kept as they were."""

from __future__ import annotations

import hashlib

from domain.errors import InvalidInput
from domain.workflow.inputs import Example, LabelingTask
from domain.workflow.ports import ObjectStore
from domain.workflow.s3_uri import S3Uri

FROZEN = "instructions/frozen/"
LIMIT_BYTES = 2 * 1024 * 1024
"""A page shows up to eight of them, on a phone too."""
_SIGNATURES = {b"\xff\xd8\xff": ".jpg", b"\x89PNG\r\n\x1a\n": ".png"}
"""How a file of each kind begins: ITU-T T.81, B.1.1; www.w3.org/TR/png, 5.2."""


def with_examples_in(task: LabelingTask, bucket: str) -> LabelingTask:
    """With each picture named by its URI."""
    named = [
        example if example.image.startswith("s3://") else _at(example, S3Uri.of(bucket, example.image))
        for example in task.examples
    ]
    return task.model_copy(update={"examples": tuple(named)})


def freeze_examples(task: LabelingTask, store: ObjectStore) -> LabelingTask:
    """The task with a copy of each picture, whose content gives its name: what was checked is what people see.

    Raises:
        InvalidInput: a picture is not there, is no JPEG or PNG, or is too large.
    """
    named = with_examples_in(task, store.bucket).examples
    frozen = [_frozen(example, f"task.examples.{number}", store) for number, example in enumerate(named)]
    return task.model_copy(update={"examples": tuple(frozen)})


def _frozen(example: Example, field: str, store: ObjectStore) -> Example:
    uri = S3Uri(example.image)
    key = uri.key_in(store.bucket, field)
    data = _read(key, f"{field}: {uri}", store)
    ending = next((ending for begin, ending in _SIGNATURES.items() if data.startswith(begin)), None)
    if ending is None:
        raise InvalidInput(f"{field}: {uri} is neither a JPEG nor a PNG image, by its content; convert it")
    copy = f"{FROZEN}{hashlib.sha256(data).hexdigest()[:16]}{ending}"
    if key != copy and not store.exists(copy):
        store.copy(key, copy)
        if store.read_bytes(copy) != data:
            raise InvalidInput(f"{field}: {uri} was changed while it was read; start the run again")
    return _at(example, S3Uri.of(store.bucket, copy))


def _read(key: str, where: str, store: ObjectStore) -> bytes:
    found = next((item for item in store.list_objects(key) if item.key == key), None)
    if found is None:
        raise InvalidInput(f"{where} is not there; upload the picture first")
    if found.archived:
        raise InvalidInput(f"{where} lies in an archive (its storage class); restore it first")
    if found.size > LIMIT_BYTES:
        raise InvalidInput(
            f"{where} has {found.size / 1024 / 1024:.1f} MB, and at most {LIMIT_BYTES // 1024 // 1024} MB are shown; "
            "scale it down"
        )
    return store.read_bytes(key)


def _at(example: Example, uri: S3Uri) -> Example:
    return example.model_copy(update={"image": str(uri)})
