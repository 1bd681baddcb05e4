"""Entry point of the Processing job, standard library only: brings the packages along, then starts the engine.

    python3 -m augmentation.container --wheelhouse FOLDER [--code FILE --code-sha256 HEX] -- run --recipe … --output …

FOLDER holds one zip file. With a requirements.txt in it, its wheels are installed without any network into a folder of
their own; without one, the environment brings the packages itself. FILE holds the recipe's custom steps: a .py file,
whose folder is put on the path, or a wheel, which is installed like the others.

A failure is written to /opt/ml/output/message; SageMaker makes it the job's ExitMessage
(https://docs.aws.amazon.com/sagemaker/latest/dg/byoc-metadata.html). /opt/ml is found from the engine's option
--host-config.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

MESSAGE_LIMIT = 1024
REQUIREMENTS = "requirements.txt"


class CannotStart(Exception):  # noqa: N818 - its text is what people read
    """The packages cannot be installed."""


def main(arguments: Sequence[str]) -> int:
    message_file = None
    try:
        options, engine_arguments = split_arguments(arguments)
        message_file = find_message_file(options, engine_arguments)
        with tempfile.TemporaryDirectory(prefix="kempelen-") as work:
            packages = install(find_wheelhouse(Path(options["--wheelhouse"])), Path(work))
            code = bring_code(options, Path(work))
            return start_engine(engine_arguments, packages, message_file, code)
    except CannotStart as error:
        sys.stderr.write(f"error: {error}\n")
        if message_file is not None:
            message_file.parent.mkdir(parents=True, exist_ok=True)
            message_file.write_text(str(error)[:MESSAGE_LIMIT], encoding="utf-8", errors="backslashreplace")
        return 1


def split_arguments(arguments: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """The container's own options before "--", the engine's arguments after it."""
    own, engine = list(arguments), list[str]()
    if "--" in own:
        cut = own.index("--")
        own, engine = own[:cut], own[cut + 1 :]
    options = dict(zip(own[::2], own[1::2]))  # noqa: B905 - an odd one is refused below
    unknown = sorted(set(own[::2]) - {"--wheelhouse", "--message-file", "--code", "--code-sha256"})
    if unknown or len(own) % 2 or "--wheelhouse" not in options or not engine:
        raise CannotStart(
            "usage: augmentation.container --wheelhouse FOLDER [--code FILE --code-sha256 HEX] [--message-file FILE] "
            "-- run …; "
            f"got {' '.join(arguments) or 'nothing'}"
        )
    return options, engine


def find_message_file(options: dict[str, str], engine_arguments: Sequence[str]) -> Path | None:
    """As told; else beside SageMaker's config/resourceconfig.json, in ../output/message; else none."""
    if "--message-file" in options:
        return Path(options["--message-file"])
    if "--host-config" in engine_arguments[:-1]:
        config = Path(engine_arguments[list(engine_arguments).index("--host-config") + 1])
        return config.parent.parent / "output" / "message"
    return None


def find_wheelhouse(folder: Path) -> Path:
    """The one zip file in `folder`."""
    found = sorted(folder.glob("*.zip")) if folder.is_dir() else []
    if len(found) != 1:
        raise CannotStart(f"--wheelhouse {folder}: exactly one .zip file was expected, but there are {len(found)}")
    return found[0]


def install(wheelhouse: Path, work: Path) -> Path | None:
    """Installs the wheels into a folder below `work` and returns it; None when there is nothing to install."""
    wheels, target = work / "wheels", work / "packages"
    try:
        with zipfile.ZipFile(wheelhouse) as archive:
            if REQUIREMENTS not in archive.namelist():
                return None
            archive.extractall(wheels)
    except (OSError, zipfile.BadZipFile) as error:
        raise CannotStart(f"cannot unpack {wheelhouse}: {error}") from error
    check_python(wheels)
    pip_install(f"the wheelhouse {wheelhouse.name}", wheels, wheels / REQUIREMENTS, target)
    return target


def pip_install(what: str, wheels: Path, requirements: Path, target: Path, *options: str) -> None:
    """Raises CannotStart with what pip says."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--no-compile"]
    command += ["--disable-pip-version-check", "--find-links", str(wheels), "--target", str(target), *options]
    done = subprocess.run(  # noqa: S603 - our own interpreter and paths
        [*command, "--requirement", str(requirements)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise CannotStart(f"pip could not install {what}: {done.stderr.strip()[-800:]}")


def bring_code(options: dict[str, str], work: Path) -> Path | None:
    """The folder from which the recipe's custom steps are imported; None for a run without such code.

    Raises:
        CannotStart: the file is not the one that the run was begun with, or cannot be installed.
    """
    if "--code" not in options:
        return None
    file, told = Path(options["--code"]), options.get("--code-sha256", "")
    try:
        found = hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError as error:
        raise CannotStart(f"--code {file} cannot be read: {error.strerror or error}") from error
    if found != told:
        raise CannotStart(
            f"--code {file} has the SHA-256 {found}, not {told or 'any that was told'}; start another run"
        )
    if file.suffix == ".py":
        return file.parent
    name, version = file.name.split("-")[:2]
    requirements, target = work / "code.txt", work / "code"
    requirements.write_text(f"{name}=={version} --hash=sha256:{told}\n", encoding="utf-8")
    pip_install(
        f"the code {file.name}", file.parent, requirements, target, "--only-binary", ":all:", "--require-hashes"
    )
    return target


def check_python(wheels: Path) -> None:
    """Whether the wheels are for the Python that runs: the image's tag may move on to another one.

    Raises:
        CannotStart: with both versions, and what to do.
    """
    own = f"cp{sys.version_info[0]}{sys.version_info[1]}"
    tags = {parts[-3] for parts in (wheel.stem.split("-") for wheel in wheels.glob("*.whl")) if parts[-2] == parts[-3]}
    other = sorted(tag for tag in tags if tag.startswith("cp") and tag != own)
    if other:
        raise CannotStart(
            f"the image has Python {sys.version.split()[0]} ({own}), and the packages are for {', '.join(other)}: "
            "set IMAGE_PYTHON in scripts/build_assets.py to the image's version, then `make deploy`"
        )


def start_engine(
    arguments: Sequence[str], packages: Path | None, message_file: Path | None, code: Path | None = None
) -> int:
    """Runs the engine as a child, so that the installed packages can be removed after it; returns its exit code.

    The code comes last on the path, so that a file in it stands in for none of ours.
    """
    environment = dict(os.environ)
    paths = [str(packages)] if packages else []
    # The engine's own zip is on this process's path, be it by PYTHONPATH or by the current folder.
    own = str(Path(__file__).parent.parent)
    last = filter(None, [environment.get("PYTHONPATH"), str(code) if code else None])
    environment["PYTHONPATH"] = os.pathsep.join([*paths, own, *last])
    command = [sys.executable, "-m", "augmentation", *arguments]
    if message_file is not None and "--message-file" not in arguments:
        command += ["--message-file", str(message_file)]
    ended = subprocess.run(command, env=environment, check=False).returncode  # noqa: S603
    if ended < 0 and message_file is not None and not message_file.exists():
        message_file.parent.mkdir(parents=True, exist_ok=True)
        message_file.write_text(f"the engine was killed by signal {-ended}: out of memory, or a custom step did it")
    return ended


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
