"""The fingerprint pass, its groups, and the check of a version: what is nearly the same never crosses splits."""

from __future__ import annotations

import hashlib
import io
import json
from collections import Counter
from pathlib import Path

import pytest
from PIL import Image

from augmentation.__main__ import main
from augmentation.image.frame import Frame
from augmentation.image.reading.reader import read_image
from augmentation.input.fingerprints import comparable, load_groups, read_fingerprint
from domain.errors import InvalidInput
from tests.support.builders.photos import save_labels, save_recipe, textured, tree, write_photos


def encoded(pixels: Image.Image, **save: int) -> bytes:
    stream = io.BytesIO()
    pixels.save(stream, "JPEG", **save)
    return stream.getvalue()


def near_duplicates(folder: Path, count: int = 12, small_class: int = 3) -> None:
    """Photos, and a smaller copy of each under a name that sorts elsewhere."""
    rows = write_photos(folder / "in", count, small_class=small_class)
    for seed, row in enumerate(list(rows)):
        photo = textured(seed)
        photo.save(folder / "in" / row.source, "JPEG", quality=90)
        photo.resize((100, 100)).save(folder / "in" / f"copy of {row.source}", "JPEG", quality=80)
        rows.append(row.model_copy(update={"source": f"copy of {row.source}"}))
    save_labels(folder / "labels.jsonl", rows)
    save_recipe(folder / "recipe.yaml")


def run(folder: Path, output: str, *more: str) -> int:
    named = {"recipe": "recipe.yaml", "input": "in", "output": output, "labels": "labels.jsonl"}
    paths = [text for name, path in named.items() for text in (f"--{name}", str(folder / path))]
    return main(["run", *paths, "--processes", "1", *more])


def prints(folder: Path, output: str = "prints.jsonl", source: str = "in", processes: int = 1) -> Path:
    assert main(["fingerprint", "--input", str(folder / source), "--output", str(folder / output),
                 "--processes", str(processes)]) == 0  # fmt: skip
    return folder / output


def test_near_duplicates_share_a_split_and_the_check_proves_it(tmp_path: Path) -> None:
    near_duplicates(tmp_path)
    file = prints(tmp_path)
    assert run(tmp_path, "out", "--fingerprints", str(file)) == 0
    rows = [json.loads(line) for line in (tmp_path / "out/manifest.jsonl").read_text().splitlines()]
    splits = {row["source"]: row["split"] for row in rows}
    assert all(splits[name] == splits[f"copy of {name}"] for name in splits if not name.startswith("copy of"))
    assert len(set(splits.values())) == 3
    assert main(["check", str(tmp_path / "out"), "--fingerprints", str(file)]) == 0


def ignore_near_duplicates(folder: Path) -> None:
    recipe = folder / "recipe.yaml"
    recipe.write_text(recipe.read_text().replace("splits: {", "splits: {near_duplicates: ignore, "))
    assert "near_duplicates: ignore" in recipe.read_text()


def test_a_whole_run_makes_the_pass_itself_and_leaves_its_proof_in_the_version(tmp_path: Path) -> None:
    near_duplicates(tmp_path)
    assert run(tmp_path, "told", "--fingerprints", str(prints(tmp_path)), "--created", "2026-11-25") == 0
    assert run(tmp_path, "own", "--created", "2026-11-25") == 0
    told, own = tree(tmp_path / "told"), tree(tmp_path / "own")
    assert {name: data.replace(b"/told", b"/own") for name, data in told.items()} == own
    assert own["fingerprints.jsonl"] == (tmp_path / "prints.jsonl").read_bytes()
    assert main(["check", str(tmp_path / "own")]) == 0


