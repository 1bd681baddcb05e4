"""A file that crashes a codec costs itself and nothing else, wherever files are decoded."""

from __future__ import annotations

import faulthandler
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import simplejpeg

from augmentation.__main__ import main
from augmentation.processes import CRASHED, in_processes
from tests.support.builders.photos import save_recipe, textured, write_photos

ROOT = Path(__file__).parents[3]
LOOSE = ("--loose-class", "any")
DEADLY = b"this crashes the codec"


def crash() -> None:
    """As a codec does whose memory is torn; without the pages that pytest would print of it."""
    faulthandler.disable()
    os.abort()


class Stand:
    """Gives back what it gets, and dies of what is called "kill"."""

    def do(self, items: list[str]) -> list[str]:
        if any(item.startswith("kill") for item in items):
            crash()
        return [f"done {item}" for item in items]


def done(chunks: list[list[str]], processes: int) -> list[str]:
    return list(in_processes(Stand().do, chunks, processes, lambda item: f"died {item}"))


@pytest.mark.parametrize("processes", [1, 2, 3])
@pytest.mark.parametrize("killers", [set(), {3}, {0}, {24}, {3, 4}, {0, 7, 8, 23, 24}, set(range(25))])
def test_results_come_in_order_and_a_killer_costs_itself(killers: set[int], processes: int) -> None:
    items = [f"{'kill' if number in killers else 'good'} {number}" for number in range(25)]
    chunks = [items[start : start + 2] for start in range(0, 25, 2)]
    assert done(chunks, processes) == [f"{'died' if item.startswith('kill') else 'done'} {item}" for item in items]


def test_chunks_are_taken_as_they_are_needed() -> None:
    taken = []

    def chunks():  # type: ignore[no-untyped-def]
        for number in range(100):
            taken.append(number)
            yield [str(number)]

    results = in_processes(Stand().do, chunks(), 2, str)
    assert next(results) == "done 0"
    assert len(taken) <= 5
    results.close()  # type: ignore[attr-defined]


def test_what_the_work_raises_is_raised() -> None:
    def fail(_: list[str]) -> list[str]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(in_processes(fail, [["a"]], 1, str))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Photos of which one makes the codec abort."""
    real = simplejpeg.decode_jpeg

    def deadly(data: bytes, *given: object, **more: object) -> object:
        if DEADLY in data:
            crash()
        return real(data, *given, **more)

    monkeypatch.setattr(simplejpeg, "decode_jpeg", deadly)
    write_photos(tmp_path / "in", 5)
    victim = sorted((tmp_path / "in").iterdir())[2]
    victim.write_bytes(victim.read_bytes() + DEADLY)
    save_recipe(tmp_path / "small.yaml")
    return tmp_path


def told(folder: Path, *words: str) -> int:
    return main([words[0], "--recipe", str(folder / "small.yaml"), "--input", str(folder / "in"), *words[1:]])


@pytest.mark.parametrize("processes", ["1", "2"])
def test_a_run_quarantines_the_file_by_name(folder: Path, processes: str) -> None:
    assert told(folder, "run", *LOOSE, "--output", str(folder / "out"), "--processes", processes) == 0
    victim, *others = sorted((folder / "in").iterdir(), key=lambda path: DEADLY not in path.read_bytes())
    quarantined = [json.loads(line) for line in (folder / "out/quarantine.jsonl").read_text().splitlines()]
    assert quarantined == [{"source": victim.name, "stage": "read", "reason": CRASHED}]
    rows = [json.loads(line) for line in (folder / "out/manifest.jsonl").read_text().splitlines()]
    assert {row["source"] for row in rows} == {path.name for path in others}
    assert main(["check", str(folder / "out")]) == 0


def test_a_run_over_nothing_but_the_file_ends_too(folder: Path) -> None:
    for path in sorted((folder / "in").iterdir()):
        if DEADLY not in path.read_bytes():
            path.unlink()
    told(folder, "run", *LOOSE, "--output", str(folder / "out"), "--processes", "1")
    assert CRASHED in (folder / "out").rglob("quarantine.jsonl").__next__().read_text()


@pytest.mark.parametrize("processes", ["1", "2"])
def test_the_fingerprint_pass_goes_on_with_the_others(folder: Path, processes: str) -> None:
    command = ["fingerprint", "--input", str(folder / "in"), "--output", str(folder / "prints.jsonl")]
    for number, path in enumerate(sorted((folder / "in").iterdir())):
        if DEADLY not in path.read_bytes():
            textured(number).save(path, "JPEG")
    assert main([*command, "--processes", processes]) == 0
    rows = [json.loads(line) for line in (folder / "prints.jsonl").read_text().splitlines()]
    assert [row["unreadable"] for row in rows if "unreadable" in row] == [CRASHED]
    assert len(rows) == 5


def test_a_preview_passes_it_over(folder: Path) -> None:
    assert told(folder, "preview", "--output", str(folder / "page.html"), "--samples", "9") == 0
    page = (folder / "page.html").read_text()
    assert sum(path.name in page for path in (folder / "in").iterdir()) == 4


def test_a_plan_is_made_without_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(folder, "plan", *LOOSE) == 0
    assert "bytes are estimated from" in capsys.readouterr().out


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_processes_end_with_their_parent_however_it_ends(tmp_path: Path) -> None:
    script = (
        "import os, sys, time\n"
        "from augmentation.processes import in_processes\n"
        f"def do(items): open('{tmp_path}/' + str(os.getpid()), 'w').close(); time.sleep(0.5); return items\n"
        "list(in_processes(do, [[1], [2], [3]], 2, str))\n"
        "time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT)
    deadline = time.monotonic() + 30
    while len(list(tmp_path.iterdir())) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    left = [int(path.name) for path in tmp_path.iterdir()]
    while any(map(runs, left)):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def runs(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
