"""The benchmark of speed itself: its photos, its arithmetic, and that it catches a fast wrong answer."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

from bench.speed import check
from bench.speed.__main__ import QUIET_S, settle
from bench.speed.chart import chart
from bench.speed.data import Size, photo, photos
from bench.speed.engines.limit import Engine as Limit
from bench.speed.engines.ours import Engine as Ours
from bench.speed.host import timed
from bench.speed.rounds import PEERS, measure
from bench.speed.summary import summarize

SMALL = Size("S", 256, 256, 20_000, 2)


def rounds(*ours: float) -> list[dict[str, dict[str, float]]]:
    row = {"cpu_ms": 2.0, "rss_mb": 80.0}
    return [
        {
            "limit": {**row, "images_per_s": 100.0},
            "ours": {**row, "images_per_s": speed},
            "ours_two": {**row, "images_per_s": 2 * speed},
            "pillow": {**row, "images_per_s": speed / 4},
        }
        for speed in ours
    ]


LEFT_OUT = {name: "not installed" for name in PEERS if name != "pillow"}


def test_photos_are_the_same_each_time_and_near_their_size() -> None:
    assert photo(SMALL, 1) == photo(SMALL, 1)
    assert photo(SMALL, 1) != photo(SMALL, 0)
    assert len(photo(SMALL, 1)) == pytest.approx(SMALL.target, rel=0.2)


def test_ratios_are_medians_of_the_ratios_of_each_round() -> None:
    found = summarize(rounds(50, 80, 60), LEFT_OUT)
    assert found["ours"]["ratio_to_limit"] == 0.6
    assert found["ours"]["ratio_to_limit_spread"] == [0.5, 0.8]
    assert found["ours_2_processes"]["over_one"] == 2
    assert found["peers"]["pillow"]["ours_over_it"] == 4


def test_a_peer_that_cannot_run_is_named_with_the_reason() -> None:
    found = summarize(rounds(50), LEFT_OUT)
    assert found["peers"]["torchvision"] == {"images_per_s": None, "ours_over_it": None, "left_out": "not installed"}
    assert "left out" in chart({"S": found})


@pytest.fixture
def silent_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hosts that are ready, and then never answer."""
    script = "print('{}', flush=True); import sys; sys.stdin.read()"
    monkeypatch.setattr("bench.speed.rounds.PATIENCE_S", 2)
    monkeypatch.setattr("bench.speed.rounds.PEERS_PYTHON", Path(sys.executable))
    real = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", lambda _, **options: real([sys.executable, "-c", script], **options))


@pytest.mark.usefixtures("silent_hosts")
def test_a_peer_that_does_not_answer_is_stopped_and_left_out(tmp_path: Path) -> None:
    rounds, reasons = measure([Path("a.jpg")], tmp_path, 2, own=(), peers=("pillow",))
    assert rounds == [{}, {}]
    assert "no answer within 2 s" in reasons["pillow"]


@pytest.mark.usefixtures("silent_hosts")
def test_nothing_is_measured_without_our_own_engine(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="ours: no answer"):
        measure([Path("a.jpg")], tmp_path, 2, own=("ours",), peers=())


def test_limit_and_ours_write_six_files_a_photo_of_the_same_mean_size(tmp_path: Path) -> None:
    files = photos(tmp_path / "in", SMALL)
    for name, engine in (("limit", Limit()), ("ours", Ours())):
        folder = tmp_path / name
        folder.mkdir()
        engine.setup(files, folder)
        assert timed(engine, files, folder)["images_per_s"] > 0
        assert list(check.wrong(name, folder, check.kilobytes(tmp_path / "limit"))) == []
    assert min(check.psnr(file) for file in files) > check.LEAST_PSNR


@pytest.mark.parametrize(("side", "quality", "number"), [(200, 90, 6), (224, 80, 6), (224, 90, 5)])
def test_a_fast_wrong_answer_is_found(tmp_path: Path, side: int, quality: int, number: int) -> None:
    for index in range(number):
        Image.new("RGB", (side, side)).save(tmp_path / f"a~{index}.jpg", quality=quality)
    assert list(check.wrong("peer", tmp_path, check.kilobytes(tmp_path)))


def test_it_waits_while_files_of_the_last_one_have_just_been_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr("bench.speed.__main__.time.sleep", slept.append)
    written, summary = tmp_path / "out", tmp_path / "summary.json"
    settle(written, summary)
    assert not slept
    summary.write_text("{}")
    settle(written, summary)
    assert QUIET_S - 5 < slept.pop() <= QUIET_S
    os.utime(summary, (time.time() - QUIET_S - 1,) * 2)
    settle(written, summary)
    assert not slept
    written.mkdir()
    settle(written, summary)
    assert slept == [QUIET_S]
    assert not written.exists()
