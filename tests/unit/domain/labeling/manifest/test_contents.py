"""Texts and records stand in the manifest's lines themselves, whether they come as objects or as a CSV's rows."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from domain import task_types
from domain.errors import InvalidInput
from domain.labeling.manifest.input_manifest import object_of
from domain.labeling.manifest.prepare import prepare
from domain.task_types import task_type
from domain.workflow.states import BuiltManifest
from tests.support.builders.runs import any_label_run, any_task
from tests.support.fakes.store import MemoryStore

FOLDER = "raw/faces/"


@pytest.fixture(autouse=True)
def types(monkeypatch: pytest.MonkeyPatch) -> None:
    """A task type for texts and one for records."""
    for name, ending in (("text", ".txt"), ("record", ".json")):
        made = replace(task_type("image-single-label"), name=f"a-{name}", endings=(ending,), content=name)
        monkeypatch.setitem(task_types.TASK_TYPES, f"a-{name}", made)


class World:
    def __init__(self, kind: str, **files: str) -> None:
        self.store = MemoryStore(objects={f"{FOLDER}{name}": text for name, text in files.items()})
        self.task = any_task(type=kind)

    def prepare(self, run_id: str = "run-1", **fields: Any) -> BuiltManifest:
        return prepare(any_label_run(run_id=run_id, task=self.task, **fields), "", self.store)

    def asked(self, run_id: str = "run-1") -> dict[str, Any]:
        """What the lines say, by the object's name."""
        lines = self.store.read(f"labeling/faces/{run_id}/input.manifest").splitlines()
        rows = [object_of(json.loads(line)) for line in lines]
        return {ref.removeprefix(f"s3://data-bucket/{FOLDER}"): given for ref, given in rows}

    @property
    def rejected(self) -> dict[str, str]:
        rows = map(json.loads, self.store.read("labeling/faces/run-1/rejected.jsonl").splitlines())
        return {row["source"]: row["reason"] for row in rows}


def test_a_text_stands_in_its_line_beside_its_address() -> None:
    world = World("a-text", **{"a.txt": "\ufeffGrüß\nGott \u2028", "b.txt": "x" * 16_000, "long.txt": "x" * 16_001})
    world.store.objects |= {
        f"{FOLDER}white.txt": " \n",
        f"{FOLDER}latin.txt": "Gr\udcfc\udcdf",
        f"{FOLDER}big.txt": "x" * 64_004,
    }
    world.store.objects[f"{FOLDER}emoji.txt"] = "😀" * 16_000
    world.prepare()
    assert world.asked() == {"a.txt": {"source": "Grüß\nGott \u2028"}, "b.txt": {"source": "x" * 16_000}}
    assert world.rejected == {
        "big.txt": "has 64,004 bytes; a text has at most 64,003",
        "emoji.txt": "its line would have 192,065 characters; there may be 100,000",
        "latin.txt": "is not UTF-8 (byte 2)",
        "long.txt": "has 16,001 characters; a text may have 16,000",
        "white.txt": "is empty but for white space",
    }


def test_a_record_stands_in_its_line() -> None:
    record = {"name": "Ada", "zip": "01234", "age": 36, "rate": 1.5, "paid": True, "note": None}
    world = World("a-record", **{"a.json": json.dumps(record, indent=2)})
    world.prepare()
    assert world.asked() == {"a.json": {"record": record}}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{}", "is no record: one JSON object with at least one field is"),
        ("[1]", "is no record: one JSON object with at least one field is"),
        ('{"a": 1, "a": 2}', "is no record: its field 'a' comes twice"),
        ('{"a": {"b": 1}}', "is no record: its field 'a' is neither text, number, true, false nor null"),
        ('{"a": NaN}', "is no record: NaN is no JSON"),
        ('{"a": 1e999}', "is no record: its field 'a' is neither text, number, true, false nor null"),
        ('{"a": "\\ud800"}', "is no record: its field 'a' holds half a character"),
        ("[" * 100_000, "is no record: a list in a list in a list, and so on"),
        ('{"a": "' + "x" * 99_999 + '"}', "record has 100,008 characters; a record has at most 20,000"),
    ],
)
def test_what_is_no_record_is_rejected_with_its_reason(text: str, reason: str) -> None:
    world = World("a-record", **{"a.json": text, "b.json": '{"a": 1}'})
    world.prepare()
    assert world.rejected == {"a.json": reason}


