"""A run that was killed goes on where it ended, and makes what an uninterrupted one makes, byte for byte."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

from augmentation.__main__ import main
from tests.support.builders.photos import ROOT, save_labels, save_recipe, tree, write_photos
from tests.support.fakes.executions import watch_executions

PHOTOS = 40


def arguments(folder: Path, output: str, *more: str, seed: int = 7) -> list[str]:
    named = {"recipe": "recipe.yaml", "input": "in", "output": output, "labels": "labels.jsonl"}
    paths = [text for name, path in named.items() for text in (f"--{name}", str(folder / path))]
    return ["run", *paths, "--seed", str(seed), "--created", "2026-11-22", "--processes", "2", *more]


def as_of(folder: Path, name: str) -> dict[str, bytes]:
    """The version's files; the folder's own name is taken out of those that hold it."""
    return {path: data.replace(str(folder / name).encode(), b"URI") for path, data in tree(folder / name).items()}


@pytest.fixture(autouse=True)
def _photos(tmp_path: Path) -> None:
    save_labels(tmp_path / "labels.jsonl", write_photos(tmp_path / "in", PHOTOS, small_class=15))
    save_recipe(tmp_path / "recipe.yaml")


def kill_in_the_middle(folder: Path, output: str) -> None:
    """A real process with real workers, and SIGKILL for all of them once some outputs lie there."""
    slow = (
        "import augmentation.run.parallel as p; p.CHUNK_FILES = 2; import sys; from augmentation.__main__ import main\n"
    )
    command = [sys.executable, "-c", f"{slow}sys.exit(main(sys.argv[1:]))", *arguments(folder, output, "--resume")]
    child = subprocess.Popen(command, cwd=ROOT, start_new_session=True, stderr=subprocess.DEVNULL)
    before = sum(1 for _ in (folder / output).rglob("data/*/*/*"))
    deadline = time.monotonic() + 60
    while child.poll() is None and sum(1 for _ in (folder / output).rglob("data/*/*/*")) < before + 20:
        assert time.monotonic() < deadline
        time.sleep(0.002)
    os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    assert not (folder / output / "_SUCCESS").exists()


def test_a_killed_run_is_resumed_to_the_same_bytes(tmp_path: Path) -> None:
    assert main(arguments(tmp_path, "whole")) == 0
    kill_in_the_middle(tmp_path, "killed")
    assert main(arguments(tmp_path, "killed", "--resume")) == 0
    assert as_of(tmp_path, "killed") == as_of(tmp_path, "whole")


def unfinished(folder: Path, sources: int, torn: bytes = b"") -> Path:
    """A folder as a run leaves it that was killed after `sources` sources, in the middle of a row."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("augmentation.run.run._finish", lambda *_: None)
        assert main(arguments(folder, "out")) == 0
    manifest = folder / "out/parts/local/manifest.jsonl"
    lines = manifest.read_bytes().splitlines(keepends=True)
    first = list(dict.fromkeys(json.loads(line)["source"] for line in lines))[:sources]
    manifest.write_bytes(b"".join(line for line in lines if json.loads(line)["source"] in first) + torn)
    (folder / "out/parts/local/part.json").unlink()
    return folder / "out"


def resume_alone(folder: Path, *more: str) -> int:
    return main([*arguments(folder, "out", "--resume"), "--processes", "1", *more])


def test_only_what_is_missing_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unfinished(tmp_path, 30, torn=b'{"source": "photo_0')
    decoded = watch_executions(monkeypatch, tmp_path / "decoded")
    assert resume_alone(tmp_path) == 0
    assert PHOTOS - 30 <= len(set(decoded())) <= PHOTOS - 30 + 8 + 8  # and the pictures of the report


def test_a_file_with_other_bytes_is_made_again(tmp_path: Path) -> None:
    assert main(arguments(tmp_path, "whole")) == 0
    out = unfinished(tmp_path, PHOTOS)
    damaged = sorted(out.rglob("data/*/*/*"))[::7]
    for path in damaged[1:]:
        path.write_bytes(path.read_bytes()[:-1])
    damaged[0].unlink()
    assert resume_alone(tmp_path) == 0
    assert as_of(tmp_path, "out") == as_of(tmp_path, "whole")


def test_a_source_that_changed_or_went_away_leaves_no_output_behind(tmp_path: Path) -> None:
    unfinished(tmp_path, PHOTOS)
    photos = sorted((tmp_path / "in").iterdir())
    with Image.open(photos[4]) as other:
        other.transpose(Image.Transpose.ROTATE_90).save(photos[3], "JPEG")
    photos[8].unlink()
    assert resume_alone(tmp_path) == 0
    assert main(arguments(tmp_path, "whole")) == 0
    assert as_of(tmp_path, "out") == as_of(tmp_path, "whole")


def test_what_no_row_tells_of_is_removed(tmp_path: Path) -> None:
    out = unfinished(tmp_path, 30)
    gone = sorted((tmp_path / "in").iterdir())[-1]
    gone.unlink()
    near = next(iter(sorted(out.rglob(f"data/*/*/{gone.stem}~*"))))
    near.with_name(f"{gone.stem}~varied~9~torn.jpg").write_bytes(b"\xff\xd8half a pict")
    assert resume_alone(tmp_path) == 0
    assert main(arguments(tmp_path, "whole")) == 0
    assert as_of(tmp_path, "out") == as_of(tmp_path, "whole")


def test_another_seed_or_other_labels_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    unfinished(tmp_path, 5)
    assert main(arguments(tmp_path, "out", "--resume", seed=8)) == 2
    assert "was begun with another seed" in capsys.readouterr().err
    save_labels(tmp_path / "labels.jsonl", write_photos(tmp_path / "in", PHOTOS, small_class=9))
    assert resume_alone(tmp_path) == 2
    assert "was begun with another labels, splits or near-duplicates" in capsys.readouterr().err


def test_without_the_option_an_unfinished_folder_is_refused_and_the_option_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    unfinished(tmp_path, 5)
    assert main(arguments(tmp_path, "out")) == 2
    assert "--resume" in capsys.readouterr().err


def test_a_folder_of_something_else_is_never_resumed(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/thesis.txt").write_text("mine")
    assert resume_alone(tmp_path) == 2


def test_a_finished_version_stays_as_it_is(tmp_path: Path) -> None:
    assert main(arguments(tmp_path, "out")) == 0
    before = tree(tmp_path / "out")
    assert resume_alone(tmp_path) == 2
    assert tree(tmp_path / "out") == before


def test_a_host_whose_part_is_whole_has_nothing_left_to_do(tmp_path: Path) -> None:
    (tmp_path / "host.json").write_text(json.dumps({"current_host": "algo-1"}))
    assert main(arguments(tmp_path, "out", "--host-config", str(tmp_path / "host.json"))) == 0
    before = tree(tmp_path / "out")
    assert main(arguments(tmp_path, "out", "--resume", "--host-config", str(tmp_path / "host.json"))) == 0
    assert tree(tmp_path / "out") == before
