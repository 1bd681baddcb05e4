"""The processor's instructions decide the bytes: they are the same on most machines, recorded, and no mix is silent."""

from __future__ import annotations

import errno
import json
import os
import platform
import subprocess
import sys
from pathlib import Path

import cv2
import pytest

from augmentation import files
from augmentation.__main__ import main
from augmentation.instructions import leave_newer_unused
from augmentation.run import part
from tests.support.builders.photos import save_recipe, write_photos

MODERN = (
    sys.platform == "linux"
    and platform.machine() == "x86_64"
    and cv2.checkHardwareSupport(11)
    and cv2.checkHardwareSupport(12)
)
SAID = "import augmentation, cv2, numpy; from augmentation.instructions import instructions; print(instructions())"


def said(**environment: str) -> str:
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("OPENCV_CPU_DISABLE", "NPY_DISABLE_CPU_FEATURES")
    }
    done = subprocess.run(
        [sys.executable, "-c", SAID], env={**kept, **environment}, capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    return done.stdout.strip()


@pytest.mark.skipif(not MODERN, reason="a processor without AVX2 and FMA")
def test_nothing_beyond_avx2_is_used_wherever_the_engine_runs() -> None:
    assert said() == "x86-64-v3"
    newer = ["AVX512-SKX"] if "avx512" in Path("/proc/cpuinfo").read_text() else []
    assert said(OPENCV_CPU_DISABLE=",".join([*newer, "AVX2", "FMA3"])) == "x86-64"


@pytest.mark.parametrize(
    ("flags", "told"), [("fpu avx2 fma", False), ("fpu avx2 avx512f avx512vl", True), (None, True)]
)
def test_only_what_a_processor_may_have_is_switched_off(
    flags: str | None, told: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """OpenCV prints a line to stderr for each name that the processor lacks."""
    if flags is not None:
        (tmp_path / "cpuinfo").write_text(f"processor\t: 0\nflags\t\t: {flags}\n")
    monkeypatch.setattr("augmentation.instructions._CPU_INFO", tmp_path / "cpuinfo")
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    monkeypatch.setattr(os, "environ", environment := {})
    leave_newer_unused()
    assert ("OPENCV_CPU_DISABLE" in environment, "NPY_DISABLE_CPU_FEATURES" in environment) == (told, told)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_photos(tmp_path / "in/cat", 3)
    save_recipe(tmp_path / "r.yaml")
    return tmp_path


def run(folder: Path, output: str, *more: str) -> int:
    words = ["--recipe", f"{folder}/r.yaml", "--input", f"{folder}/in", "--output", f"{folder}/{output}"]
    return main(["run", *words, "--processes", "1", *more])


def test_a_run_is_not_resumed_with_other_instructions(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real = files.os.write

    def full(file: int, data: bytes) -> int:
        if bytes(data[:2]) == b"\xff\xd8":
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(file, data)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files.os, "write", full)
        assert run(folder, "out") == 1
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(part, "instructions", lambda: "other")
        assert run(folder, "out", "--resume") == 2
        assert "was begun with another libraries" in capsys.readouterr().err
    assert run(folder, "out", "--resume") == 0


def test_a_version_that_grows_on_another_machine_says_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folder, "v1") == 0
    own = json.loads((folder / "v1/dataset.json").read_text())["libraries"]["instructions"]
    write_photos(folder / "in/dog", 2)
    assert run(folder, "v2", "--known", f"{folder}/v1/manifest.jsonl") == 0
    assert "warning: the files of" not in capsys.readouterr().err
    monkeypatch.setattr(part, "instructions", lambda: "other")
    assert run(folder, "v3", "--known", f"{folder}/v1/manifest.jsonl") == 0
    assert f"were made with other libraries: instructions {own}, now other" in capsys.readouterr().err
    assert "made with other libraries" in json.loads((folder / "v3/dataset.json").read_text())["warnings"][0]
