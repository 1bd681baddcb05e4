"""N hosts, each with a shard of the files, make what one host makes: byte for byte."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from augmentation.__main__ import main
from domain.dataset_version import ParentVersion, VersionContext
from domain.jsonlines import JsonLines
from domain.labels.rows import LabelRow, Vote
from tests.support.builders.photos import save_labels, save_recipe, tree, write_photos
from tests.support.builders.versions import AssembledVersion, assemble, part_of


def labels_with_votes(folder: Path, count: int) -> list[LabelRow]:
    rows = []
    for index, row in enumerate(write_photos(folder, count)):
        answers = ("open", "shut", row.label) if index % 4 == 0 else (row.label,) * 3
        votes = tuple(Vote(worker=name, label=str(answer)) for name, answer in zip("abc", answers, strict=True))
        rows.append(row.model_copy(update={"votes": votes}))
    (folder / "stray.csv").write_text("a,b\n")
    (folder / "photo_001.jpg").write_bytes(b"broken")
    return rows


def run_on_hosts(
    folder: Path, labels: list[LabelRow], hosts: int, known: str = "", seed: int = 7
) -> tuple[dict[str, bytes], AssembledVersion]:
    """What Processing does: shards by key, one run a host, all outputs in one prefix, then publish."""
    output = folder / f"out-{hosts}-{seed}"
    save_labels(folder / "labels.jsonl", labels)
    (folder / "known.jsonl").write_text(known)
    recipe = save_recipe(folder / "recipe.yaml")
    keys = sorted(path.name for path in (folder / "in").iterdir())
    for number in range(hosts):
        shard = folder / f"shard-{hosts}-{number}"
        shard.mkdir(exist_ok=True)
        for key in keys[number::hosts]:
            (shard / key).write_bytes((folder / "in" / key).read_bytes())
        config = folder / "resourceconfig.json"
        config.write_text(json.dumps({"current_host": f"algo-{number + 1}", "hosts": []}))
        arguments = ["run", "--recipe", str(recipe), "--input", str(shard), "--output", str(output), "--processes", "1"]
        arguments += ["--labels", str(folder / "labels.jsonl"), "--known", str(folder / "known.jsonl")]
        assert main([*arguments, "--seed", str(seed), "--host-config", str(config)]) == 0
    files = tree(output)
    parts = [
        part_of(
            {
                name.split("/")[-1]: data.decode()
                for name, data in files.items()
                if name.startswith(f"parts/algo-{number + 1}/")
            }
        )
        for number in range(hosts)
    ]
    parent = (
        ParentVersion("v0001-aaaaaa", "s3://b/v0001-aaaaaa/", JsonLines(known.split("\n"), "known")) if known else None
    )
    version = "v0002-bbbbbb" if known else "v0001-aaaaaa"
    context = VersionContext(
        "faces", version, "run", f"s3://b/{version}/", "2026-11-22", recipe.read_text(), "label", labels, parent
    )
    return {name: data for name, data in files.items() if name.startswith("data/")}, assemble(parts, context)


@pytest.mark.parametrize("hosts", [2, 7, 20])
def test_the_union_of_the_hosts_equals_one_host(tmp_path: Path, hosts: int) -> None:
    labels = labels_with_votes(tmp_path / "in", 12)
    one_data, one = run_on_hosts(tmp_path, labels, 1)
    data, version = run_on_hosts(tmp_path, labels, hosts)
    assert data == one_data
    assert version == one


def test_a_host_without_any_file_writes_an_empty_part(tmp_path: Path) -> None:
    labels = labels_with_votes(tmp_path / "in", 1)
    run_on_hosts(tmp_path, labels, 4)
    part = json.loads((tmp_path / "out-4-7/parts/algo-4/part.json").read_text())
    assert (part["sources"], part["outputs"], part["quarantined"]) == (0, 0, 0)


def test_a_host_whose_input_folder_was_never_made_succeeds(tmp_path: Path) -> None:
    config = tmp_path / "resourceconfig.json"
    config.write_text(json.dumps({"current_host": "algo-9"}))
    recipe = save_recipe(tmp_path / "recipe.yaml")
    arguments = [
        "run",
        "--recipe",
        str(recipe),
        "--input",
        str(tmp_path / "missing"),
        "--output",
        str(tmp_path / "out"),
    ]
    assert main([*arguments, "--host-config", str(config)]) == 0
    assert (tmp_path / "out/parts/algo-9/part.json").exists()


def test_a_host_writes_its_files_and_its_part_and_nothing_else(tmp_path: Path) -> None:
    run_on_hosts(tmp_path, labels_with_votes(tmp_path / "in", 4), 2)
    tops = {name.split("/")[0] for name in tree(tmp_path / "out-2-7")}
    assert tops == {"data", "parts"}
    names = {name.split("/", 2)[2] for name in tree(tmp_path / "out-2-7") if name.startswith("parts/")}
    assert names == {"manifest.jsonl", "quarantine.jsonl", "samples.jsonl", "part.json"}


@pytest.mark.parametrize("hosts", [1, 3])
def test_a_second_version_adds_only_what_is_new(tmp_path: Path, hosts: int) -> None:
    labels = labels_with_votes(tmp_path / "in", 12)
    _, first = run_on_hosts(tmp_path, labels, hosts)
    data, second = run_on_hosts(tmp_path, labels, hosts, known=first.files["manifest.jsonl"], seed=8)
    rows = [json.loads(line) for line in second.files["manifest.jsonl"].splitlines()]
    new = [row for row in rows if row["version"] == "v0002-bbbbbb"]
    assert {row["export"] for row in new} == {"varied", "noisy"}
    assert len(new) == len(data)
    assert second.summary.outputs == first.summary.outputs + len(new)
    assert len({row["identity"] for row in rows}) == len(rows)


def test_the_same_seed_again_makes_nothing_new(tmp_path: Path) -> None:
    labels = labels_with_votes(tmp_path / "in", 8)
    _, first = run_on_hosts(tmp_path, labels, 1)
    for path in (tmp_path / "out-1-7").rglob("part.json"):
        path.unlink()
    before = set(tree(tmp_path / "out-1-7"))
    _, second = run_on_hosts(tmp_path, labels, 1, known=first.files["manifest.jsonl"])
    made = [row for row in second.files["manifest.jsonl"].splitlines() if '"version": "v0002-bbbbbb"' in row]
    extra = [json.loads(row) for row in made]
    assert {row["export"] for row in extra} <= {"varied"}  # more variants only where balance now asks for them
    assert {name for name in tree(tmp_path / "out-1-7") if name.startswith("data/")} >= {
        name for name in before if name.startswith("data/")
    }


def test_a_corrected_label_makes_the_image_anew_in_its_right_class(tmp_path: Path) -> None:
    labels = labels_with_votes(tmp_path / "in", 12)
    _, first = run_on_hosts(tmp_path, labels, 1)
    wrong = next(json.loads(row) for row in first.files["manifest.jsonl"].splitlines() if '"label": "shut"' in row)
    corrected = [
        row.model_copy(update={"label": "open", "labels": ("open",)}) if row.source == wrong["source"] else row
        for row in labels
    ]
    _, second = run_on_hosts(tmp_path, corrected, 1, known=first.files["manifest.jsonl"], seed=8)
    rows = [json.loads(line) for line in second.files["manifest.jsonl"].splitlines()]
    own = [row for row in rows if row["source"] == wrong["source"]]
    assert {row["label"] for row in own} == {"open"}
    assert {row["split"] for row in own} == {wrong["split"]}
    assert "resize" in {row["export"] for row in own}
