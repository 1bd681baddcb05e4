"""The doctor's command finds what was done to a folder, and says it in JSON and on a page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from augmentation.__main__ import main
from augmentation.doctor import examination as module
from augmentation.errors import UsageError
from tests.unit.augmentation.doctor.scenes import scene, write

ODD_NAME = 'b/<b>"7" &.png'
LISTS = (
    "leakage", "label_issues", "duplicates", "unreadable", "blank", "blurred", "dark", "bright", "outliers", "odd_size",
    "odd_ratio", "imbalance",
)  # fmt: skip


def examined(folder: Path, *more: str, output: str = "out") -> dict[str, Any]:
    arguments = ["doctor", "--input", str(folder / "images"), "--output", str(folder / output), "--processes", "1"]
    assert main([*arguments, *more]) == 0
    told: dict[str, Any] = json.loads((folder / output / "doctor.json").read_text(encoding="utf-8"))
    return told


@pytest.fixture(scope="module")
def ill(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two classes of six scenes, and copies, damaged and spoiled ones of them."""
    folder = tmp_path_factory.mktemp("ill")
    images = folder / "images"
    for number in range(12):
        write(images / f"{'ab'[number % 2]}/{number:02}.png", scene(number))
    (images / "a/00 again.png").write_bytes((images / "a/00.png").read_bytes())
    write(images / "a/02-mirrored.png", scene(2)[:, ::-1])
    write(images / "b/02-turned.jpg", np.rot90(scene(2)))
    write(images / "b/03-cut.jpg", scene(3)[60:, :192])
    (images / "b/broken.png").write_bytes((images / "b/01.png").read_bytes()[:2000])
    write(images / "a/blurred.png", cv2.GaussianBlur(scene(20), (0, 0), 6))
    write(images / "a/dark.png", scene(21) // 5)
    write(images / "b/blank.png", np.full((300, 240, 3), 200, np.uint8))
    (images / ODD_NAME).write_bytes((images / "b/broken.png").read_bytes()[:1000])
    return folder


@pytest.fixture(scope="module")
def told(ill: Path) -> dict[str, Any]:
    return examined(ill)


@pytest.fixture(scope="module")
def again(ill: Path) -> dict[str, Any]:
    """With a version's manifest, with what was chosen on the first page, and with more processes."""
    rows = [manifest_row("a/00.png", "train"), manifest_row("a/00 again.png", "test")]
    (ill / "manifest.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (ill / "fixes.csv").write_text(
        'file,finding,fix\n"a/blurred.png","blurred","keep"\n"a/dark.png","dark","review"\n'
        '"b/03-cut.jpg","duplicates","keep"\n"b/03.png","duplicates","quarantine"\n'
    )
    more = ["--manifest", str(ill / "manifest.jsonl"), "--fixes", str(ill / "fixes.csv"), "--processes", "2"]
    return examined(ill, *more, output="again")


def manifest_row(source: str, split: str) -> dict[str, Any]:
    place = {"path": f"data/{source}", "source": source, "label": "a", "split": split, "sha256": "0" * 64}
    return place | {"export": "e", "variant": 0, "identity": "0" * 32, "seed": 1, "source_ref": source}


def test_every_list_is_there_and_the_left_out_ones_have_their_reason(told: dict[str, Any]) -> None:
    assert all(isinstance(told[name], list) for name in LISTS)
    assert (told["format"], told["files"], told["classes"]) == (1, 21, {"b": 11, "a": 10})
    assert told["left_out"].keys() == {"leakage"}


def test_copies_are_found_and_those_with_two_labels_come_first(told: dict[str, Any]) -> None:
    found = [(one["sources"], one["kind"], one["across_labels"], one["fix"]) for one in told["duplicates"]]
    assert found == [
        (["a/02-mirrored.png", "a/02.png", "b/02-turned.jpg"], "near", True, "review"),
        (["a/00 again.png", "a/00.png"], "exact", False, "quarantine"),
        (["b/03-cut.jpg", "b/03.png"], "near", False, "quarantine"),
    ]
    assert all(0.8 < one["score"] <= 1 for one in told["duplicates"])


def test_spoiled_pictures_are_named(told: dict[str, Any]) -> None:
    kinds = ("unreadable", "blank", "blurred", "dark", "bright", "odd_size", "odd_ratio")
    assert {kind: [one["source"] for one in told[kind]] for kind in kinds} == {
        "unreadable": [ODD_NAME, "b/broken.png"],
        "blank": ["b/blank.png"],
        "blurred": ["a/blurred.png"],
        "dark": ["a/dark.png"],
        "bright": [],
        "odd_size": [],
        "odd_ratio": [],
    }


def test_the_page_shows_the_findings_and_names_are_text(ill: Path, told: dict[str, Any]) -> None:
    page = (ill / "out/index.html").read_text(encoding="utf-8")
    assert "b/<wbr>&lt;b&gt;&#34;7&#34; &amp;.png" in page
    assert "<b>&#34;" not in page
    assert page.index('id="duplicates"') < page.index('id="unreadable"') < page.index('id="blurred"')
    assert page.count('<article class="finding') == sum(len(told[name]) for name in LISTS)
    assert "http" not in page.replace("http-equiv", "")


def test_the_same_folder_gives_the_same_findings_with_any_number_of_processes(
    told: dict[str, Any], again: dict[str, Any]
) -> None:
    same = set(LISTS) - {"leakage", "duplicates", "blurred"}
    assert {kind: again[kind] for kind in same} == {kind: told[kind] for kind in same}


def test_copies_in_two_splits_of_a_version_are_leakage(again: dict[str, Any]) -> None:
    (leak,) = again["leakage"]
    assert (leak["sources"], leak["splits"]) == (["a/00 again.png", "a/00.png"], ["test", "train"])
    first = again["duplicates"][0]
    assert (first["sources"], first["across_splits"], first["fix"]) == (leak["sources"], True, "review")
    assert again["left_out"] == {}


def test_fixes_make_labels_without_the_rest_and_what_is_kept_is_told_no_more(ill: Path, again: dict[str, Any]) -> None:
    assert again["blurred"] == []
    assert len(again["dark"]) == 1
    rows = {row["source"]: row for row in map(json.loads, (ill / "again/labels.jsonl").read_text().splitlines())}
    assert len(rows) == 21
    assert [rows["b/03.png"][key] for key in ("status", "label", "reason")] == [
        "rejected", None, "quarantined by a person: duplicates",
    ]  # fmt: skip
    assert [rows["a/dark.png"][key] for key in ("status", "label")] == ["unlabeled", None]
    assert {row["status"] for name, row in rows.items() if name not in ("b/03.png", "a/dark.png")} == {"labeled"}


@pytest.mark.parametrize(
    ("text", "fault"),
    [("a,b\n", "line 1: the first line is file,finding,fix"), ("file,finding,fix\na.png,dark,burn\n", "line 2: a.png")],
)
def test_a_table_that_is_none_of_fixes_is_refused_with_its_line(
    ill: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, fault: str
) -> None:
    (tmp_path / "fixes.csv").write_text(text)
    arguments = ["--input", str(ill / "images"), "--output", str(tmp_path), "--fixes", str(tmp_path / "fixes.csv")]
    assert main(["doctor", *arguments]) == 2
    assert fault in capsys.readouterr().err


def test_without_the_embedding_the_other_checks_are_made_and_the_page_says_so(
    ill: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(_: Path | None) -> None:
        raise UsageError("embeddings need onnx")

    monkeypatch.setattr(module, "model_of", missing)
    told = examined(ill)
    assert told["left_out"]["label_issues"] == "embeddings need onnx"
    assert [one["kind"] for one in told["duplicates"]] == ["near", "exact"]
    assert told["blurred"]
    assert "embeddings need onnx" in (ill / "out/index.html").read_text()


def test_too_few_of_a_class_are_told_and_labels_of_files_that_are_not_there(tmp_path: Path) -> None:
    for number in range(3):
        write(tmp_path / f"images/{number}.png", scene(number))
    labels = "file,label\n0.png,cat\n1.png,dog\nlost.png,dog\n"
    (tmp_path / "labels.csv").write_text(labels)
    told = examined(tmp_path, "--labels", str(tmp_path / "labels.csv"))
    assert told["left_out"]["label_issues"] == "there are no two classes with 5 images or more each"
    assert told["unreadable"] == [
        {"source": "lost.png", "reason": "it has a label, but there is no such file", "fix": "quarantine"}
    ]


def test_of_texts_the_same_bytes_and_rare_classes_are_told(tmp_path: Path) -> None:
    for number in range(21):
        file = tmp_path / f"images/{'rare' if number == 0 else 'common'}/{number}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("the same" if number < 2 else f"text {number}")
    told = examined(tmp_path)
    assert [(one["sources"], one["across_labels"]) for one in told["duplicates"]] == [
        (["common/1.txt", "rare/0.txt"], True)
    ]
    assert told["imbalance"] == [{"label": "rare", "count": 1, "largest": 20, "score": 0.95}]
    assert told["unreadable"] == []
    assert "no images" in told["left_out"]["blurred"]


def test_an_empty_folder_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "images").mkdir()
    assert main(["doctor", "--input", str(tmp_path / "images"), "--output", str(tmp_path / "out")]) == 2
    assert "no file is in it" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_nothing_is_written_among_the_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "images" / "a.png", scene(0))
    for output in (tmp_path / "images", tmp_path / "images" / "told"):
        assert main(["doctor", "--input", str(tmp_path / "images"), "--output", str(output)]) == 2
        assert "lies inside --input" in capsys.readouterr().err
    assert [path.name for path in (tmp_path / "images").iterdir()] == ["a.png"]
