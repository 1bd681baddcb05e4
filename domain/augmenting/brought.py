"""Copies of what a run brings along, below folders that are named for their content.

A beginning that died has left copies of what was there at the time. They lie in another folder if somebody has changed
anything since, so the job reads none of them.
"""

from __future__ import annotations

import hashlib

from domain.augmenting.job import BACKGROUNDS, CODE
from domain.errors import InvalidInput
from domain.recipe.yaml_reader import read_recipe
from domain.workflow.brought import clips_of, listing_of, read_code
from domain.workflow.ledger import RunRecord
from domain.workflow.names import augmenting_prefix
from domain.workflow.object_keys import relative_to
from domain.workflow.ports import ObjectStore
from domain.workflow.states import AugmentRun


def freeze_brought(record: RunRecord, run: AugmentRun, store: ObjectStore) -> RunRecord:
    """The record with the digests of what was copied: what changes in the bucket from now on changes no job of the run.

    Raises:
        InvalidInput: the code or the clips are not there any more, or were changed meanwhile.
    """
    target = augmenting_prefix(record.dataset, record.run_id)
    found: dict[str, str] = {}
    if run.code is not None:
        found["code"] = run.code.rsplit("/", 1)[-1]
        found["code_sha256"] = _freeze_code(run.code, f"{target}{CODE}", store)
    if run.backgrounds is not None:
        found["backgrounds_sha256"] = _freeze_clips(run.backgrounds, target, store)
    return record.model_copy(update=found)


def _freeze_code(key: str, target: str, store: ObjectStore) -> str:
    digest = hashlib.sha256(read_code(key, store)).hexdigest()
    copy = f"{target}{digest[:16]}/{key.rsplit('/', 1)[-1]}"
    store.copy(key, copy)
    if hashlib.sha256(store.read_bytes(copy)).hexdigest() != digest:
        raise InvalidInput(f"code: s3://{store.bucket}/{key} was changed while the run began; start the run again")
    return digest


def _freeze_clips(prefix: str, target: str, store: ObjectStore) -> str:
    recipe = read_recipe(store.read(f"{target}recipe.yaml"), "recipe.yaml")
    clips = clips_of(prefix, recipe, store)
    listing = listing_of(clips, prefix)
    digest = hashlib.sha256(listing.encode()).hexdigest()
    folder = f"{target}{BACKGROUNDS}{digest[:16]}"
    for item in clips:
        store.copy(item.key, f"{folder}/{relative_to(item.key, prefix)}")
    if listing_of(clips_of(prefix, recipe, store), prefix) != listing:
        raise InvalidInput(
            f"backgrounds: clips below s3://{store.bucket}/{prefix} were changed while the run began; "
            "start the run again"
        )
    store.write(f"{folder}.jsonl", listing)
    return digest