CSV = """id,name,zip,age,rate,odd,paid
c-1,"Ada, Countess",01234,36,1.5,1e5,true
c-2,,1,-7,1.50,12345678901234567,-0
"""


def test_the_rows_of_a_csv_file_become_records_in_which_only_plain_numbers_are_numbers() -> None:
    world = World("a-record")
    world.store.objects["raw/customers.csv"] = CSV
    assert world.prepare(manifest="raw/customers.csv").accepted == 2
    wanted = {
        "c-1.json": {"name": "Ada, Countess", "zip": "01234", "age": 36, "rate": 1.5, "odd": "1e5", "paid": "true"},
        "c-2.json": {"name": "", "zip": 1, "age": -7, "rate": "1.50", "odd": "12345678901234567", "paid": "-0"},
    }
    assert world.asked() == {name: {"record": record} for name, record in wanted.items()}
    assert {name: json.loads(world.store.read(FOLDER + name)) for name in wanted} == wanted


def test_a_row_is_written_only_where_its_content_is_not_there() -> None:
    world = World("a-record")
    world.store.objects["raw/customers.csv"] = CSV
    world.prepare(manifest="raw/customers.csv")
    world.store.objects["raw/customers.csv"] = CSV.replace("36", "37")
    world.store.written.clear()
    world.prepare("run-2", manifest="raw/customers.csv")
    assert [key for key in world.store.written if key.startswith(FOLDER)] == [f"{FOLDER}c-1.json"]
    assert world.asked("run-2")["c-1.json"]["record"]["age"] == 37


def test_a_csv_file_of_texts_has_a_column_for_them_and_without_ids_rows_are_numbered() -> None:
    world = World("a-text")
    world.store.objects["manifests/x.csv"] = 'text,language\n"Good\nmorning",en\n,de\n"Guten Tag",de\n'
    world.prepare(manifest="manifests/x.csv")
    assert world.asked() == {
        "1.txt": {"source": "Good\nmorning", "language": "en"},
        "3.txt": {"source": "Guten Tag", "language": "de"},
    }
    assert world.rejected == {"2.txt": "is empty"}


def test_a_csv_file_may_name_files_of_texts_instead() -> None:
    world = World("a-text", **{"a.txt": "A", "b.txt": "B"})
    world.store.objects["manifests/x.csv"] = "file\nb.txt\n"
    world.prepare(manifest="manifests/x.csv")
    assert world.asked() == {"b.txt": {"source": "B"}}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id,name\na/b,x\n", r"line 2: id 'a/b' cannot be part of a name"),
        ("id,name\na,x\na,y\n", r"line 3: id 'a' stands in line 2 too"),
        ("id\na\n", r"line 2: there is no column but `id`"),
    ],
)
def test_rows_without_a_name_of_their_own_are_refused_by_line(text: str, said: str) -> None:
    world = World("a-record")
    world.store.objects["raw/x.csv"] = text
    with pytest.raises(InvalidInput, match=rf"raw/x\.csv, {said}"):
        world.prepare(manifest="raw/x.csv")


def test_nothing_is_written_beside_a_published_version() -> None:
    world = World("a-record")
    world.store.objects["raw/x.csv"] = CSV
    with pytest.raises(InvalidInput, match=r"source_prefix: .* holds the records themselves; .* below raw/ only"):
        world.prepare(manifest="raw/x.csv", source_prefix="datasets/other/v0001-3fa9c1/data/")


def test_a_text_that_cannot_be_shown_gives_its_place_in_the_sample_to_another() -> None:
    files = {f"{number:02}.txt": "text" if number % 2 else " " for number in range(40)}
    world = World("a-text", **files)
    built = world.prepare(sample={"objects": 10})
    assert built.accepted == 10
    assert built.rejected + built.left_out == 30
