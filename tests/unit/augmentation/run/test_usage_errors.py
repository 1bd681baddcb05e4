"""What a person gets wrong is answered with what, where and what to do; exit code 2, no traceback."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

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
        (broken("small.yaml", "- a\n"), {}, "small.yaml:1:1: a recipe is a mapping with `name` and `steps`, not list"),
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
        raise OSError("No space left on device")

    monkeypatch.setattr("augmentation.run.write_buffer.write_output", fail)
    message = folder / "message"
    assert main(arguments(folder, message_file=str(message), processes="1")) == 1
    assert message.read_text() == "OSError: No space left on device"
    assert not (folder / "out/_SUCCESS").exists()


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
