"""Sets up everything inside the clone: `python3 scripts/setup.py {demo,deploy,dev}`; a second run installs nothing.
The levels `bench`, `checks` and `label-studio` are environments of their own.

Runs on the machine's own Python (>= 3.11) with nothing but the standard library: nothing else is there yet. What is
installed is pinned by hash in requirements*.txt and package-lock.json. A stamp per folder holds a digest of
what it was made from, so that only what changed is made again.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCAL = ROOT / ".local"
VENV = ROOT / ".venv"
# What each level installs into .venv. A higher level holds all of the lower ones at the same versions; "deploy" alone
# has not what "assist" adds.
LEVELS = {
    "demo": "requirements/demo.txt",
    "assist": "requirements/assist.txt",
    "deploy": "requirements.txt",
    "dev": "requirements-dev.txt",
}
HELD_BY = {"demo": ("demo", "assist", "deploy", "dev"), "assist": ("assist", "dev"), "deploy": ("deploy", "dev")}
PEERS = "bench"
ALONE = {"checks": "requirements/checks.txt", "label-studio": "requirements/label-studio.txt"}
"""Environments of their own, `.venv-<name>`, that other targets than the demo and the tests need."""
# What the larger ones take on disk, so that a slow network does not look like a standstill.
SIZES = {
    ".venv-demo": " 0.7 GB",
    ".venv-assist": " 1.1 GB",
    ".venv-deploy": " 1.3 GB",
    ".venv-dev": " 2.2 GB",
    ".venv-label-studio": " 0.8 GB, minutes",
}
# The CDK command line and jsii support Node 20 and later.
OLDEST_NODE = 20


class SetupError(Exception):
    """Something that the person must do first; the message says what."""


def main(arguments: list[str]) -> int:
    """Install the level that is asked for; returns the exit status."""
    if len(arguments) != 1 or arguments[0] not in (*LEVELS, PEERS, *ALONE):
        print(f"usage: python3 scripts/setup.py {{{','.join((*LEVELS, PEERS, *ALONE))}}}", file=sys.stderr)
        return 2
    try:
        require_python()
        make_virtual_environment()
        if arguments[0] == PEERS:
            sync_peers()
            return 0
        if arguments[0] in ALONE:
            sync_alone(f".venv-{arguments[0]}", ALONE[arguments[0]])
            return 0
        with ThreadPoolExecutor() as pool:  # three package managers, each waiting for its own downloads
            steps = [pool.submit(step) for step in (lambda: sync_project(arguments[0]), sync_local_cloud, sync_node)]
            for step in steps:
                step.result()
    except SetupError as error:
        print(f"set-up: {error}", file=sys.stderr)
        return 1
    return 0


def require_python() -> None:
    """Refuse a Python that the locked packages do not support."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this very file may be run by any Python
        found = ".".join(map(str, sys.version_info[:3]))
        raise SetupError(f"Python 3.11 or later is needed, found {found}. Name one by `make PYTHON=python3.12 …`.")


