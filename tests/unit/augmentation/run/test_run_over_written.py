"""Runs over texts and records: files, rows, tables, quarantine; the same bytes whoever makes them, and corrections."""

from __future__ import annotations

import csv
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

from augmentation.__main__ import main
from domain.labels.records import FieldVerdict
from domain.labels.rows import LabelRow, Vote
from tests.support.builders.photos import ROOT, save_labels, tree

SPLITS = ("train", "val", "test")


def text_of(number: int) -> str:
    return f"<b>Text</b> number {number}, né à Paris\r\n" * (1 + number % 3)


def fields_of(number: int) -> dict[str, Any]:
    return {"id": number, "name": f'Smith, "Jo" {number}', "price": 1.5, "source": "web", "note": None}


def labeled(source: str, label: str, **more: Any) -> LabelRow:
    return LabelRow(
        source=source, source_ref=f"s3://b/{source}", status="labeled", label=label, labels=(label,), **more
    )


def reviewed(number: int, **changed: FieldVerdict) -> LabelRow:
    record = {name: FieldVerdict(verdict="accept", value=value) for name, value in fields_of(number).items()} | changed
    verdicts = {field.verdict for field in record.values()}
    label = "rejected" if "reject" in verdicts else "corrected" if "correct" in verdicts else "accepted"
    return labeled(f"r{number:02}.json", label, record=record, votes=(Vote(worker="ann", label=label, record=record),))


@pytest.fixture
def texts(tmp_path: Path) -> list[LabelRow]:
    (tmp_path / "in").mkdir()
    for number in range(20):
        (tmp_path / f"in/t{number:02}.txt").write_bytes(text_of(number).encode("utf-8-sig" if number % 2 else "utf-8"))
    return [labeled(f"t{number:02}.txt", "good" if number % 4 else "bad", confidence=0.8) for number in range(20)]


@pytest.fixture
def records(tmp_path: Path) -> list[LabelRow]:
    (tmp_path / "in").mkdir()
    for number in range(20):
        (tmp_path / f"in/r{number:02}.json").write_text(json.dumps(fields_of(number), indent=1))
    corrected = {"name": FieldVerdict(verdict="correct", value="Jo\nSmith")}
    rejected = {"price": FieldVerdict(verdict="reject", value=None)}
    return [reviewed(number, **(corrected if number % 4 == 1 else rejected if number % 4 == 2 else {}))
            for number in range(20)]  # fmt: skip


def run(folder: Path, recipe: str, labels: list[LabelRow], output: str = "out", *more: str) -> int:
    save_labels(folder / "labels.jsonl", labels)
    path = folder / "recipe.yaml"
    path.write_text((ROOT / f"recipes/{recipe}.yaml").read_text() if "\n" not in recipe else recipe)
    paths = ["--recipe", path, "--input", folder / "in", "--labels", folder / "labels.jsonl", "--output"]
    return main(["run", *map(str, paths), str(folder / output), "--seed", "7", "--created", "2026-11-25", *more])


def rows_of(folder: Path, output: str = "out", name: str = "manifest.jsonl") -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / output / name).read_text().splitlines()]


def table_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, strict=True))


def test_texts_are_written_with_the_very_same_characters(tmp_path: Path, texts: list[LabelRow]) -> None:
    assert run(tmp_path, "texts", texts) == 0
    rows = rows_of(tmp_path)
    assert {row["split"] for row in rows} == set(SPLITS)
    assert len(rows) == 20
    for row in rows:
        number = int(row["source"][1:3])
        assert (tmp_path / "out" / row["path"]).read_bytes().decode() == text_of(number)
        assert row["path"].startswith(f"data/{row['split']}/{row['label']}/t{number:02}~original~0~")
        assert row["characters"] == len(text_of(number))
    lines = rows_of(tmp_path, name="augmented.manifest")
    assert {line["label-metadata"]["type"] for line in lines} == {"groundtruth/text-classification"}
    assert {line["label-metadata"]["class-name"] for line in lines} == {"good", "bad"}
    assert json.loads((tmp_path / "out/dataset.json").read_text())["medium"] == "text"
    assert not list((tmp_path / "out").glob("*.csv"))
    page = (tmp_path / "out/report.html").read_text()
    assert "&lt;b&gt;Text&lt;/b&gt; number" in page
    assert "<b>Text</b>" not in page
    assert main(["check", str(tmp_path / "out")]) == 0


