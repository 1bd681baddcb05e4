"""What a person gets wrong is answered with what, where and what to do; exit code 2, no traceback."""

from __future__ import annotations

import errno
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from augmentation import files
from augmentation.__main__ import main
from tests.support.builders.photos import save_recipe, write_photos


def arguments(folder: Path, **changes: str) -> list[str]:
    options = {
        "recipe": folder / "small.yaml",
        "input": folder / "in",
        "output": folder / "out",
        "loose_class": "any",
        **changes,
    }
    return ["run", *(word for name, value in options.items() for word in (f"--{name.replace('_', '-')}", str(value)))]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_photos(tmp_path / "in", 2)
    save_recipe(tmp_path / "small.yaml")
    return tmp_path


def broken(name: str, text: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_text(text)


@pytest.mark.parametrize(
    ("prepare", "changes", "said"),
    [
        (broken("x", ""), {"recipe": "/nowhere.yaml"}, "cannot read the recipe /nowhere.yaml: No such file"),
        (broken("small.yaml", "steps: [\n"), {}, "small.yaml:2:1: not valid YAML: "),
        (
            broken("small.yaml", "- a\n"),
            {},
            "small.yaml:1:1: a recipe is a mapping with `name` and `steps`, not a list",
        ),
        (
            broken("small.yaml", "name: a\nsteps:\n- {op: rotat}\n"),
            {},
            "small.yaml:3:3: steps[0]: unknown op 'rotat'; did you mean 'rotate'?",
        ),
        (broken("x", ""), {"input": "/nowhere"}, "--input /nowhere: there is no such folder"),
        (broken("x", ""), {"labels": "/nowhere"}, "cannot read the labels /nowhere"),
        (broken("bad.jsonl", "{}\n"), {"labels": "{folder}/bad.jsonl"}, "bad.jsonl, line 1: source: Field required"),
        (broken("bad.jsonl", "[1]\n"), {"known": "{folder}/bad.jsonl"}, "line 1: a JSON object was expected"),
        (broken("bad.jsonl", "{}\n"), {"known": "{folder}/bad.jsonl"}, "is no manifest.jsonl of a version"),
        (
            broken("bad.jsonl", '{"source": "a", "split": "val", "label": "a", "export": "e", "identity": "no hex"}\n'),
            {"known": "{folder}/bad.jsonl"},
            "is no manifest.jsonl of a version",
        ),
        (
            broken("host.json", "{}"),
            {"host_config": "{folder}/host.json"},
            "a JSON object with `current_host` was expected",
        ),
        (
            broken("host.json", '{"current_host": "../x"}'),
            {"host_config": "{folder}/host.json"},
            "'../x' is no host name",
        ),
        (broken("x", ""), {"output": "{folder}"}, "is not empty; give a new folder"),
        (broken("x", ""), {"output": "{folder}/in/out"}, "lies inside --input"),
        (broken("x", ""), {"output": "{folder}/small.yaml"}, "is a file; give a folder"),
    ],
)
def test_wrong_input_is_answered(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    prepare: Callable[[Path], object],
    changes: dict[str, str],
    said: str,
) -> None:
    prepare(folder)
    changes = {name: value.replace("{folder}", str(folder)) for name, value in changes.items()}
    assert main(arguments(folder, **changes)) == 2
    error = capsys.readouterr().err
    assert said in error
    assert "Traceback" not in error


@pytest.mark.parametrize("words", [["run"], ["walk"], [], ["run", "--processes=0"], ["preview", "--samples", "many"]])
def test_argparse_refuses_with_exit_code_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(words)
    assert stop.value.code == 2
    assert "usage: python -m augmentation" in capsys.readouterr().err


def test_the_reason_goes_to_sagemakers_message_file(folder: Path) -> None:
    message = folder / "ml/output/message"
    assert main(arguments(folder, recipe="/nowhere.yaml", message_file=str(message))) == 2
    assert message.read_text() == "cannot read the recipe /nowhere.yaml: No such file or directory"


def test_an_unforeseen_failure_is_exit_code_1_with_its_reason(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("the engine is broken")

    monkeypatch.setattr("augmentation.run.write_buffer.write_output", fail)
    message = folder / "message"
    assert main(arguments(folder, message_file=str(message), processes="1")) == 1
    assert message.read_text() == "ZeroDivisionError: the engine is broken"
    assert not (folder / "out/_SUCCESS").exists()


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "no space is left for {out}; free some, then the same command with --resume goes on"),
        (errno.EDQUOT, "no space is left for {out}; free some, then the same command with --resume goes on"),
        (errno.EROFS, "cannot use {out}: Read-only file system; give another folder, or mend this one"),
    ],
)
@pytest.mark.parametrize("processes", ["1", "2"])
def test_a_full_disk_is_one_line_and_the_run_can_be_resumed(
    folder: Path, capsys: pytest.CaptureFixture[str], number: int, said: str, processes: str
) -> None:
    real, out = files.os.write, folder / "out"

    def full(file: int, data: bytes) -> int:
        if bytes(data[:2]) == b"\xff\xd8":
            raise OSError(number, os.strerror(number))
        return real(file, data)

    message = folder / "message"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files.os, "write", full)
        assert main(arguments(folder, message_file=str(message), processes=processes)) == 1
    assert capsys.readouterr().err == f"error: {said.format(out=out)}\n"
    assert message.read_text() == said.format(out=out)
    assert not list(out.rglob("*.jpg"))
    assert main([*arguments(folder, processes=processes), "--resume"]) == 0
    assert main(["check", str(out)]) == 0


