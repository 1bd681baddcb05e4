"""The Processing job's entry point, with the engine's code in a zip as on SageMaker."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from augmentation import container
from tests.support.builders.photos import ROOT, save_labels, save_recipe, write_photos


@pytest.fixture
def code(tmp_path: Path) -> Path:
    """What the stacks upload: augmentation/, domain/ and learning/ in one zip."""
    target = tmp_path / "code.zip"
    with zipfile.ZipFile(target, "w") as archive:
        for room in ("augmentation", "domain", "learning"):
            for path in sorted((ROOT / room).rglob("*.py")):
                archive.write(path, path.relative_to(ROOT))
    return target


def wheelhouse(folder: Path, **files: str) -> Path:
    folder.mkdir()
    with zipfile.ZipFile(folder / "abc.zip", "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("_txt", ".txt"), text)
    return folder


def start(code: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(code), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, "-m", "augmentation.container", *arguments],
        env=environment, cwd="/", capture_output=True, text=True, check=False,
    )  # fmt: skip


def engine_arguments(folder: Path) -> list[str]:
    save_labels(folder / "labels.jsonl", write_photos(folder / "images", 3))
    config = folder / "config/resourceconfig.json"
    config.parent.mkdir()
    config.write_text(json.dumps({"current_host": "algo-1"}))
    return [
        "run", "--recipe", str(save_recipe(folder / "recipe.yaml")), "--input", str(folder / "images"),
        "--labels", str(folder / "labels.jsonl"), "--output", str(folder / "out"), "--seed", "7",
        "--host-config", str(config),
    ]  # fmt: skip


def test_without_requirements_the_environment_brings_the_packages(tmp_path: Path, code: Path) -> None:
    done = start(code, "--wheelhouse", str(wheelhouse(tmp_path / "w", note_txt="x")), "--", *engine_arguments(tmp_path))
    assert done.returncode == 0, done.stderr
    part = json.loads((tmp_path / "out/parts/algo-1/part.json").read_text())
    assert part["sources"] == 3
    assert not (tmp_path / "output/message").exists()


def test_the_engines_failure_is_the_jobs_failure_with_its_message(tmp_path: Path, code: Path) -> None:
    arguments = engine_arguments(tmp_path)
    (tmp_path / "recipe.yaml").write_text("name: x\nsteps:\n- {op: rotat}\n")
    done = start(code, "--wheelhouse", str(wheelhouse(tmp_path / "w", note_txt="x")), "--", *arguments)
    assert done.returncode == 2
    assert "did you mean 'rotate'?" in (tmp_path / "output/message").read_text()


def test_an_engine_that_was_killed_leaves_a_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the system, for want of memory, or by a custom step that kills its parent."""
    monkeypatch.setattr(container.sys, "executable", str(tmp_path / "python"))
    (tmp_path / "python").write_text("#!/bin/sh\nkill -9 $$\n")
    (tmp_path / "python").chmod(0o755)
    message = tmp_path / "output/message"
    assert container.start_engine(["run"], None, message) == -9
    assert message.read_text() == "the engine was killed by signal 9: out of memory, or a custom step did it"


def test_a_wheelhouse_that_cannot_be_installed_fails_the_job_with_a_message(tmp_path: Path, code: Path) -> None:
    broken = wheelhouse(tmp_path / "w", requirements_txt="no-such-package==1.0\n")
    done = start(code, "--wheelhouse", str(broken), "--", *engine_arguments(tmp_path))
    assert done.returncode == 1
    assert (tmp_path / "output/message").read_text().startswith("pip could not install the wheelhouse abc.zip")


@pytest.mark.parametrize("zips", [0, 2])
def test_exactly_one_zip_is_expected(tmp_path: Path, zips: int, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "w").mkdir()
    for index in range(zips):
        (tmp_path / f"w/{index}.zip").touch()
    message = tmp_path / "message"
    assert container.main(["--wheelhouse", str(tmp_path / "w"), "--message-file", str(message), "--", "run"]) == 1
    assert f"exactly one .zip file was expected, but there are {zips}" in message.read_text()
    assert message.read_text() in capsys.readouterr().err


