"""Files are whole or not there."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from augmentation.files import write_file, write_output

DATA = bytes(range(256)) * 400
Write = Callable[[str, bytes], None]
each_way = pytest.mark.parametrize("write", [write_file, write_output])


@each_way
def test_folders_are_made_and_an_earlier_file_is_replaced(tmp_path: Path, write: Write) -> None:
    path = tmp_path / "data/train/open/a.jpg"
    write(str(path), b"longer than what comes next")
    write(str(path), b"short")
    assert path.read_bytes() == b"short"
    assert [file.name for file in path.parent.iterdir()] == ["a.jpg"]


@each_way
def test_a_system_that_takes_a_piece_at_a_time_gets_all(
    tmp_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.write
    monkeypatch.setattr(os, "write", lambda file, data: real(file, data[:1000]))
    write(str(tmp_path / "a.jpg"), DATA)
    assert (tmp_path / "a.jpg").read_bytes() == DATA


@each_way
def test_on_a_full_disk_nothing_stands_under_the_name(
    tmp_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fills(_: int, __: object) -> int:
        raise OSError("No space left on device")

    monkeypatch.setattr(os, "write", fills)
    with pytest.raises(OSError, match="No space left"):
        write(str(tmp_path / "a.jpg"), DATA)
    assert not (tmp_path / "a.jpg").exists()