def test_a_full_disk_of_a_processing_job_asks_for_a_larger_volume(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    (folder / "host.json").write_text('{"current_host": "algo-1", "hosts": ["algo-1"]}')
    monkeypatch.setattr("augmentation.run.write_buffer.write_output", full)
    assert main(arguments(folder, host_config=f"{folder}/host.json")) == 1
    assert "free some, then give the job's instances a larger volume" in capsys.readouterr().err


def test_a_full_folder_for_temporary_files_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("augmentation.run.run.assemble", full)
    assert main(arguments(folder)) == 1
    assert f"no space is left for {tempfile.gettempdir()}; free some" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_ctrl_c_is_one_line_and_the_run_can_be_resumed(folder: Path) -> None:
    write_photos(folder / "in", 600)
    command = [sys.executable, "-m", "augmentation", *arguments(folder)]
    # A shell's background jobs ignore the signal, and so would the child.
    heed = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, preexec_fn=heed) as process:
        while process.poll() is None and not list((folder / "out").rglob("*.jpg")):
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=60)
    assert process.returncode == 130
    assert error == "error: interrupted; the same command with --resume goes on\n"
    assert main([*arguments(folder), "--resume"]) == 0
    assert main(["check", str(folder / "out")]) == 0


def test_logs_stay_free_of_progress(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments(folder)) == 0
    error = capsys.readouterr().err
    assert error.splitlines()[0].startswith("2 files read, ")
    assert "\r" not in error


def test_the_old_name_of_processes_is_taken_for_one_more_version(folder: Path) -> None:
    assert main(arguments(folder, workers="1")) == 0
    with pytest.raises(SystemExit):
        main(arguments(folder, workers="0", output=f"{folder}/other"))


def test_labels_with_the_names_of_version_0_1_are_read_with_a_warning(folder: Path) -> None:
    name = next((folder / "in").iterdir()).name
    row = {"object": name, "source": f"s3://b/{name}", "status": "labeled", "label": "cat", "labels": ["cat"]}
    (folder / "old.jsonl").write_text(json.dumps(row) + "\n")
    with pytest.warns(FutureWarning, match="version 0.3 will refuse the old names"):
        assert main(arguments(folder, labels=f"{folder}/old.jsonl")) == 0
    rows = [json.loads(line) for line in (folder / "out/manifest.jsonl").read_text().splitlines()]
    assert {(row["source"], row["source_ref"], row["label"]) for row in rows} == {(name, f"s3://b/{name}", "cat")}
