"""Builds what the stacks upload besides source code: the Lambda layer and the Processing job's wheelhouse. No Docker.

Both are made from the lock files, by hash, for the machine on which they will run rather than for this one. A stamp
beside each folder holds a digest of what it was made from; an unchanged lock file makes nothing again. app.py calls
`ensure` at each synth, so that `cdk deploy` needs nothing before it.
"""

from __future__ import annotations

import fcntl
import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
    """A tool failed: one line with what it said, what to do, and where all of it stands."""


def ensure(build: Path, *, learning: bool) -> None:
    """Make build/layer and the stage's wheelhouse where they are missing or stale; says so on stderr while it does.

    Two at once wait for each other. Raises BuildError.
    """
    wheels = _wheels(learning)
    build.mkdir(parents=True, exist_ok=True)
    with (build / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        build_layer(build / "layer")
        build_wheelhouse(build / wheels, lock=WHEELHOUSES[wheels])


def build_layer(
    target: Path, *, python_version: str = LAYER_PYTHON, platform: str = LAYER_PLATFORM, lock: Path = LAYER_LOCK
) -> Path:
    """Unpack the functions' packages into target/python, where Lambda looks for them. Returns target.

    Raises:
        BuildError: a package has no wheel for that Python and platform, or its hash is wrong.
    """

    def make(folder: Path) -> None:
        packages = folder / "python"
        uv = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--no-deps", "--only-binary", ":all:"]
        built_for = ["--python-version", python_version, "--python-platform", platform, "--target", str(packages)]
        _run([*uv, "--require-hashes", *built_for, "--requirement", str(lock)], target)
        shutil.rmtree(packages / "bin", ignore_errors=True)  # scripts that name this machine's Python
        (packages / ".lock").unlink(missing_ok=True)

    return _once(target, _digest(lock, "layer", python_version, platform), _told(target, lock, make))


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
            pip = _pip(Path(scratch), target)  # uv cannot download wheels for another platform without unpacking them
            options = ["--no-deps", "--only-binary", ":all:", "--require-hashes", "--no-cache-dir"]
            built_for = ["--implementation", "cp", "--python-version", python_version]
            for tag in platform_tags(platform):
                built_for += ["--platform", tag]
            download = [*pip, "download", "--quiet", *options, *built_for]
            _run([*download, "--dest", str(folder), "--requirement", str(lock)], target)
        shutil.copyfile(lock, folder / "requirements.txt")

    return _once(target, _digest(lock, "wheelhouse", python_version, platform), _told(target, lock, make))


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
    return _wheels(enabled)


def _wheels(learning: bool) -> str:
    return "wheelhouse-learning" if learning else "wheelhouse"


def _told(target: Path, lock: Path, make: Callable[[Path], None]) -> Callable[[Path], None]:
    """The same, saying on stderr what it does: a download of minutes must not look like a standstill."""

    def make_and_tell(folder: Path) -> None:
        with _timed(f"{target.parent.name}/{target.name} from {lock.parent.name}/{lock.name}, once for each lock file"):
            make(folder)

    return make_and_tell


@contextmanager
def _timed(what: str) -> Iterator[None]:
    began = time.monotonic()
    print(f"kempelen: making {what} …", file=sys.stderr, flush=True)
    yield
    print(f"kempelen: made in {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)


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


def _pip(scratch: Path, target: Path) -> list[str]:
    environment = scratch / "pip"
    _run([sys.executable, "-m", "venv", str(environment)], target)
    return [str(environment / "bin/python"), "-m", "pip", "--disable-pip-version-check"]


def _run(command: list[str], target: Path) -> None:
    """What a failed command said goes into a file beside the target."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return
    said = re.sub(r"\x1b\[[0-9;]*m", "", f"{done.stdout}{done.stderr}").strip()  # colors
    log = target.with_name(f"{target.name}.log")
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text(f"{' '.join(command)}\n{said}\n", encoding="utf-8")
    raise BuildError(f"could not make {target.name}: {_gist(said)}. {_advice(command, said)} All that was said: {log}")


def _gist(said: str) -> str:
    """The line that names the fault: the first that says it is an error, else the last."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    errors = [line for line in lines if line.lower().startswith("error")]
    return (errors or lines[-1:] or ["it said nothing"])[0].rstrip(".")


def _advice(command: list[str], said: str) -> str:
    if "venv" in command:
        return "On Debian and Ubuntu: apt install python3-venv."
    if "No module named uv" in said:
        return "Install what deploying needs, `pip install -r requirements.txt`, and run the same command again."
    return (
        "The packages come from the index of uv and pip (UV_DEFAULT_INDEX, PIP_INDEX_URL; else pypi.org): once it can "
        "be reached, run the same command again."
    )


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
            ensure(target, learning=wheelhouse_of(stage) == "wheelhouse-learning")
    except BuildError as error:
        typer.echo(f"build_assets: {error}", err=True)
        raise typer.Exit(1) from error


if __name__ == "__main__":
    typer.run(main)