def test_a_damaged_text_is_in_quarantine_and_no_other_one(tmp_path: Path, texts: list[LabelRow]) -> None:
    bad = {"t00.txt": b"\xff\xfe", "t01.txt": b"\n", "notes.md": b"a", "t02.txt": b"x" * 1_000_001}
    for name, data in bad.items():
        (tmp_path / "in" / name).write_bytes(data)
    assert run(tmp_path, "texts", [*texts, labeled("notes.md", "good")]) == 0
    assert {row["source"]: row["reason"] for row in rows_of(tmp_path, name="quarantine.jsonl")} == {
        "notes.md": "its name does not end with .txt",
        "t00.txt": "not UTF-8: byte 0 is 0xff",
        "t01.txt": "the text is empty",
        "t02.txt": "the file has 1,000,001 bytes; the limit is 1,000,000",
    }
    assert len(rows_of(tmp_path)) == 17


def test_balance_writes_the_texts_of_smaller_classes_more_often(tmp_path: Path, texts: list[LabelRow]) -> None:
    steps = "steps:\n- export: original\n- branch: more\n  balance: 1.0\n  steps: [{export: more}]\n"
    assert run(tmp_path, f"name: t\nmedia: text\n{steps}", texts) == 0
    train = [row["label"] for row in rows_of(tmp_path) if row["split"] == "train"]
    assert train.count("bad") == train.count("good")


def test_records_are_written_as_people_found_them_right(tmp_path: Path, records: list[LabelRow]) -> None:
    assert run(tmp_path, "records", records) == 0
    rows, tables = rows_of(tmp_path), []
    for row in rows:
        number = int(row["source"][1:3])
        right = fields_of(number) | {1: {"name": "Jo\nSmith"}, 2: {"price": None}}.get(number % 4, {})
        assert json.loads((tmp_path / "out" / row["path"]).read_text("utf-8")) == right == row["fields"]
        assert {name: field["value"] for name, field in row["record"].items()} == right
    for split in SPLITS:
        path = tmp_path / f"out/records-{split}.csv"
        assert path.read_bytes().startswith(b"source,verdict,id,name,price,field.source,note\r\n")
        tables += table_of(path)
    assert len(tables) == len(rows) == 20
    for line in tables:
        number = int(line["id"])
        assert line["verdict"] == ("accepted", "corrected", "rejected", "accepted")[number % 4]
        assert line["name"] == ("Jo\nSmith" if number % 4 == 1 else f'Smith, "Jo" {number}')
        assert (line["price"], line["note"]) == ("" if number % 4 == 2 else "1.5", "")
    page = (tmp_path / "out/report.html").read_text()
    assert "<del>1.5</del>" in page
    assert "Two reviews of a record agree when all of its fields do." in page


@pytest.mark.parametrize("recipe", ["texts", "records"])
def test_processes_and_hosts_do_not_change_a_byte(tmp_path: Path, recipe: str, request: pytest.FixtureRequest) -> None:
    labels: list[LabelRow] = request.getfixturevalue(recipe)
    assert run(tmp_path, recipe, labels, "out", "--processes", "1") == 0
    assert run(tmp_path, recipe, labels, "two", "--processes", "2") == 0
    whole = tree(tmp_path / "out")
    assert {name: data.replace(b"/two", b"/out") for name, data in tree(tmp_path / "two").items()} == whole
    for number in range(3):
        part = tmp_path / f"part-{number}"
        part.mkdir()
        for row in labels[number::3]:
            (part / row.source).write_bytes((tmp_path / "in" / row.source).read_bytes())
        config = tmp_path / "resourceconfig.json"
        config.write_text(json.dumps({"current_host": f"algo-{number + 1}"}))
        assert run(tmp_path, recipe, labels, "hosts", "--input", str(part), "--host-config", str(config)) == 0
    made = {name: data for name, data in tree(tmp_path / "hosts").items() if name.startswith("data/")}
    assert made == {name: data for name, data in whole.items() if name.startswith("data/")}


