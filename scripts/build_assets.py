"""Builds what the stacks upload besides source code: the Lambda layer and the Processing job's wheelhouse. No Docker.

Both are made from the lock files, by hash, for the machine on which they will run rather than for this one. A stamp
beside each folder holds a digest of what it was made from; an unchanged lock file makes nothing again.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

ROOT = Path(__file__).resolve().parent.parent
LAYER_LOCK = ROOT / "requirements/lambda.txt"
ENGINE_LOCK = ROOT / "requirements/engine.txt"
LEARNING_LOCK = ROOT / "requirements/learning.txt"
"""All of the engine's packages, and those of learning."""
WHEELHOUSES = {"wheelhouse": ENGINE_LOCK, "wheelhouse-learning": LEARNING_LOCK}

LAYER_PYTHON = "3.14"
"""The functions' runtime in stacks/constructs/shared/python_function.py; tests compare them."""
LAYER_PLATFORM = "aarch64-manylinux_2_28"
IMAGE_PYTHON = "3.10"
"""Of the scikit-learn 1.4-2 image in which the job runs."""
IMAGE_PLATFORM = "x86_64-manylinux_2_28"

_OLDEST_GLIBC_MINOR = 5
_LOCAL_NOTE = "The local cloud's own Python brings the packages: this asset is empty on purpose.\n"


class BuildError(Exception):
    """A tool failed; the message holds what it said."""


def build_layer(
    target: Path, *, python_version: str = LAYER_PYTHON, platform: str = LAYER_PLATFORM, lock: Path = LAYER_LOCK
) -> Path:
    """Unpack the functions' packages into target/python, where Lambda looks for them. Returns target.

    Raises:
        BuildError: a package has no wheel for that Python and platform, or its hash is wrong.
    """

    def make(folder: Path) -> None:
        packages = folder / "python"
        uv = [_beside_python("uv"), "pip", "install", "--quiet", "--no-deps", "--only-binary", ":all:"]
        built_for = ["--python-version", python_version, "--python-platform", platform, "--target", str(packages)]
        _run([*uv, "--require-hashes", *built_for, "--requirement", str(lock)])
        shutil.rmtree(packages / "bin", ignore_errors=True)  # scripts that name this machine's Python
        (packages / ".lock").unlink(missing_ok=True)

    return _once(target, _digest(lock, "layer", python_version, platform), make)


def build_wheelhouse(
    target: Path, *, python_version: str = IMAGE_PYTHON, platform: str = IMAGE_PLATFORM, lock: Path = ENGINE_LOCK
) -> Path:
    """Download the engine's packages as target/*.whl, with their hashes in target/requirements.txt. Returns target.

    The job installs them with `pip install --no-index --find-links <folder> --require-hashes -r requirements.txt`.

    Raises:
        BuildError: a package has no wheel for that Python and platform, or its hash is wrong.
    """

    def make(folder: Path) -> None:
        with tempfile.TemporaryDirectory() as scratch:
            pip = _pip(Path(scratch))  # uv cannot download wheels for another platform without unpacking them
            options = ["--no-deps", "--only-binary", ":all:", "--require-hashes", "--no-cache-dir"]
            built_for = ["--implementation", "cp", "--python-version", python_version]
            for tag in platform_tags(platform):
                built_for += ["--platform", tag]
            _run([*pip, "download", "--quiet", *options, *built_for, "--dest", str(folder), "--requirement", str(lock)])
        shutil.copyfile(lock, folder / "requirements.txt")

    return _once(target, _digest(lock, "wheelhouse", python_version, platform), make)


def write_local_placeholders(build: Path) -> None:
    """The folders that the stacks want, empty but for a note."""
    for name in ("layer", *WHEELHOUSES):

        def make(folder: Path) -> None:
            (folder / "README.txt").write_text(_LOCAL_NOTE, encoding="utf-8")

        _once(build / name, hashlib.sha256(_LOCAL_NOTE.encode()).hexdigest(), make)


def wheelhouse_of(stage: str, config: Path = ROOT / "config") -> str:
    """Which of the WHEELHOUSES the stage deploys: as its file says in `[learning] enabled`.

    Raises:
        BuildError: there is no such file, or it is not TOML.
    """
    file = config / f"{stage}.toml"
    try:
        learning = tomllib.loads(file.read_text(encoding="utf-8")).get("learning", {})
    except FileNotFoundError as error:
        raise BuildError(f"unknown stage {stage!r}: there is no {config.name}/{file.name}") from error
    except tomllib.TOMLDecodeError as error:
        raise BuildError(f"{config.name}/{file.name} is not valid TOML: {error}") from error
    enabled = isinstance(learning, dict) and learning.get("enabled") is True  # what else is wrong, the stacks say
    return "wheelhouse-learning" if enabled else "wheelhouse"


def platform_tags(platform: str) -> list[str]:
    """The tags that a machine accepts: x86_64-manylinux_2_28 takes wheels for every glibc from 2.5 to 2.28.

    Raises:
        BuildError: the platform is not of the form <machine>-manylinux_2_<minor>.
    """
    machine, _, glibc = platform.partition("-manylinux_2_")
    if not glibc.isdigit():
        raise BuildError(f"platform {platform!r} is not of the form <machine>-manylinux_2_<minor>")
    newest_first = range(int(glibc), _OLDEST_GLIBC_MINOR - 1, -1)
    return [*(f"manylinux_2_{minor}_{machine}" for minor in newest_first), f"manylinux2014_{machine}"]


def _once(target: Path, digest: str, make: Callable[[Path], None]) -> Path:
    """Make the folder beside its place and move it there whole, so that a build cut short is never taken for one."""
    stamp = target.with_name(f"{target.name}.stamp")
    if target.is_dir() and stamp.is_file() and stamp.read_text(encoding="utf-8") == digest:
        return target
    stamp.unlink(missing_ok=True)
    unfinished = target.with_name(f"{target.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    make(unfinished)
    shutil.rmtree(target, ignore_errors=True)
    unfinished.rename(target)
    stamp.write_text(digest, encoding="utf-8")
    return target


def _digest(lock: Path, *built_for: str) -> str:
    return hashlib.sha256("\n".join([lock.read_text(encoding="utf-8"), *built_for]).encode()).hexdigest()


def _pip(scratch: Path) -> list[str]:
    environment = scratch / "pip"
    _run([sys.executable, "-m", "venv", str(environment)])
    return [str(environment / "bin/python"), "-m", "pip", "--disable-pip-version-check"]


def _beside_python(tool: str) -> str:
    return str(Path(sys.executable).with_name(tool))


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise BuildError(f"{' '.join(command[:4])} … failed:\n{done.stdout}{done.stderr}".rstrip())


def main(
    target: Annotated[Path, typer.Option(help="The folder that the stacks read (context `assets`).")] = ROOT / "build",
    stage: Annotated[str, typer.Option(help="Whose settings say which wheelhouse it is.")] = "dev",
    for_local_cloud: Annotated[bool, typer.Option(help="Only what the local cloud needs: empty folders.")] = False,
) -> None:
    """Make <target>/layer and <target>/wheelhouse, where the lock files changed; of a stage that learns, the latter is
    <target>/wheelhouse-learning."""
    try:
        if for_local_cloud:
            write_local_placeholders(target)
        else:
            wheels = wheelhouse_of(stage)
            build_layer(target / "layer")
            build_wheelhouse(target / wheels, lock=WHEELHOUSES[wheels])
    except BuildError as error:
        typer.echo(f"build_assets: {error}", err=True)
        raise typer.Exit(1) from error


if __name__ == "__main__":
    typer.run(main)