def test_the_check_needs_no_options_to_find_a_leak(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    near_duplicates(tmp_path)
    ignore_near_duplicates(tmp_path)
    assert run(tmp_path, "out") == 0
    assert not (tmp_path / "out/fingerprints.jsonl").exists()
    prints(tmp_path, "out/fingerprints.jsonl")
    assert main(["check", str(tmp_path / "out")]) == 1
    assert "are near-duplicates in two splits" in capsys.readouterr().err


def one_split(folder: Path, taken_out: str = "") -> None:
    recipe = folder / "recipe.yaml"
    text = recipe.read_text().replace(taken_out, "")
    line = next(line for line in text.splitlines() if line.startswith("splits:"))
    recipe.write_text(text.replace(line, "splits: {train: 1, val: 0, test: 0}"))


def test_balance_counts_nothing_that_cannot_be_read(tmp_path: Path) -> None:
    near_duplicates(tmp_path)
    one_split(tmp_path)
    rows = [json.loads(line) for line in (tmp_path / "labels.jsonl").read_text().splitlines()]
    largest = Counter(row["label"] for row in rows).most_common(1)[0][0]
    for row in [row for row in rows if row["label"] == largest][:-2]:
        (tmp_path / "in" / row["source"]).write_bytes(b"no image")
    assert run(tmp_path, "out") == 0
    classes = json.loads((tmp_path / "out/dataset.json").read_text())["classes"]
    assert len({found["training_outputs"] for found in classes.values()}) == 1
    assert not (tmp_path / "out/fingerprints.jsonl").exists()  # it was made for the count alone
    reasons = {json.loads(line)["reason"] for line in (tmp_path / "out/quarantine.jsonl").read_text().splitlines()}
    assert reasons == {"not an image of a known format (JPEG, PNG, WEBP, BMP, TIFF, GIF)"}


def test_one_split_without_balance_needs_no_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    near_duplicates(tmp_path)
    one_split(tmp_path, "    balance: 1.0\n")
    monkeypatch.setattr("augmentation.input.preparation.write_fingerprints", lambda *_: pytest.fail("a pass was made"))
    assert run(tmp_path, "out") == 0


def test_a_copy_of_an_earlier_image_follows_it_though_that_is_not_in_the_input_any_more(tmp_path: Path) -> None:
    near_duplicates(tmp_path)
    copies = sorted((tmp_path / "in").glob("copy of*"))
    (tmp_path / "later").mkdir()
    for path in copies:
        path.rename(tmp_path / "later" / path.name)
    assert run(tmp_path, "v1", "--version", "v1") == 0
    for path in (tmp_path / "in").iterdir():
        path.unlink()
    for path in (tmp_path / "later").iterdir():
        path.rename(tmp_path / "in" / path.name)
    assert run(tmp_path, "v2", "--known", str(tmp_path / "v1/manifest.jsonl")) == 0
    rows = [json.loads(line) for line in (tmp_path / "v2/manifest.jsonl").read_text().splitlines()]
    splits = {row["source"]: row["split"] for row in rows}
    assert len(splits) == 2 * len(copies)
    assert all(splits[name] == splits[f"copy of {name}"] for name in splits if not name.startswith("copy of"))
    assert main(["check", str(tmp_path / "v2")]) == 0


def test_a_growing_version_decodes_only_what_is_new_or_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    near_duplicates(tmp_path)
    assert run(tmp_path, "v1") == 0
    changed, *_ = sorted((tmp_path / "in").iterdir())
    changed.write_bytes(encoded(textured(77)))
    (tmp_path / "in/new.jpg").write_bytes(encoded(textured(78)))
    hashed = tmp_path / "hashed"
    hashed.mkdir()

    def noted(data: bytes, target: object) -> Frame:
        (hashed / hashlib.sha256(data).hexdigest()).write_bytes(data)  # in a process of its own
        return read_image(data)

    monkeypatch.setattr("augmentation.input.look.read_image", noted)
    run(tmp_path, "v2", "--known", str(tmp_path / "v1/manifest.jsonl"))
    found = {path.read_bytes() for path in hashed.iterdir()}
    assert found == {changed.read_bytes(), (tmp_path / "in/new.jpg").read_bytes()}


def test_without_fingerprints_the_check_finds_what_crosses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    near_duplicates(tmp_path)
    ignore_near_duplicates(tmp_path)
    assert run(tmp_path, "out") == 0
    assert main(["check", str(tmp_path / "out"), "--fingerprints", str(prints(tmp_path))]) == 1
    assert "are near-duplicates in two splits" in capsys.readouterr().err


def test_an_earlier_version_that_leaks_is_refused_before_anything_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    near_duplicates(tmp_path)
    ignore_near_duplicates(tmp_path)
    assert run(tmp_path, "v1") == 0
    known = ["--known", str(tmp_path / "v1/manifest.jsonl"), "--fingerprints", str(prints(tmp_path))]
    assert run(tmp_path, "v2", *known) == 2
    assert "its near-duplicate" in capsys.readouterr().err
    assert not (tmp_path / "v2/data").exists()


def test_the_files_of_the_hosts_together_are_the_file_of_one(tmp_path: Path) -> None:
    near_duplicates(tmp_path)
    (tmp_path / "in/broken.jpg").write_bytes(b"broken")
    one = prints(tmp_path, processes=2)
    for number, photo in enumerate(sorted((tmp_path / "in").iterdir())):
        shard = tmp_path / f"shard-{number % 7}"
        shard.mkdir(exist_ok=True)
        (shard / photo.name).write_bytes(photo.read_bytes())
    for number in range(7):
        prints(tmp_path, f"all/algo-{number}.jsonl", f"shard-{number}")
    assert load_groups(tmp_path / "all") == load_groups(one)
    joined = [line for path in (tmp_path / "all").iterdir() for line in path.read_text().splitlines()]
    assert sorted(joined) == sorted(one.read_text().splitlines())


def test_what_is_no_fingerprints_file_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    near_duplicates(tmp_path, 2)
    assert run(tmp_path, "out", "--fingerprints", str(tmp_path / "labels.jsonl")) == 2
    assert "python -m augmentation fingerprint" in capsys.readouterr().err


@pytest.mark.parametrize(
    "row", [{"source": "a"}, {"source": "a", "fingerprint": "12"}, {"fingerprint": "0" * 64},
            {"source": "a", "fingerprint": "x" * 64}]
)  # fmt: skip
def test_a_row_that_is_no_fingerprint_is_refused(row: dict[str, str]) -> None:
    with pytest.raises(InvalidInput, match="fingerprint"):
        read_fingerprint(row, "prints.jsonl")


def of_an_earlier_kempelen(file: Path) -> None:
    """The first bit was 0 there."""
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    file.write_text("".join(json.dumps(row | {"fingerprint": f"7{row['fingerprint'][1:]}"}) + "\n" for row in rows))


def test_fingerprints_of_an_earlier_kempelen_are_refused_where_they_are_given(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    near_duplicates(tmp_path, 2)
    file = prints(tmp_path)
    of_an_earlier_kempelen(file)
    assert run(tmp_path, "out", "--fingerprints", str(file)) == 2
    said = capsys.readouterr().err
    assert "is one of Kempelen 0.2 or before; make the file with `python -m augmentation fingerprint`" in said


def test_a_version_of_an_earlier_kempelen_grows_with_fingerprints_made_anew(tmp_path: Path) -> None:
    near_duplicates(tmp_path)
    assert run(tmp_path, "v1") == 0
    of_an_earlier_kempelen(tmp_path / "v1/fingerprints.jsonl")
    assert main(["check", str(tmp_path / "v1")]) == 0
    assert run(tmp_path, "v2", "--seed", "5", "--known", str(tmp_path / "v1/manifest.jsonl")) == 0
    assert comparable(tmp_path / "v2/fingerprints.jsonl")
    assert len(load_groups(tmp_path / "v2/fingerprints.jsonl")) == 2 * 12
    earlier = ["--earlier", str(tmp_path / "v1/fingerprints.jsonl"), "--processes", "1"]
    paths = ["--input", str(tmp_path / "in"), "--output", str(tmp_path / "again.jsonl")]
    assert main(["fingerprint", *paths, *earlier]) == 0
    assert (tmp_path / "again.jsonl").read_bytes() == (tmp_path / "v2/fingerprints.jsonl").read_bytes()


def test_a_file_that_is_not_sorted_is_refused_for_a_merge_would_lose_rows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    near_duplicates(tmp_path, 2)
    file = prints(tmp_path)
    lines = file.read_text().splitlines()
    file.write_text("".join(f"{line}\n" for line in reversed(lines)))
    assert run(tmp_path, "out", "--fingerprints", str(file)) == 2
    assert "but rows are sorted by `source`" in capsys.readouterr().err


@pytest.fixture
def version(tmp_path: Path) -> Path:
    save_labels(tmp_path / "labels.jsonl", write_photos(tmp_path / "in", 10))
    save_recipe(tmp_path / "recipe.yaml")
    assert run(tmp_path, "out") == 0
    assert main(["check", str(tmp_path / "out")]) == 0
    return tmp_path / "out"


def complaint(folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    assert main(["check", str(folder)]) == 1
    return capsys.readouterr().err


def test_a_damaged_a_missing_and_a_stray_file_are_named(version: Path, capsys: pytest.CaptureFixture[str]) -> None:
    damaged, missing, *_ = sorted(version.rglob("data/*/*/*"))
    damaged.write_bytes(damaged.read_bytes() + b"!")
    missing.unlink()
    (version / "data/train/stray.jpg").write_bytes(b"")
    said = complaint(version, capsys)
    assert f"{damaged.relative_to(version)}: the bytes are not those" in said
    assert f"{missing.relative_to(version)}: No such file" in said
    assert "data/train/stray.jpg: the manifest does not name this file" in said


def test_an_unfinished_version_and_wrong_counts_are_named(version: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (version / "_SUCCESS").unlink()
    rows = (version / "manifest.jsonl").read_text().splitlines(keepends=True)
    (version / "manifest.jsonl").write_text("".join(rows[:-1]))
    said = complaint(version, capsys)
    assert "never finished" in said
    assert f"outputs is {len(rows)}, but found were {len(rows) - 1}" in said


def test_a_source_in_two_splits_is_named(version: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [json.loads(line) for line in (version / "manifest.jsonl").read_text().splitlines()]
    twice = next(row for row in rows if row["split"] == "train")
    twice["split"] = "test"
    (version / "manifest.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    assert f"{twice['source']}: the source is in" in complaint(version, capsys)


def test_a_folder_without_a_version_is_refused(tmp_path: Path) -> None:
    assert main(["check", str(tmp_path)]) == 2


def test_the_pass_leaves_no_half_written_file(tmp_path: Path) -> None:
    near_duplicates(tmp_path, 2)
    prints(tmp_path, "new/prints.jsonl")
    assert tree(tmp_path / "new").keys() == {"prints.jsonl"}


def on_host(folder: Path, output: str, hosts: int, number: int, source: str, *more: str) -> None:
    config = folder / "resourceconfig.json"
    names = [f"algo-{host + 1}" for host in range(hosts)]
    config.write_text(json.dumps({"current_host": names[number], "hosts": names}))
    named = {"recipe": "recipe.yaml", "input": source, "output": output, "labels": "labels.jsonl"}
    paths = [text for name, path in named.items() for text in (f"--{name}", str(folder / path))]
    assert main(["run", *paths, "--processes", "1", "--host-config", str(config), *more]) == 0


@pytest.mark.parametrize("hosts", [1, 2, 7, 20])
def test_hosts_that_are_told_all_fingerprints_make_what_a_whole_run_makes(tmp_path: Path, hosts: int) -> None:
    """A host that is alone makes the pass itself; several are told each other's files, whatever their number."""
    near_duplicates(tmp_path, count=8)
    assert run(tmp_path, "whole") == 0
    names = sorted(path.name for path in (tmp_path / "in").iterdir())
    for number in range(hosts):
        shard = tmp_path / f"shard-{number}"
        shard.mkdir()
        for name in names[number::hosts]:
            (shard / name).write_bytes((tmp_path / "in" / name).read_bytes())
        if hosts > 1:
            prints(tmp_path, f"all/algo-{number + 1}.jsonl", f"shard-{number}")
    for number in range(hosts):
        more = ["--fingerprints", str(tmp_path / "all")] if hosts > 1 else []
        on_host(tmp_path, "union", hosts, number, f"shard-{number}", *more)
    whole, union = tree(tmp_path / "whole"), tree(tmp_path / "union")
    kept = {name for name in whole if name.startswith("data/")} | {"fingerprints.jsonl"}
    assert {name: union[name] for name in kept} == {name: whole[name] for name in kept}
    assert {name for name in union if name.startswith("data/")} == kept - {"fingerprints.jsonl"}


def test_the_file_of_a_host_has_the_hosts_name_and_takes_over_what_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    near_duplicates(tmp_path, count=3)
    one = prints(tmp_path)
    (tmp_path / "rc.json").write_text(json.dumps({"current_host": "algo-2", "hosts": ["algo-1", "algo-2"]}))
    target = "augmentation.input.look.read_image"
    monkeypatch.setattr(target, lambda *_: pytest.fail("an image was decoded again"))
    words = [
        "--input",
        str(tmp_path / "in"),
        "--output",
        str(tmp_path / "all"),
        "--earlier",
        str(one),
        "--processes",
        "1",
    ]
    message = ["--host-config", str(tmp_path / "rc.json"), "--message-file", str(tmp_path / "message")]
    assert main(["fingerprint", *words, *message]) == 0
    assert [path.name for path in (tmp_path / "all").iterdir()] == ["algo-2.jsonl"]
    assert (tmp_path / "all/algo-2.jsonl").read_bytes() == one.read_bytes()