def test_a_shard_holds_a_record_beside_its_row(tmp_path: Path, records: list[LabelRow]) -> None:
    recipe = (ROOT / "recipes/records.yaml").read_text() + "output: {layout: shards}\n"
    assert run(tmp_path, recipe, records) == 0
    assert main(["check", str(tmp_path / "out")]) == 0
    row = next(row for row in rows_of(tmp_path) if row["source"] == "r01.json")
    with tarfile.open(tmp_path / "out" / row["shard"]) as shard:
        names = shard.getnames()
        key = row["path"].rsplit("/", 1)[1].removesuffix(".record.json")
        assert len(set(names)) == len(names)
        assert json.load(shard.extractfile(f"{key}.record.json")) == row["fields"]  # type: ignore[arg-type]
        assert json.load(shard.extractfile(f"{key}.json"))["source"] == "r01.json"  # type: ignore[arg-type]


def test_a_corrected_review_makes_its_outputs_anew_and_no_others(tmp_path: Path, records: list[LabelRow]) -> None:
    assert run(tmp_path, "records", records, "v1", "--version", "v1") == 0
    records[4] = reviewed(
        4, name=FieldVerdict(verdict="correct", value="new"), price=FieldVerdict(verdict="accept", value=1.5)
    )
    records[5] = reviewed(5, name=FieldVerdict(verdict="correct", value="newer"))  # corrected before, and after
    known = ["--known", str(tmp_path / "v1/manifest.jsonl"), "--version", "v2"]
    assert run(tmp_path, "records", records, "v2", *known) == 0
    rows = rows_of(tmp_path, "v2")
    assert sorted(row["source"] for row in rows if row["version"] == "v2") == ["r04.json", "r05.json"]
    assert len(rows) == 20
    assert [row["fields"]["name"] for row in rows if row["version"] == "v2"].count("newer") == 1
    assert json.loads((tmp_path / "v2/dataset.json").read_text())["relabeled"] == 2
    assert main(["check", str(tmp_path / "v2")]) == 0


def test_a_record_that_is_not_the_reviewed_one_is_in_quarantine(tmp_path: Path, records: list[LabelRow]) -> None:
    (tmp_path / "in/r03.json").write_text(json.dumps({**fields_of(3), "price": 99}))
    assert run(tmp_path, "records", records) == 0
    (row,) = rows_of(tmp_path, name="quarantine.jsonl")
    assert row["source"] == "r03.json"
    assert row["reason"] == "the field 'price' is 99, and 1.5 was accepted; review the record again"


def test_records_in_class_folders_need_no_review(tmp_path: Path) -> None:
    (tmp_path / "in/shop").mkdir(parents=True)
    (tmp_path / "in/shop/a.json").write_text('{"b": 1, "a": ""}')
    paths = ["--recipe", ROOT / "recipes/records.yaml", "--input", tmp_path / "in", "--output", tmp_path / "out"]
    assert main(["run", *map(str, paths)]) == 0
    assert table_of(tmp_path / "out/records-train.csv") == [
        {"source": "shop/a.json", "verdict": "shop", "b": "1", "a": ""}
    ]


def test_reviews_are_refused_by_a_recipe_for_texts(
    tmp_path: Path, records: list[LabelRow], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, "texts", records) == 2
    assert "the labels review records, but" in capsys.readouterr().err


@pytest.mark.parametrize("recipe", ["texts", "records"])
def test_plan_and_preview_know_them(
    tmp_path: Path, recipe: str, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    labels: list[LabelRow] = request.getfixturevalue(recipe)
    save_labels(tmp_path / "labels.jsonl", labels)
    common = ["--recipe", str(ROOT / f"recipes/{recipe}.yaml"), "--input", str(tmp_path / "in")]
    assert main(["plan", *common, "--labels", str(tmp_path / "labels.jsonl")]) == 0
    said = capsys.readouterr().out
    assert f"  {recipe}  files  " in said
    assert f" {recipe}." in said.splitlines()[-1]
    assert main(["preview", *common, "--output", str(tmp_path / "p.html")]) == 0
    assert 'class="written"' in (tmp_path / "p.html").read_text()
