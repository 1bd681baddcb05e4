"""Outputs are written several at a time: however many wait, the same files and rows come out, and a source is whole."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from augmentation.run import write_buffer
from augmentation.run.augmenter import Augmenter
from augmentation.run.result import SourceResult
from augmentation.run.samples import Samples
from augmentation.run.write_buffer import Encoded, WriteBuffer
from domain.plan.plan import Plan, make_plan
from domain.recipe import Recipe
from tests.support.builders.photos import any_label, tree, write_photos

RECIPE = """
name: one
splits: {train: 1, val: 0, test: 0}
steps:
  - {op: resize_crop, width: 8, height: 8}
  - export: small
  - {op: invert}
  - export: negative
"""
SOURCES = ["a.jpg", "b.jpg", "c.jpg"]


@pytest.fixture
def plan() -> Plan:
    return make_plan(Recipe.from_mapping(yaml.safe_load(RECIPE)), [any_label(name) for name in SOURCES], seed=7)


def put(buffer: WriteBuffer, plan: Plan, source: str, result: SourceResult) -> None:
    for output in plan.outputs(source):
        identity = f"{source}{output.chain.digest}"
        buffer.put(source, result, Encoded(output, "jpeg", identity.encode(), (), 1, identity, {}, None))


@pytest.mark.parametrize("held", [1, 100, 1_000_000])
def test_every_output_is_written_with_its_row_in_order(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, held: int
) -> None:
    monkeypatch.setattr(write_buffer, "HELD_BYTES", held)
    buffer, results = WriteBuffer(plan, tmp_path, shards=False), {source: SourceResult() for source in SOURCES}
    for source, result in results.items():
        put(buffer, plan, source, result)
    buffer.write()
    rows = [row for result in results.values() for row in result.rows]
    assert [(row["source"], row["export"]) for row in rows] == [
        (source, export) for source in SOURCES for export in ("small", "negative")
    ]
    written = tree(tmp_path)
    assert {row["path"]: row["identity"].encode() for row in rows} == written


def test_outputs_wait_for_one_another(plan: Plan, tmp_path: Path) -> None:
    buffer, result = WriteBuffer(plan, tmp_path, shards=False), SourceResult()
    put(buffer, plan, "a.jpg", result)
    assert not tree(tmp_path)
    assert not result.rows
    buffer.write()
    assert len(tree(tmp_path)) == len(result.rows) == 2


@pytest.mark.parametrize("held", [1, 1_000_000])
def test_what_is_taken_back_leaves_nothing_and_its_neighbors_stay(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, held: int
) -> None:
    monkeypatch.setattr(write_buffer, "HELD_BYTES", held)
    buffer, results = WriteBuffer(plan, tmp_path, shards=False), [SourceResult() for _ in SOURCES]
    put(buffer, plan, "a.jpg", results[0])
    put(buffer, plan, "b.jpg", results[1])
    buffer.take_back(results[1].rows)
    put(buffer, plan, "c.jpg", results[2])
    buffer.write()
    kept = {row["path"] for result in (results[0], results[2]) for row in result.rows}
    assert set(tree(tmp_path)) == kept
    assert len(kept) == 4


def test_a_failed_write_costs_no_output_of_another_source(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, failures = write_buffer.write_output, [MemoryError()]

    def write_output(path: str, data: bytes) -> None:
        if failures:
            raise failures.pop()
        real(path, data)

    monkeypatch.setattr(write_buffer, "write_output", write_output)
    buffer, result = WriteBuffer(plan, tmp_path, shards=False), SourceResult()
    put(buffer, plan, "a.jpg", result)
    with pytest.raises(MemoryError):
        buffer.write()
    buffer.write()
    assert len(tree(tmp_path)) == len(result.rows) == 2


def test_shards_get_the_bytes_in_the_order_of_the_rows(plan: Plan, tmp_path: Path) -> None:
    buffer, result = WriteBuffer(plan, tmp_path, shards=True), SourceResult()
    put(buffer, plan, "a.jpg", result)
    buffer.write()
    assert [row["identity"].encode() for row in result.rows] == result.files
    assert not tree(tmp_path)


def test_an_augmenter_makes_the_same_however_much_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    labels = write_photos(tmp_path / "in", 6)
    plan = make_plan(Recipe.from_mapping(yaml.safe_load(RECIPE)), labels, seed=7)
    found = []
    for held in (1, 1_000_000):
        monkeypatch.setattr(write_buffer, "HELD_BYTES", held)
        folder = tmp_path / f"out{held}"
        augmenter = Augmenter(plan, tmp_path / "in", folder, samples=Samples(frozenset({labels[0].source})))
        found.append((augmenter.augment([row.source for row in labels]), tree(folder)))
    assert found[0] == found[1]
    sample = found[0][0][0].sample
    assert sample is not None
    assert [shown["export"] for shown in sample["outputs"]] == ["small", "negative"]
