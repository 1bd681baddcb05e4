"""Outputs in tar shards: whole, indexed, the same whoever makes them, and resumed to the byte."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import tarfile
import time
from pathlib import Path
from typing import Any

import pytest

from augmentation.__main__ import main
from augmentation.run import shards
from augmentation.run.samples import NO_SAMPLES
from augmentation.run.shards import Packer, key_of
from domain.labels.rows import LabelRow
from tests.support.builders.photos import ROOT, save_labels, tree, write_photos
from tests.support.fakes.executions import watch_executions

RECIPE = """
name: sharded
splits: {train: 0.6, val: 0.2, test: 0.2, near_duplicates: ignore}
output: {layout: LAYOUT}
steps:
  - {op: resize_crop, width: 24, height: 24}
  - export: resize
  - branch: varied
    variants: 3
    steps:
      - {op: rotate, degrees: [-20, 20]}
      - export: varied
"""
PHOTOS = 14


@pytest.fixture(autouse=True)
def labels(tmp_path: Path) -> list[LabelRow]:
    rows = write_photos(tmp_path / "in", PHOTOS, small_class=5)
    save_labels(tmp_path / "labels.jsonl", rows)
    set_layout(tmp_path, "shards")
    return rows


def set_layout(folder: Path, layout: str) -> None:
    (folder / "r.yaml").write_text(RECIPE.replace("LAYOUT", layout))


def arguments(folder: Path, output: str, *more: str, source: str = "in") -> list[str]:
    named = {"recipe": "r.yaml", "input": source, "output": output, "labels": "labels.jsonl"}
    paths = [text for name, path in named.items() for text in (f"--{name}", str(folder / path))]
    return ["run", *paths, "--seed", "7", "--created", "2026-11-25", *more]


def run(folder: Path, output: str, *more: str, source: str = "in") -> Path:
    assert main(arguments(folder, output, *more, source=source)) == 0
    return folder / output


def rows_of(folder: Path) -> list[dict[str, Any]]:
    manifests = (
        [folder / "manifest.jsonl"]
        if (folder / "manifest.jsonl").exists()
        else sorted(folder.glob("parts/*/manifest.jsonl"))
    )
    return [json.loads(line) for path in manifests for line in path.read_text().splitlines()]


def contents(folder: Path) -> dict[tuple[str, str, int], tuple[str, str, bytes]]:
    """Split, key with extension, and bytes of each output, by source, export and variant."""
    return {
        (row["source"], row["export"], row["variant"]): (
            row["split"],
            Path(row["path"]).name,
            shards.read_member(folder, row),
        )
        for row in rows_of(folder)
    }


def test_every_row_leads_to_its_bytes_and_every_shard_to_its_rows(tmp_path: Path) -> None:
    out = run(tmp_path, "out")
    rows = rows_of(out)
    for row in rows:
        data = shards.read_member(out, row)
        assert hashlib.sha256(data).hexdigest() == row["sha256"]
        assert row["path"].startswith(f"{row['shard']}/")
        assert row["shard"] == f"data/{row['split']}/local-000000.tar"
    for path in sorted(out.rglob("*.tar")):
        own = {Path(row["path"]).stem: row for row in rows if out / row["shard"] == path}
        with tarfile.open(path) as archive:
            members = archive.getmembers()
            assert [member.name for member in members] == [
                name
                for key in sorted(own, key=lambda key: own[key]["offset"])
                for name in (f"{key}.jpg", f"{key}.json")
            ]
            for member in members:
                assert (member.mtime, member.uid, member.uname, member.mode) == (0, 0, "", 0o644)
            for key, row in own.items():
                told = json.load(archive.extractfile(f"{key}.json"))  # type: ignore[arg-type]
                assert told == {name: row[name] for name in told}
                assert {"label", "split", "source", "export", "variant", "sha256", "identity"} <= set(told)
    assert not list(out.rglob(".*"))
    assert not list(out.glob("*augmented*"))
    assert main(["check", str(out)]) == 0


def test_the_index_is_what_wds2idx_writes(tmp_path: Path) -> None:
    """A line a sample: extension, offset, size and name of each member; offsets are those of the bytes."""
    out = run(tmp_path, "out")
    for path in sorted(out.rglob("*.tar")):
        head, *lines = path.with_suffix(".idx").read_text().splitlines()
        with tarfile.open(path) as archive:
            members = [f"{m.name.split('.', 1)[1]} {m.offset_data} {m.size} {m.name}" for m in archive.getmembers()]
        assert head == f"v1.2 {len(lines)}"
        assert lines == [f"{image} {text}" for image, text in zip(members[::2], members[1::2], strict=True)]


def test_the_number_of_processes_changes_no_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("augmentation.run.parallel.CHUNK_FILES", 2)
    one, two = run(tmp_path, "one", "--processes", "1"), run(tmp_path, "two", "--processes", "2")
    assert {name: data.replace(b"/one", b"/two") for name, data in tree(one).items()} == tree(two)


@pytest.mark.parametrize("hosts", [1, 2, 7, 20])
def test_the_union_of_the_hosts_is_what_a_whole_run_makes(tmp_path: Path, hosts: int) -> None:
    whole = run(tmp_path, "whole")
    names = sorted(path.name for path in (tmp_path / "in").iterdir())
    for number in range(hosts):
        shard = tmp_path / f"shard-{number}"
        shard.mkdir()
        for name in names[number::hosts]:
            (shard / name).write_bytes((tmp_path / "in" / name).read_bytes())
        config = tmp_path / "resourceconfig.json"
        config.write_text(json.dumps({"current_host": f"algo-{number + 1}", "hosts": []}))
        run(tmp_path, "union", "--host-config", str(config), "--processes", "1", source=shard.name)
    assert contents(tmp_path / "union") == contents(whole)
    for path in (tmp_path / "union").rglob("*.tar"):
        assert path.with_suffix(".idx").exists()


def test_folders_and_shards_hold_the_same_images(tmp_path: Path) -> None:
    packed = run(tmp_path, "packed")
    set_layout(tmp_path, "folders")
    loose = run(tmp_path, "loose")
    found = {
        (row["source"], row["export"], row["variant"]): (loose / row["path"]).read_bytes() for row in rows_of(loose)
    }
    assert {key: data for key, (_, _, data) in contents(packed).items()} == found
    assert {row["identity"] for row in rows_of(packed)} == {row["identity"] for row in rows_of(loose)}


def test_many_outputs_go_into_shards_by_themselves_on_every_host_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_layout(tmp_path, "auto")
    assert not list(run(tmp_path, "few").rglob("*.tar"))
    planned = len(rows_of(tmp_path / "few"))
    monkeypatch.setattr(shards, "AUTO_ABOVE", planned)
    assert not list(run(tmp_path, "just").rglob("*.tar"))
    monkeypatch.setattr(shards, "AUTO_ABOVE", planned - 1)
    assert list(run(tmp_path, "many").rglob("*.tar"))
    (tmp_path / "one-photo").mkdir()
    photo = min((tmp_path / "in").iterdir())
    (tmp_path / "one-photo" / photo.name).write_bytes(photo.read_bytes())
    (tmp_path / "rc.json").write_text(json.dumps({"current_host": "algo-3", "hosts": []}))
    host = run(tmp_path, "host", "--host-config", str(tmp_path / "rc.json"), source="one-photo")
    assert [path.name for path in host.rglob("*.tar")] == ["algo-3-000000.tar"]


def any_row(number: int, split: str = "train", source: str = "a.jpg") -> dict[str, Any]:
    return {
        "source": source,
        "path": f"data/{split}/a/x.jpg",
        "split": split,
        "export": "e",
        "variant": number,
        "identity": f"{number:064x}",
    }


def test_a_full_shard_is_followed_by_the_next(tmp_path: Path) -> None:
    packer = Packer(tmp_path, "algo-1", shard_bytes=10_000, shard_samples=3)
    small = packer.add([any_row(number) for number in range(7)], [b"x"] * 7)
    large = packer.add([any_row(number, "val") for number in range(4)], [bytes(6000)] * 4)
    packer.close()
    assert [row["shard"][-10:-4] for row in small] == ["000000"] * 3 + ["000001"] * 3 + ["000002"]
    assert [row["shard"] for row in large] == [f"data/val/algo-1-00000{number}.tar" for number in (0, 0, 1, 1)]


@pytest.mark.parametrize("source", ["a.b.c.jpg", "x" * 250 + ".jpg", "Zoë/日本.tif", ".jpg", "a~b.png"])
def test_keys_have_no_dot_and_fit_into_any_tar(source: str, tmp_path: Path) -> None:
    row = {**any_row(9999, source=source), "export": "e" * 32, "identity": "f" * 64}
    assert "." not in key_of(row)
    assert len(f"{key_of(row)}.json".encode()) <= 100
    packer = Packer(tmp_path, "local")
    packer.add([row], [b"x"])
    packer.close()
    with tarfile.open(tmp_path / "data/train/local-000000.tar") as archive:
        assert archive.getnames() == [f"{key_of(row)}.jpg", f"{key_of(row)}.json"]


def kill_in_the_middle(folder: Path, output: str, size: int) -> None:
    """SIGKILL for a real process and its workers once the training shard has so many bytes."""
    slow = (
        "import sys, time, augmentation.run.parallel as p, augmentation.run.augmenter as w\n"
        "from augmentation.__main__ import main\n"
        "p.CHUNK_FILES = 1; augment = w.Augmenter.augment\n"
        "w.Augmenter.augment = lambda self, sources: (time.sleep(0.05), augment(self, sources))[1]\n"
        "sys.exit(main(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", slow, *arguments(folder, output, "--resume", "--processes", "2")]
    child = subprocess.Popen(command, cwd=ROOT, start_new_session=True, stderr=subprocess.DEVNULL)
    manifest = folder / output / "parts/local/manifest.jsonl"
    deadline = time.monotonic() + 60
    while child.poll() is None and not (manifest.exists() and manifest.stat().st_size > size):
        assert time.monotonic() < deadline
        time.sleep(0.002)
    os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    assert not (folder / output / "_SUCCESS").exists()
    assert not list((folder / output).rglob("*.tar"))  # under its name a shard is whole


def test_a_killed_run_is_resumed_to_the_same_bytes(tmp_path: Path) -> None:
    whole = run(tmp_path, "whole")
    kill_in_the_middle(tmp_path, "torn", 2000)
    kill_in_the_middle(tmp_path, "torn", 3000)
    torn = run(tmp_path, "torn", "--resume", "--processes", "1")
    assert {name: data.replace(b"/torn", b"/whole") for name, data in tree(torn).items()} == tree(whole)
    assert main(["check", str(torn)]) == 0


def test_what_is_whole_in_a_torn_shard_is_not_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of the bytes of each shard are lost, and one byte in the other half is another."""
    whole = run(tmp_path, "whole")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("augmentation.run.run._finish", lambda *_: None)
        out = run(tmp_path, "out")
    (out / "parts/local/part.json").unlink()
    for path in out.rglob("*.tar"):
        data = bytearray(path.read_bytes()[: path.stat().st_size // 2])
        data[600] ^= 1
        path.with_name(f".{path.name}.part").write_bytes(data)
        path.unlink()
    decoded = watch_executions(monkeypatch, tmp_path / "decoded")
    monkeypatch.setattr("augmentation.run.samples.Samples.of", lambda *_: NO_SAMPLES)
    run(tmp_path, "out", "--resume", "--processes", "1")
    shown = "report.html"
    found = {name: data.replace(b"/out", b"/whole") for name, data in tree(out).items() if name != shown}
    assert found == {name: data for name, data in tree(whole).items() if name != shown}
    assert 3 <= len(decoded()) <= PHOTOS - 3


def test_a_version_that_grows_names_the_shards_of_the_earlier_one(tmp_path: Path) -> None:
    first = sorted((tmp_path / "in").iterdir())[:9]
    (tmp_path / "some").mkdir()
    for path in first:
        (tmp_path / "some" / path.name).write_bytes(path.read_bytes())
    run(tmp_path, "v1", "--version", "v1", source="some")
    out = run(tmp_path, "v2", "--version", "v2", "--known", str(tmp_path / "v1/manifest.jsonl"))
    rows = rows_of(out)
    old = [row for row in rows if row["version"] == "v1"]
    assert {row["source"] for row in old} == {path.name for path in first}
    assert all(row["shard"].startswith("../v1/data/") and row["path"].startswith(row["shard"]) for row in old)
    assert main(["check", str(out)]) == 0


def test_the_check_finds_a_damaged_shard_and_one_too_many(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = run(tmp_path, "out")
    row = rows_of(out)[0]
    with (out / row["shard"]).open("r+b") as file:
        file.seek(row["offset"] + 5)
        file.write(b"\x00\x01")
    (out / "data/train/stray.tar").write_bytes(b"")
    assert main(["check", str(out)]) == 1
    said = capsys.readouterr().err
    assert f"{row['path']}: the bytes are not those of the manifest's sha256" in said
    assert "data/train/stray.tar: the manifest does not name this file" in said
