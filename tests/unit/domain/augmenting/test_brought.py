"""What a run brought along stays as it was when the run began, whatever becomes of the bucket."""

from __future__ import annotations

import hashlib
import json

import pytest

from domain.augmenting.begin import Beginning, begin
from domain.errors import InvalidInput
from domain.labels.rows import LabelRow, write_labels
from domain.workflow.brought import freeze_code
from domain.workflow.states import AugmentRun, AugmentStart
from tests.support.builders.runs import any_augment_run, any_newest_labels
from tests.support.fakes.ledger import MemoryLedger
from tests.support.fakes.state_machine import MemoryExecutions
from tests.support.fakes.store import MemoryStore

FROZEN = "augmenting/faces/run-1/"
STEPS = "def tint(image, rng):\n    return image\n"
DIGEST = hashlib.sha256(STEPS.encode()).hexdigest()
NOISE = """
name: clips
splits: {train: 1, val: 0, test: 0}
steps:
  - {op: background_noise, folder: street}
  - one_of: [{steps: []}, {steps: [{op: background_noise, folder: rooms/}]}]
  - export: noisy
"""


class World:
    def __init__(self) -> None:
        row = LabelRow(source="a.wav", source_ref="s3://x/a.wav", status="labeled", label="any", labels=("any",))
        self.store = MemoryStore(
            objects={
                "recipes/faces.yaml": NOISE,
                "labels/faces/run-1/labels.jsonl": write_labels([row]),
                "raw/faces/a.wav": "a",
                "code/my_steps.py": STEPS,
                "backgrounds/city/street/1.wav": "one",
                "backgrounds/city/street/.DS_Store": "no clip",
                "backgrounds/city/rooms/deep/2.flac": "two",
                "backgrounds/city/unused/3.wav": "three",
            }
        )
        self.ledger = MemoryLedger()
        self.ledger.record_labels(any_newest_labels())

    def begin(self, run: AugmentRun) -> AugmentStart:
        begun = begin(run, Beginning(self.ledger, self.store, MemoryExecutions(), "kempelen-dev-", 1_790_000_000.0))
        assert isinstance(begun, AugmentStart)
        return begun

    def frozen(self, folder: str) -> dict[str, str]:
        root = f"{FROZEN}{folder}"
        return {key.removeprefix(root): text for key, text in self.store.objects.items() if key.startswith(root)}


def with_code() -> AugmentRun:
    return any_augment_run(run_id="run-1", code="code/my_steps.py")


def with_clips() -> AugmentRun:
    return any_augment_run(run_id="run-1", backgrounds="backgrounds/city/")


def after(words: list[str], option: str) -> str:
    return words[words.index(option) + 1]


def test_the_code_is_copied_and_told_with_its_digest() -> None:
    world = World()
    begun = world.begin(with_code())
    assert world.frozen("code/") == {f"{DIGEST[:16]}/my_steps.py": STEPS}
    where = f"/opt/ml/processing/input/config/code/{DIGEST[:16]}/my_steps.py"
    assert begun.container_arguments == ["--code", where, "--code-sha256", DIGEST]
    assert "--allow-custom" in begun.run_arguments
    assert after(begun.run_arguments, "--step-seconds") == "60"
    record = world.ledger.run("faces", "run-1")
    assert record is not None
    assert (record.code, record.code_sha256) == ("my_steps.py", DIGEST)


def test_the_clips_of_the_recipes_folders_are_copied_and_listed() -> None:
    world = World()
    begun = world.begin(with_clips())
    record = world.ledger.run("faces", "run-1")
    assert record is not None
    digest = record.backgrounds_sha256 or ""
    folder = digest[:16]
    assert after(begun.run_arguments, "--backgrounds") == f"/opt/ml/processing/input/config/backgrounds/{folder}"
    listing = world.frozen("backgrounds/").pop(f"{folder}.jsonl")
    assert hashlib.sha256(listing.encode()).hexdigest() == digest
    rows = [json.loads(line) for line in listing.splitlines()]
    assert [(row["clip"], row["size"]) for row in rows] == [("rooms/deep/2.flac", 3), ("street/1.wav", 3)]
    assert all(row["etag"] for row in rows)
    copies = {name: text for name, text in world.frozen("backgrounds/").items() if not name.endswith(".jsonl")}
    assert copies == {f"{folder}/rooms/deep/2.flac": "two", f"{folder}/street/1.wav": "one"}


def test_what_changes_in_the_bucket_changes_no_run_that_has_begun() -> None:
    for run in (with_code(), with_clips()):
        world = World()
        first = world.begin(run)
        frozen = world.frozen("")
        world.store.objects |= {"code/my_steps.py": "raise SystemExit", "backgrounds/city/street/1.wav": "other"}
        del world.store.objects["backgrounds/city/rooms/deep/2.flac"]
        again = world.begin(run)
        assert (again.run_arguments, again.container_arguments) == (first.run_arguments, first.container_arguments)
        assert world.frozen("") == frozen


def test_what_a_dead_beginning_has_left_is_in_another_folder() -> None:
    world = World()
    world.store.crash_before = "street/1.wav"
    with pytest.raises(TimeoutError):
        world.begin(with_clips())
    world.store.objects["backgrounds/city/street/9.wav"] = "nine"
    del world.store.objects["backgrounds/city/rooms/deep/2.flac"]
    world.store.objects["backgrounds/city/rooms/4.wav"] = "four"
    begun = world.begin(with_clips())
    folder = after(begun.run_arguments, "--backgrounds").rsplit("/", 1)[-1]
    assert set(world.frozen(f"backgrounds/{folder}/")) == {"rooms/4.wav", "street/1.wav", "street/9.wav"}


class Changing(MemoryStore):
    """Somebody uploads another clip while the first one is copied."""

    def copy(self, source: str, target: str) -> None:
        super().copy(source, target)
        if source.startswith("backgrounds/"):
            self.objects["backgrounds/city/street/1.wav"] = "another"


def test_clips_that_change_while_they_are_copied_are_refused() -> None:
    world = World()
    world.store = Changing(objects=world.store.objects)
    with pytest.raises(InvalidInput, match=r"^backgrounds: clips below .* were changed while the run began; start the"):
        world.begin(with_clips())
    assert world.ledger.run("faces", "run-1") is None


class Replacing(MemoryStore):
    """Somebody uploads other code between its check and its copy."""

    def copy(self, source: str, target: str) -> None:
        self.objects["code/my_steps.py"] = "raise SystemExit"
        super().copy(source, target)


def test_code_that_is_replaced_after_its_check_is_refused_and_never_taken_for_it() -> None:
    store = Replacing(objects={"code/my_steps.py": STEPS})
    with pytest.raises(
        InvalidInput, match=r"^code: .*/my_steps\.py was changed while it was read; start the run again"
    ):
        freeze_code("code/my_steps.py", STEPS.encode(), store)
    whole = MemoryStore(objects={**store.objects, "code/my_steps.py": STEPS})
    assert whole.objects[freeze_code("code/my_steps.py", STEPS.encode(), whole)] == STEPS


def test_a_run_that_brings_nothing_is_told_nothing() -> None:
    begun = World().begin(any_augment_run(run_id="run-1"))
    assert begun.container_arguments == []
    assert not {"--allow-custom", "--step-seconds", "--backgrounds"} & set(begun.run_arguments)
