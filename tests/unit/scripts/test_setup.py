"""Set-up makes again only what changed, and says what a person must do first."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from scripts import setup


@pytest.fixture(autouse=True)
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    monkeypatch.setattr(setup, "LOCAL", tmp_path / ".local")
    return tmp_path


def test_what_is_current_is_not_made_again(clone: Path) -> None:
    locked, made = clone / "lock.txt", []
    locked.write_text("one")

    def make() -> None:
        made.append(locked.read_text())
        (clone / "folder").mkdir(exist_ok=True)

    for _ in range(2):
        setup.once(clone / "folder", [locked], "", make)
    assert made == ["one"]
    locked.write_text("two")
    setup.once(clone / "folder", [locked], "", make)
    assert made == ["one", "two"]


def test_a_folder_that_was_deleted_is_made_again(clone: Path) -> None:
    locked, made = clone / "lock.txt", []
    locked.write_text("one")

    def make() -> None:
        made.append(1)
        (clone / "folder").mkdir()

    setup.once(clone / "folder", [locked], "", make)
    (clone / "folder").rmdir()
    setup.once(clone / "folder", [locked], "", make)
    assert len(made) == 2


def test_a_failed_step_is_not_taken_for_done(clone: Path) -> None:
    locked = clone / "lock.txt"
    locked.write_text("one")

    def fail() -> None:
        (clone / "folder").mkdir(exist_ok=True)
        raise setup.SetupError("no network")

    with pytest.raises(setup.SetupError):
        setup.once(clone / "folder", [locked], "", fail)
    assert not setup.is_current("folder", clone / "folder", setup.digest([locked], ""))


@pytest.fixture
def calls(clone: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """What uv is called with, in a clone with a lock file for each level."""
    called: list[tuple[str, ...]] = []
    monkeypatch.setattr(setup, "uv", lambda *arguments: called.append(arguments))
    monkeypatch.setattr(setup, "VENV", clone / ".venv")
    (clone / ".venv").mkdir()
    (clone / "requirements").mkdir()
    for name in setup.LEVELS.values():
        (clone / name).write_text(name)
    return called


def test_a_higher_level_serves_a_lower_one(calls: list[tuple[str, ...]]) -> None:
    setup.sync_project("dev")
    setup.sync_project("demo")
    assert [arguments[-1] for arguments in calls] == ["requirements-dev.txt"]


@pytest.mark.parametrize(
    ("first", "second", "made"), [("assist", "demo", 1), ("dev", "assist", 1), ("deploy", "assist", 2)]
)
def test_what_rounds_need_comes_with_development_but_not_with_deployment(
    calls: list[tuple[str, ...]], first: str, second: str, made: int
) -> None:
    setup.sync_project(first)
    setup.sync_project(second)
    assert len(calls) == made


def test_a_remade_environment_is_filled_again(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[list[str]] = []

    def run(command: list[str], environment: dict[str, str] | None = None) -> None:
        commands.append(command)
        (clone / ".venv").mkdir(exist_ok=True)

    monkeypatch.setattr(setup, "run", run)
    monkeypatch.setattr(setup, "VENV", clone / ".venv")
    (clone / "requirements").mkdir()
    for name in [*setup.LEVELS.values(), "requirements/uv.txt"]:
        (clone / name).write_text(name)
    setup.make_virtual_environment()
    setup.sync_project("dev")
    (clone / "requirements/uv.txt").write_text("a newer uv")
    commands.clear()
    setup.make_virtual_environment()
    setup.sync_project("demo")
    assert commands[-1][-1] == "requirements/demo.txt"


def test_an_old_python_is_refused_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 4))
    with pytest.raises(setup.SetupError, match=r"found 3\.10\.4.*make PYTHON="):
        setup.require_python()


def test_a_failing_command_shows_its_output(clone: Path) -> None:
    with pytest.raises(setup.SetupError, match="what went wrong"):
        setup.run([sys.executable, "-c", "import sys; print('what went wrong'); sys.exit(3)"])
