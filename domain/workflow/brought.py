"""What a run brings along for its recipe, code and background clips: whether it is there, fits, and is needed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator

from domain.errors import InvalidInput
from domain.recipe import Recipe
from domain.recipe.steps.audio import BackgroundNoise
from domain.recipe.steps.custom import customs_of
from domain.recipe.walk import steps_of
from domain.workflow.code_file import LIMIT_BYTES, BadCode, has_name, modules_of
from domain.workflow.job_files import job_files
from domain.workflow.object_keys import is_hidden, key_problem, relative_to
from domain.workflow.ports import ListedObject, ObjectStore

FROZEN = "code/frozen/"
CLIPS_LIMIT, CLIPS_LIMIT_BYTES = 1_000, 2 * 1024**3
"""Each run copies its clips one by one, and each machine of its job reads all of them."""
_ENDINGS = (".flac", ".wav", ".wave")


def read_code(key: str, store: ObjectStore) -> bytes:
    """The file with the code.

    Raises:
        InvalidInput: it is not there, or is too large.
    """
    where = f"code: s3://{store.bucket}/{key}"
    found = next((item for item in store.list_objects(key) if item.key == key), None)
    if found is None:
        raise InvalidInput(f"code: there is no s3://{store.bucket}/{key}; upload the file first")
    if found.archived:
        raise InvalidInput(f"{where} lies in an archive (its storage class); restore it first")
    if found.size > LIMIT_BYTES:
        raise InvalidInput(f"{where} has {found.size:,} bytes; at most {LIMIT_BYTES:,} are taken")
    return store.read_bytes(key)


def check_code(where: str, data: bytes, recipe: Recipe) -> None:
    """Refuses a file that lacks what the recipe's custom steps name; `where` is its URI.

    Raises:
        InvalidInput: the message names the step, and what the file has.
    """
    steps = list(customs_of(recipe.steps))
    if not steps:
        raise InvalidInput(f"code: recipe {recipe.name!r} has no custom step that needs {where}: leave `code` out")
    try:
        modules = modules_of(where.rsplit("/", 1)[-1], data)
    except BadCode as error:
        raise InvalidInput(f"code: {where} {error}") from error
    for step in steps:
        module, _, function = step.custom.partition(":")
        if module not in modules:
            there = ", ".join(sorted(modules)[:5]) or "none"
            raise InvalidInput(
                f"code: {where} has no module {module!r}, which the custom step {step.custom} names; it has: {there}"
            )
        syntax = modules[module]
        if syntax is not None and not has_name(syntax, function):
            raise InvalidInput(f"code: {where} has no {function!r}, which the custom step {step.custom} names")


def freeze_code(key: str, data: bytes, store: ObjectStore) -> str:
    """The key of a copy under a name that its content gives: what was checked is what will run.

    Raises:
        InvalidInput: somebody replaced the file meanwhile.
    """
    if key.startswith(FROZEN):
        return key
    frozen = f"{FROZEN}{hashlib.sha256(data).hexdigest()[:16]}/{key.rsplit('/', 1)[-1]}"
    if not store.exists(frozen) or store.read_bytes(frozen) != data:
        store.copy(key, frozen)
        if store.read_bytes(frozen) != data:
            raise InvalidInput(f"code: s3://{store.bucket}/{key} was changed while it was read; start the run again")
    return frozen


def clips_of(prefix: str, recipe: Recipe, store: ObjectStore) -> list[ListedObject]:
    """The clips below the prefix in the folders that the recipe names, in the order of their keys.

    Raises:
        InvalidInput: the recipe names no folder; one holds no clip, or what is none, or what no job can have.
    """
    folders = sorted({step.folder for _, step in steps_of(recipe.steps) if isinstance(step, BackgroundNoise)})
    if not folders:
        raise InvalidInput(
            f"backgrounds: recipe {recipe.name!r} has no background_noise that needs s3://{store.bucket}/{prefix}: "
            "leave `backgrounds` out"
        )
    clips = {item.key: item for folder in folders for item in _in_folder(prefix, folder, store)}
    size = sum(item.size for item in clips.values())
    if len(clips) > CLIPS_LIMIT or size > CLIPS_LIMIT_BYTES:
        raise InvalidInput(
            f"backgrounds: the recipe's folders below s3://{store.bucket}/{prefix} hold {len(clips):,} clips of "
            f"{size:,} bytes; at most {CLIPS_LIMIT:,} of {CLIPS_LIMIT_BYTES:,} are taken"
        )
    return [clips[key] for key in sorted(clips)]


def listing_of(clips: Iterable[ListedObject], prefix: str) -> str:
    """What the clips are, a line for each: the same text as long as nobody changes one."""
    rows = ({"clip": relative_to(item.key, prefix), "size": item.size, "etag": item.etag} for item in clips)
    return "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)


def _in_folder(prefix: str, folder: str, store: ObjectStore) -> Iterator[ListedObject]:
    problem = key_problem(folder)
    if problem:
        raise InvalidInput(f"backgrounds: the recipe's folder {folder!r} {problem}, so it is none below a prefix")
    below = f"{prefix}{folder.removesuffix('/')}/"
    where = f"backgrounds: s3://{store.bucket}/"
    # As the engine has it: only a file whose own name begins with a dot is passed over.
    found = [item for item in job_files(store.list_objects(below)) if not is_hidden(item[0].key.rsplit("/", 1)[-1])]
    if not found:
        raise InvalidInput(
            f"{where}{below} holds no clip for the recipe's folder {folder!r}; put WAV or FLAC files there"
        )
    for item, trouble in found:
        if not trouble and not item.key.lower().endswith(_ENDINGS):
            trouble = f"is no clip by its name ({', '.join(_ENDINGS)}); take it out"
        if trouble:
            raise InvalidInput(f"{where}{item.key} {trouble}")
        yield item