def test_a_broken_zip_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "w.zip").write_bytes(b"no zip")
    assert container.main(["--wheelhouse", str(tmp_path), "--", "run"]) == 1
    assert "cannot unpack" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [[], ["--wheelhouse", "x"], ["--wheelhouse", "--", "run"], ["--what", "x", "--", "run"]]
)
def test_a_wrong_call_says_how_to_call_it(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert container.main(arguments) == 1
    assert "usage: augmentation.container --wheelhouse FOLDER" in capsys.readouterr().err


def test_the_entry_point_itself_needs_the_standard_library_alone(code: Path) -> None:
    script = f"import sys; sys.path.insert(0, {str(code)!r}); import augmentation.container"
    command = [sys.executable, "-I", "-S", "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_wheels_of_another_python_are_named_before_pip_is_asked(tmp_path: Path) -> None:
    for name in ("pydantic-2.14-py3-none-any.whl", "opencv-4.13-cp37-abi3-manylinux_2_28_x86_64.whl"):
        (tmp_path / name).touch()
    container.check_python(tmp_path)
    own = f"cp{sys.version_info[0]}{sys.version_info[1]}"
    (tmp_path / f"numpy-2.2-{own}-{own}-manylinux_2_28_x86_64.whl").touch()
    container.check_python(tmp_path)
    (tmp_path / "simplejpeg-1.9-cp39-cp39-manylinux_2_28_x86_64.whl").touch()
    with pytest.raises(container.CannotStart, match=rf"\({own}\), and the packages are for cp39: set IMAGE_PYTHON"):
        container.check_python(tmp_path)


STEPS = "def tint(image, rng):\n    image[..., 0] = 200\n    return image\n"
CUSTOM = "name: own\nsplits: {train: 1, val: 0, test: 0}\nsteps:\n- {custom: 'my_steps:tint'}\n- export: own\n"


def wheel_of_steps(folder: Path) -> Path:
    """As small as pip takes one."""
    path = folder / "my_steps-1.0-py3-none-any.whl"
    info = "my_steps-1.0.dist-info/"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("my_steps.py", STEPS)
        archive.writestr(f"{info}METADATA", "Metadata-Version: 2.1\nName: my-steps\nVersion: 1.0\n")
        archive.writestr(f"{info}WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}RECORD", "")
    return path


def with_code(folder: Path, code: Path, file: Path, digest: str) -> subprocess.CompletedProcess[str]:
    arguments = [*engine_arguments(folder), "--allow-custom"]
    (folder / "recipe.yaml").write_text(CUSTOM)
    own = ["--wheelhouse", str(wheelhouse(folder / "w", note_txt="x")), "--code", str(file), "--code-sha256", digest]
    return start(code, *own, "--", *arguments)


@pytest.mark.parametrize("kind", ["py", "whl"])
def test_code_of_ones_own_is_made_importable(kind: str, tmp_path: Path, code: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    file = wheel_of_steps(own) if kind == "whl" else own / "my_steps.py"
    if kind == "py":
        file.write_text(STEPS)
    done = with_code(tmp_path, code, file, hashlib.sha256(file.read_bytes()).hexdigest())
    assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "out/parts/algo-1/part.json").read_text())["outputs"] == 3


@pytest.mark.parametrize(("digest", "said"), [("0" * 64, f"not {'0' * 64}"), ("", "not any that was told")])
def test_code_that_is_not_what_the_run_began_with_fails_the_job(
    digest: str, said: str, tmp_path: Path, code: Path
) -> None:
    (tmp_path / "my_steps.py").write_text(STEPS)
    assert with_code(tmp_path, code, tmp_path / "my_steps.py", digest).returncode == 1
    assert said in (tmp_path / "output/message").read_text()


def test_a_wheel_that_pip_refuses_fails_the_job_with_its_reason(tmp_path: Path, code: Path) -> None:
    file = tmp_path / "my_steps-1.0-cp27-cp27m-win32.whl"
    wheel_of_steps(tmp_path).rename(file)
    assert with_code(tmp_path, code, file, hashlib.sha256(file.read_bytes()).hexdigest()).returncode == 1
    assert (tmp_path / "output/message").read_text().startswith("pip could not install the code my_steps-1.0-cp27")
