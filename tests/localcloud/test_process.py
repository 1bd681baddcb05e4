"""Starting, stopping and crashing of the local cloud."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from localcloud import hooks
from localcloud.client import process
from localcloud.client.process import LocalCloud, LocalCloudError


def alive(pid: int) -> bool:
    """Whether the process runs: a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


def test_a_fresh_local_cloud_is_empty_listens_on_loopback_alone_and_leaves_nothing_behind(tmp_path: Path) -> None:
    with LocalCloud(tmp_path) as cloud:
        pid = process.running_in(tmp_path)["pid"]  # type: ignore[index]
        assert cloud.inventory() == []
        for address in (cloud.endpoint, cloud.portal):
            assert urlsplit(address).hostname == "127.0.0.1"
        addresses = {line.split()[1].split(":")[0] for line in listening_sockets(pid)}
        assert addresses == {"0100007F"}
    assert not alive(pid)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["localcloud.log"]


def listening_sockets(pid: int) -> list[str]:
    """The lines of /proc/net/tcp that belong to the process and listen."""
    inodes = {os.readlink(descriptor) for descriptor in Path(f"/proc/{pid}/fd").iterdir()}
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    return [line for line in lines if line.split()[3] == "0A" and f"socket:[{line.split()[9]}]" in inodes]


def test_a_second_start_in_the_same_folder_names_the_first_and_a_crash_shows_the_end_of_the_log(tmp_path: Path) -> None:
    with LocalCloud(tmp_path) as cloud:
        pid = process.running_in(tmp_path)["pid"]  # type: ignore[index]
        with pytest.raises(LocalCloudError, match=f"already .process {pid}."):
            LocalCloud(tmp_path).start()
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not alive(pid))
        with pytest.raises(LocalCloudError, match=r"(?s)no answer from .*ready: "):
            cloud.inventory()
    assert process.running_in(tmp_path) is None


def test_the_server_ends_with_a_program_that_was_killed(tmp_path: Path) -> None:
    program = f"from localcloud.client.process import LocalCloud; LocalCloud({str(tmp_path)!r}).start(); input()"
    with subprocess.Popen([sys.executable, "-c", program], cwd=process.PROJECT, stdin=subprocess.PIPE) as starter:
        wait_until(lambda: process.running_in(tmp_path) is not None)
        pid = process.running_in(tmp_path)["pid"]  # type: ignore[index]
        starter.kill()
    wait_until(lambda: not alive(pid))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["localcloud.log"]


def wait_until(true: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_server_that_cannot_start_is_reported_with_the_end_of_its_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interpreter = tmp_path / "python"
    interpreter.write_text("#!/bin/sh\necho ministack is the wrong one >&2\nexit 1\n")
    interpreter.chmod(0o755)
    monkeypatch.setattr(process, "_INTERPRETER", interpreter)
    with pytest.raises(LocalCloudError, match=r"(?s)ended while starting.*wrong one"):
        LocalCloud(tmp_path / "state").start()


def test_the_environment_names_this_cloud_alone_even_where_profiles_exist(tmp_path: Path) -> None:
    environment = LocalCloud(tmp_path).environment()
    assert environment["AWS_CONFIG_FILE"] == environment["AWS_SHARED_CREDENTIALS_FILE"] == os.devnull
    assert environment["CDK_HOME"].startswith(str(tmp_path))


def test_without_ministack_the_check_of_the_hooks_says_which_environment_to_use() -> None:
    with pytest.raises(hooks.HookMissingError, match="venv-localcloud"):
        hooks.check()


def test_another_version_of_ministack_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks, "version", lambda _: "1.6.0")
    with pytest.raises(hooks.HookMissingError, match=r"1\.6\.0 is installed, but the local cloud extends 1\.5\.33"):
        hooks.check()


def test_a_hook_that_has_moved_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks, "version", lambda _: hooks.MINISTACK)
    monkeypatch.setattr(hooks, "NAMES", {"json": ("dumps", "_moved"), "no_such_module": ("x",)})
    with pytest.raises(hooks.HookMissingError, match=r"lacks json\._moved, no_such_module\.x:"):
        hooks.check()
