"""Entry point of the Processing job, standard library only: brings the packages along, then starts the engine.

    python3 -m augmentation.container --wheelhouse FOLDER -- run --recipe … --input … --output …

FOLDER holds one zip file. With a requirements.txt in it, its wheels are installed without any network into a folder of
their own; without one, the environment brings the packages itself. A failure is written to /opt/ml/output/message;
SageMaker makes it the job's ExitMessage (https://docs.aws.amazon.com/sagemaker/latest/dg/byoc-metadata.html). /opt/ml
is found from the engine's option --host-config.
"""

from __future__ import annotations

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
            return start_engine(engine_arguments, packages, message_file)
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
    unknown = sorted(set(own[::2]) - {"--wheelhouse", "--message-file"})
    if unknown or len(own) % 2 or "--wheelhouse" not in options or not engine:
        raise CannotStart(
            "usage: augmentation.container --wheelhouse FOLDER [--message-file FILE] -- run …; "
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
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--no-compile"]
    command += ["--disable-pip-version-check", "--find-links", str(wheels), "--target", str(target)]
    done = subprocess.run(  # noqa: S603 - our own interpreter and paths
        [*command, "--requirement", str(wheels / REQUIREMENTS)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise CannotStart(f"pip could not install the wheelhouse {wheelhouse.name}: {done.stderr.strip()[-800:]}")
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


def start_engine(arguments: Sequence[str], packages: Path | None, message_file: Path | None) -> int:
    """Runs the engine as a child, so that the installed packages can be removed after it; returns its exit code."""
    environment = dict(os.environ)
    paths = [str(packages)] if packages else []
    # The engine's own zip is on this process's path, be it by PYTHONPATH or by the current folder.
    own = str(Path(__file__).parent.parent)
    environment["PYTHONPATH"] = os.pathsep.join([*paths, own, *filter(None, [environment.get("PYTHONPATH")])])
    command = [sys.executable, "-m", "augmentation", *arguments]
    if message_file is not None and "--message-file" not in arguments:
        command += ["--message-file", str(message_file)]
    return subprocess.run(command, env=environment, check=False).returncode  # noqa: S603


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
