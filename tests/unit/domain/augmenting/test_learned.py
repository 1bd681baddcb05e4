"""Embeddings and the doctor in a run: what its jobs are given, and a model that cannot be used ends it at once."""

from __future__ import annotations

import json
from typing import Any

import pytest

from domain.augmenting.begin import Beginning, begin
from domain.errors import InvalidInput
from domain.labels.rows import LabelRow, write_labels
from domain.workflow.states import AugmentStart
from tests.support.builders.runs import any_augment_run, any_label_run, any_newest_labels
from tests.support.fakes.ledger import MemoryLedger
from tests.support.fakes.state_machine import MemoryExecutions
from tests.support.fakes.store import MemoryStore

CONFIG = "/opt/ml/processing/input/config"
DIGEST = "ab" * 32
CARD = json.dumps({"side": 224, "sha256": DIGEST})
PLACE = f"model/{DIGEST[:16]}/ours"


def any_store(**objects: str) -> MemoryStore:
    row = LabelRow(source="a.jpg", source_ref="s3://x/a.jpg", status="labeled", label="open", labels=("open",))
    there = {"recipes/faces.yaml": "name: r", "labels/faces/run-1/labels.jsonl": write_labels([row])}
    return MemoryStore(objects={**there, "raw/faces/a.jpg": "a", **objects})


def begun(store: MemoryStore, model: str = "", *, embeddings: bool = False, **fields: Any) -> AugmentStart:
    ledger = MemoryLedger()
    ledger.record_labels(any_newest_labels())
    run = any_augment_run(run_id="run-1", **fields).model_copy(update={"embeddings": embeddings})
    found = begin(run, Beginning(ledger, store, MemoryExecutions(), "kempelen-dev-", 1_790_000_000.0, model))
    assert isinstance(found, AugmentStart)
    return found


def after(words: list[str], option: str) -> str:
    return words[words.index(option) + 1]


def test_a_run_that_wants_neither_is_given_nothing_of_it() -> None:
    store = any_store(**{"models/ours.onnx": "model", "models/ours.json": CARD})
    start = begun(store, "models/ours.onnx")
    assert not {"--embed", "--embeddings", "--embedding", "--doctor"} & {
        *start.run_arguments,
        *start.fingerprint_arguments,
    }
    assert not [key for key in store.objects if key.startswith("augmenting/faces/run-1/model/")]
    assert start.fingerprint_job is None


def test_one_machine_makes_the_embeddings_and_asks_the_doctor_itself() -> None:
    start = begun(any_store(), embeddings=True, doctor="report", instances=1)
    assert start.fingerprint_job is None
    assert "--doctor" in start.run_arguments
    assert "--embeddings" not in start.run_arguments


def test_of_several_machines_each_embeds_its_own_images_in_the_job_before() -> None:
    start = begun(any_store(), embeddings=True, instances=3)
    assert start.fingerprint_job is not None
    assert "--embed" in start.fingerprint_arguments
    assert after(start.run_arguments, "--embeddings") == f"{CONFIG}/fingerprints"
    assert "--fingerprints" not in start.run_arguments  # the recipe keeps no near-duplicates together


def test_the_stages_own_model_is_copied_with_its_card_and_named_to_both_jobs() -> None:
    store = any_store(**{"models/ours.onnx": "model", "models/ours.json": CARD})
    start = begun(store, "models/ours.onnx", embeddings=True, instances=2)
    assert store.objects[f"augmenting/faces/run-1/{PLACE}.onnx"] == "model"
    assert store.objects[f"augmenting/faces/run-1/{PLACE}.json"] == CARD
    for words in (start.run_arguments, start.fingerprint_arguments):
        assert after(words, "--embedding") == f"{CONFIG}/{PLACE}.onnx"


@pytest.mark.parametrize(
    ("objects", "reason"),
    [
        ({}, r"the setting learning\.model: there is no s3://data-bucket/models/ours\.onnx; upload the file first"),
        ({"models/ours.onnx": "model"}, r"there is no s3://data-bucket/models/ours\.json"),
        (
            {"models/ours.onnx": "model", "models/ours.json": '{"side": 8}'},
            r"ours\.json: side: .*; sha256: Field required",
        ),
    ],
)
def test_a_model_that_is_missing_or_has_a_wrong_card_ends_the_run_before_a_machine_starts(
    objects: dict[str, str], reason: str
) -> None:
    with pytest.raises(InvalidInput, match=reason):
        begun(any_store(**objects), "models/ours.onnx", embeddings=True)


def test_no_argument_is_longer_than_a_processing_job_takes() -> None:
    name = f"{'x' * (200 - len('models/.onnx'))}"
    store = any_store(**{f"models/{name}.onnx": "model", f"models/{name}.json": CARD})
    assert max(map(len, begun(store, f"models/{name}.onnx", embeddings=True).run_arguments)) <= 256


def test_the_doctor_looks_on_one_machine() -> None:
    with pytest.raises(InvalidInput, match="doctor: it looks at all files on one machine, and instances is 2"):
        any_augment_run(doctor="report", instances=2)
    with pytest.raises(InvalidInput, match="doctor: it looks at all files on one machine, and instances is 2"):
        any_label_run(doctor="report", instances=2)
    with pytest.raises(InvalidInput, match="doctor"):
        any_augment_run(doctor="cure", instances=1)