def make_virtual_environment() -> None:
    """Make .venv with uv in it: the one thing that pip installs.

    The interpreter is the one below any environment that is active: it may be .venv itself.
    """
    interpreter = os.path.realpath(getattr(sys, "_base_executable", sys.executable))

    def make() -> None:
        forget_levels()
        shutil.rmtree(VENV, ignore_errors=True)
        try:
            run([interpreter, "-m", "venv", str(VENV)])
        except SetupError as error:
            raise SetupError(f"{error}\nOn Debian and Ubuntu: apt install python3-venv") from error
        pip = [str(VENV / "bin/python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        run([*pip, "--require-hashes", "-r", "requirements/uv.txt"])

    once(VENV, [ROOT / "requirements/uv.txt"], sys.version, make)


def sync_project(level: str) -> None:
    """Install the level into .venv, unless a higher level is there already."""
    for higher in HELD_BY.get(level, (level,)):
        if (LOCAL / f"stamps/.venv-{higher}").is_file() and is_current(
            f".venv-{higher}", VENV, digest([ROOT / LEVELS[higher]], sys.version)
        ):
            return

    def make() -> None:
        forget_levels()
        uv("pip", "sync", "--python", str(VENV / "bin/python"), "--require-hashes", LEVELS[level])

    once(VENV, [ROOT / LEVELS[level]], sys.version, make, stamp=f".venv-{level}")


def forget_levels() -> None:
    """What .venv held is about to change."""
    for level in LEVELS:
        (LOCAL / f"stamps/.venv-{level}").unlink(missing_ok=True)


def sync_local_cloud() -> None:
    """Install the local cloud's emulator into an environment of its own: it pins another botocore."""
    sync_alone(".venv-localcloud", "requirements/localcloud.txt")


def sync_alone(name: str, lock: str) -> None:
    """Install into an environment of its own what would not fit beside the project's packages."""
    folder, locked = ROOT / name, ROOT / lock

    def make() -> None:
        uv("venv", "--quiet", "--clear", "--python", str(VENV / "bin/python"), str(folder))
        uv("pip", "sync", "--python", str(folder / "bin/python"), "--require-hashes", str(locked))

    once(folder, [locked], sys.version, make)


def sync_peers() -> None:
    """Install what the engine is measured against into an environment of its own, with a pip for what is left out."""
    folder = ROOT / ".venv-bench"
    locked = ROOT / "requirements-bench.txt"

    def make() -> None:
        uv("venv", "--quiet", "--clear", "--seed", "--python", str(VENV / "bin/python"), str(folder))
        uv("pip", "install", "--python", str(folder / "bin/python"), "--require-hashes", "-r", str(locked), "--no-deps")

    once(folder, [locked], sys.version, make)


def sync_node() -> None:
    """Install the CDK command line; and Node itself, from PyPI, where the machine has none that fits."""
    environment = dict(os.environ)
    if not machine_has_node():
        folder = LOCAL / "node"
        locked = ROOT / "requirements/node.txt"

        def make_node() -> None:
            uv("venv", "--quiet", "--clear", "--python", str(VENV / "bin/python"), str(folder))
            uv("pip", "sync", "--python", str(folder / "bin/python"), "--require-hashes", str(locked))

        once(folder, [locked], sys.version, make_node)
        environment["PATH"] = f"{folder / 'bin'}{os.pathsep}{environment['PATH']}"

    def make() -> None:
        environment.setdefault("npm_config_cache", str(LOCAL / "cache/npm"))
        environment.setdefault("NODE_USE_SYSTEM_CA", "1")  # companies have certificates of their own
        run(["npm", "ci", "--loglevel=error", "--no-audit", "--no-fund"], environment)

    once(ROOT / "node_modules", [ROOT / "package.json", ROOT / "package-lock.json"], "", make)


def machine_has_node() -> bool:
    """Whether the PATH has a node and an npm that the CDK command line supports."""
    if (LOCAL / "node").exists() or not shutil.which("node") or not shutil.which("npm"):
        return False
    answer = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout
    major = answer.strip().removeprefix("v").split(".")[0]
    return major.isdigit() and int(major) >= OLDEST_NODE


def once(folder: Path, sources: list[Path], salt: str, make: Callable[[], None], *, stamp: str = "") -> None:
    """Call `make` unless the folder was made from these very sources; says what it did and how long it took."""
    name = stamp or folder.name
    wanted = digest(sources, salt)
    if is_current(name, folder, wanted):
        return
    began = time.monotonic()
    print(f"set-up: {name:<18} …{SIZES.get(name, '')}", flush=True)
    make()
    (LOCAL / "stamps").mkdir(parents=True, exist_ok=True)
    (LOCAL / "stamps" / name).write_text(wanted)
    print(f"set-up: {name:<18} {time.monotonic() - began:5.1f} s", flush=True)


def is_current(stamp: str, folder: Path, wanted: str) -> bool:
    """Whether the stamp holds this digest and its folder is still there."""
    file = LOCAL / "stamps" / stamp
    return folder.is_dir() and file.is_file() and file.read_text() == wanted


def digest(sources: list[Path], salt: str) -> str:
    """SHA-256 over the files' bytes and the salt, in hex."""
    total = hashlib.sha256(f"{ROOT}\n{salt}".encode())
    for source in sources:
        total.update(source.read_bytes())
    return total.hexdigest()


def uv(*arguments: str) -> None:
    """Run the uv of .venv, with its cache inside the clone so that it can link files instead of copying them.

    Packages are compiled once here, not at the start of every Lambda function and Processing instance.
    """
    own = {"UV_CACHE_DIR": str(LOCAL / "cache/uv"), "UV_SYSTEM_CERTS": "1", "UV_COMPILE_BYTECODE": "1"}
    environment = {**own, **os.environ}
    environment.pop("VIRTUAL_ENV", None)
    run([str(VENV / "bin/uv"), "--quiet", *arguments], environment)


def run(command: list[str], environment: dict[str, str] | None = None) -> None:
    """Run a command in the clone; its output is shown only when it fails."""
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SetupError(f"`{' '.join(command)}` failed with status {done.returncode}:\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
