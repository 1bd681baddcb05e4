"""A version with mixed images: whole, the same however it is made, and out of the way of loaders for one class."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from augmentation.__main__ import main
from augmentation.image.kernels.mixing import rectangle
from augmentation.run.samples import NO_SAMPLES
from domain.labels.boxes import BoxLabel
from domain.labels.rows import LabelRow
from tests.support.builders.photos import any_label, save_labels, tree, write_photos
from tests.support.fakes.executions import watch_executions

RECIPE = """
name: mixed
splits: {{train: 0.7, val: 0.15, test: 0.15, near_duplicates: ignore}}
output: {{format: png, layout: {layout}}}
steps:
  - {{op: resize_crop, width: 24, height: 16}}
  - export: plain
  - branch: mixed
    variants: 2
    steps:
      - {{op: flip}}
      - {word}: {{alpha: 1}}
      - export: mixed
"""


def run(
    folder: Path, output: str, *more: str, word: str = "mixup", layout: str = "folders", recipe: str = RECIPE
) -> int:
    (folder / "r.yaml").write_text(recipe.format(word=word, layout=layout))
    paths = {"recipe": "r.yaml", "input": "in", "labels": "labels.jsonl", "output": output}
    words = [part for name, path in paths.items() for part in (f"--{name}", str(folder / path))]
    return main(["run", *words, "--created", "2026-11-28", "--version", Path(output).name, *more])


@pytest.fixture
def photos(tmp_path: Path) -> list[LabelRow]:
    rows = write_photos(tmp_path / "in", 14, small_class=5)
    save_labels(tmp_path / "labels.jsonl", rows)
    return rows


def rows_of(version: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (version / "manifest.jsonl").read_text().splitlines()]


def mixed_of(version: Path) -> dict[tuple[str, int], dict[str, Any]]:
    return {(row["source"], row["variant"]): row for row in rows_of(version) if "partner" in row}


def turned(picture: np.ndarray, steps: list[dict[str, Any]]) -> np.ndarray:
    """Each of the two is mirrored or not by a draw of its own."""
    return picture[:, ::-1] if any(step["op"] == "flip" for step in steps) else picture


def pixels(version: Path, row: dict[str, Any]) -> np.ndarray:
    with Image.open(version / row["path"]) as image:
        return np.asarray(image).astype(float)


@pytest.mark.parametrize("word", ["mixup", "cutmix"])
def test_an_output_is_what_its_row_says(tmp_path: Path, photos: list[LabelRow], word: str) -> None:
    assert run(tmp_path, "v1", word=word) == 0
    plain = {
        row["source"]: pixels(tmp_path / "v1", row) for row in rows_of(tmp_path / "v1") if row["export"] == "plain"
    }
    labels = {row.source: row.label for row in photos}
    mixed = mixed_of(tmp_path / "v1")
    assert len(mixed) == 2 * sum(
        row["split"] == "train" and row["export"] == "plain" for row in rows_of(tmp_path / "v1")
    )
    for row in mixed.values():
        values = row["steps"][-1]["values"]
        own = turned(plain[row["source"]], row["steps"])
        other = turned(plain[row["partner"]], values["partner_steps"])
        assert [soft["label"] for soft in row["soft_labels"]] == [labels[row["source"]], labels[row["partner"]]]
        weight = row["soft_labels"][0]["weight"]
        assert weight + row["soft_labels"][1]["weight"] == pytest.approx(1, abs=1e-9)
        if word == "mixup":
            assert weight == values["lambda"]
            expected = weight * own + (1 - weight) * other
        else:
            left, top, right, bottom = rectangle(24, 16, values["lambda"], values["middle"])
            expected = own.copy()
            expected[top:bottom, left:right] = other[top:bottom, left:right]
            assert weight == pytest.approx(1 - (right - left) * (bottom - top) / (24 * 16), abs=1e-9)
        assert np.abs(pixels(tmp_path / "v1", row) - expected).max() <= 0.51


def test_class_folders_and_manifests_of_one_class_hold_none(tmp_path: Path, photos: list[LabelRow]) -> None:
    assert run(tmp_path, "v1") == 0
    files = tree(tmp_path / "v1")
    mixed = mixed_of(tmp_path / "v1").values()
    assert {row["path"] for row in mixed} == {name for name in files if name.startswith("mixed/train/")}
    for name in ("augmented.manifest", "augmented-train.manifest"):
        assert b"mixed/" not in files[name]
    lines = [json.loads(line) for line in files["mixed-train.manifest"].splitlines()]
    facts = json.loads(files["dataset.json"])
    assert len(lines) == len(mixed) == facts["mixed_outputs"]
    by_path = {f"{tmp_path}/v1/{row['path']}": row for row in mixed}
    for line in lines:
        soft = by_path[line["source-ref"]]["soft_labels"]
        assert line["label"] == [facts["class_index"][one["label"]] for one in soft]
        assert line["label-weights"] == [one["weight"] for one in soft]
    trained = sum(one["training_outputs"] for one in facts["classes"].values())
    assert trained == sum(row["split"] == "train" for row in rows_of(tmp_path / "v1")) - len(mixed)
    assert main(["check", str(tmp_path / "v1")]) == 0


def test_any_number_of_processes_makes_the_same_bytes(tmp_path: Path, photos: list[LabelRow]) -> None:
    for layout in ("folders", "shards"):
        assert run(tmp_path, f"one-{layout}/v", "--processes", "1", layout=layout) == 0
        assert run(tmp_path, f"two-{layout}/v", "--processes", "2", layout=layout) == 0
        one, two = tree(tmp_path / f"one-{layout}"), tree(tmp_path / f"two-{layout}")
        different = {name for name in one if one[name] != two[name]}
        assert one.keys() == two.keys()
        assert different <= {
            "v/dataset.json",
            "v/augmented.manifest",
            "v/augmented-train.manifest",
            "v/report.html",
            "v/augmented-val.manifest",
            "v/augmented-test.manifest",
            "v/mixed-train.manifest",
        }


def test_shards_of_mixed_images_are_apart(tmp_path: Path, photos: list[LabelRow]) -> None:
    assert run(tmp_path, "v1", layout="shards") == 0
    with tarfile.open(tmp_path / "v1/mixed/train/local-000000.tar") as shard:
        told = [json.load(shard.extractfile(name)) for name in shard.getnames() if name.endswith(".json")]
    assert len(told) == len(mixed_of(tmp_path / "v1"))
    assert all(len(row["soft_labels"]) == 2 for row in told)
    with tarfile.open(tmp_path / "v1/data/train/local-000000.tar") as shard:
        assert not any("mixed" in name for name in shard.getnames())
    assert main(["check", str(tmp_path / "v1")]) == 0


@pytest.mark.parametrize("layout", ["folders", "shards"])
def test_a_killed_run_is_resumed_to_the_same_bytes(
    tmp_path: Path, photos: list[LabelRow], layout: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All but the end is there; of shards a half with one wrong byte, of folders all but every third mixed file."""
    assert run(tmp_path, "a/v1", layout=layout) == 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("augmentation.run.run._finish", lambda *_: None)
        assert run(tmp_path, "b/v1", layout=layout) == 0
    killed = tmp_path / "b/v1"
    (killed / "parts/local/part.json").unlink()
    for path in killed.rglob("*.tar"):
        data = bytearray(path.read_bytes()[: path.stat().st_size // 2])
        data[600] ^= 1
        path.with_name(f".{path.name}.part").write_bytes(data)
        path.unlink()
    for path in sorted(killed.glob("mixed/train/*.png"))[::3]:
        path.unlink()
    decoded = watch_executions(monkeypatch, tmp_path / "decoded")
    monkeypatch.setattr("augmentation.run.samples.Samples.of", lambda *_: NO_SAMPLES)
    assert run(tmp_path, "b/v1", "--resume", layout=layout) == 0
    one, two = tree(tmp_path / "a/v1"), tree(killed)
    told = {name: data.replace(b"/b/v1", b"/a/v1") for name, data in two.items() if name != "report.html"}
    assert told == {name: data for name, data in one.items() if name != "report.html"}
    assert 0 < len(set(decoded())) < len(photos)


def test_a_later_version_keeps_all_pairs_and_mixes_what_is_new(tmp_path: Path, photos: list[LabelRow]) -> None:
    assert run(tmp_path, "v1") == 0
    more = write_photos(tmp_path / "in", 24, small_class=5)
    save_labels(tmp_path / "labels.jsonl", more)
    assert run(tmp_path, "v2", "--known", str(tmp_path / "v1/manifest.jsonl")) == 0
    before, after = mixed_of(tmp_path / "v1"), mixed_of(tmp_path / "v2")
    assert {key: after[key]["sha256"] for key in before} == {key: row["sha256"] for key, row in before.items()}
    assert all(after[key]["path"].startswith("../v1/mixed/") for key in before)
    assert sum("partner" in row for row in rows_of(tmp_path / "v2")) == len(after) > len(before)
    assert {source for source, _ in after.keys() - before.keys()}.isdisjoint({row.source for row in photos})
    assert main(["check", str(tmp_path / "v2")]) == 0


def test_a_later_version_with_more_variants_and_an_export_before_the_mix_adds_those(
    tmp_path: Path, photos: list[LabelRow]
) -> None:
    """The first variant's mixed outputs are there already, so nothing is mixed in its passage."""
    both = ("    variants: 2", "      - {{op: flip}}\n")
    fewer = RECIPE.replace(both[0], "    variants: 1")
    more = RECIPE.replace(both[1], f"{both[1]}      - export: flipped\n")
    assert run(tmp_path, "v1", recipe=fewer) == 0
    assert run(tmp_path, "v2", "--known", str(tmp_path / "v1/manifest.jsonl"), recipe=more) == 0
    before, after = mixed_of(tmp_path / "v1"), mixed_of(tmp_path / "v2")
    assert {key: after[key]["sha256"] for key in before} == {key: row["sha256"] for key, row in before.items()}
    assert len(after) == 2 * len(before) == sum(row["export"] == "flipped" for row in rows_of(tmp_path / "v2"))
    assert not json.loads((tmp_path / "v2/dataset.json").read_text())["quarantined"]


def test_a_corrected_label_remakes_what_its_image_was_mixed_into(tmp_path: Path, photos: list[LabelRow]) -> None:
    assert run(tmp_path, "v1") == 0
    before = mixed_of(tmp_path / "v1")
    partner = before[min(before)]["partner"]
    third = [any_label(row.source, "third") if row.source == partner else row for row in photos]
    save_labels(tmp_path / "labels.jsonl", third)
    assert run(tmp_path, "v2", "--known", str(tmp_path / "v1/manifest.jsonl")) == 0
    rows, touched = (
        rows_of(tmp_path / "v2"),
        {key for key, row in before.items() if partner in (row["partner"], key[0])},
    )
    for row in rows:
        if "partner" in row:
            labels = {soft["label"] for soft in row["soft_labels"]}
            assert ("third" in labels) == (partner in (row["source"], row["partner"]))
            assert row["path"].startswith("../v1/") != ((row["source"], row["variant"]) in touched)
    assert len(mixed_of(tmp_path / "v2")) == len(before) == sum("partner" in row for row in rows)
    since = json.loads((tmp_path / "v2/dataset.json").read_text())["since"]
    new = sum(not row["path"].startswith("../") for row in rows)
    assert (since["made_again_outputs"], since["added_outputs"], since["corrected_sources"]) == (new, 0, 1)
    assert main(["check", str(tmp_path / "v2")]) == 0


def test_a_damaged_image_is_nobodys_partner(tmp_path: Path, photos: list[LabelRow]) -> None:
    for row in photos[:4]:
        (tmp_path / "in" / row.source).write_bytes(b"\xff\xd8\xff no picture")
    assert run(tmp_path, "v1") == 0
    quarantine = [json.loads(line) for line in (tmp_path / "v1/quarantine.jsonl").read_text().splitlines()]
    assert {row["source"] for row in quarantine} == {row.source for row in photos[:4]}
    assert mixed_of(tmp_path / "v1")


def test_what_has_no_file_or_no_name_that_is_taken_is_nobodys_partner(tmp_path: Path, photos: list[LabelRow]) -> None:
    odd = any_label("back\\slash.jpg", "shut")
    (tmp_path / "in" / odd.source).write_bytes((tmp_path / "in" / photos[0].source).read_bytes())
    save_labels(tmp_path / "labels.jsonl", [*photos, odd, *(any_label(f"gone-{n}.jpg", "shut") for n in range(8))])
    assert run(tmp_path, "v1") == 0
    quarantine = [json.loads(line) for line in (tmp_path / "v1/quarantine.jsonl").read_text().splitlines()]
    assert sorted(row["source"] for row in quarantine) == [odd.source, *(f"gone-{number}.jpg" for number in range(8))]
    assert {row["source"] for row in rows_of(tmp_path / "v1")} == {row.source for row in photos}


@pytest.mark.parametrize("kind", ["boxes", "several"])
def test_boxes_and_several_labels_are_refused(
    tmp_path: Path, photos: list[LabelRow], kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if kind == "boxes":
        box = BoxLabel(label="open", left=1, top=1, width=9, height=9)
        rows = [row.model_copy(update={"boxes": (box,)}) for row in photos]
    else:
        rows = [row.model_copy(update={"label": None, "labels": ("open", "shut")}) for row in photos]
    save_labels(tmp_path / "labels.jsonl", rows)
    assert run(tmp_path, "v1") == 2
    said = capsys.readouterr().err
    assert "r.yaml:12:9: `mixup`: " in said
    assert not (tmp_path / "v1").exists() or not any((tmp_path / "v1").rglob("*.png"))


def test_one_of_several_machines_refuses(
    tmp_path: Path, photos: list[LabelRow], capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "resourceconfig.json").write_text(json.dumps({"current_host": "algo-1", "hosts": ["algo-1", "algo-2"]}))
    assert run(tmp_path, "v1", "--host-config", str(tmp_path / "resourceconfig.json")) == 2
    assert "each of several machines has only a part of them" in capsys.readouterr().err


def test_the_plan_and_the_preview_know_mixed_images(
    tmp_path: Path, photos: list[LabelRow], capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "r.yaml").write_text(RECIPE.format(word="cutmix", layout="folders"))
    common = ["--recipe", str(tmp_path / "r.yaml"), "--input", str(tmp_path / "in")]
    assert main(["plan", *common, "--labels", str(tmp_path / "labels.jsonl")]) == 0
    line = next(line for line in capsys.readouterr().out.splitlines() if "mixed" in line and "open" in line)
    assert line.split()[3:5] == ["3", "6"]
    assert main(["preview", *common, "--output", str(tmp_path / "p.html"), "--samples", "2"]) == 0
    assert "with another image" in (tmp_path / "p.html").read_text()
