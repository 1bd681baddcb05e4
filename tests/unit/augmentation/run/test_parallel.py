"""Work is handed out by bytes, comes back in order, and a process that dies costs one file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import cv2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from augmentation.input.sources import SourceFile
from augmentation.processes import CRASHED, default_processes
from augmentation.run import parallel
from augmentation.run.parallel import CHUNK_BYTES, CHUNK_FILES, augment_all, chunks
from augmentation.run.result import SourceResult


class Stand:
    """Stands for an Augmenter: names what it gets, and dies of files called "kill"."""

    step_seconds: int | None = None

    def augment(self, sources: list[str]) -> list[SourceResult]:
        if any(source.startswith("kill") for source in sources):
            os._exit(1)
        return [SourceResult([{"source": source}]) for source in sources]


def names(results: Any) -> list[str]:
    return [result.rows[0]["source"] if result.rows else f"bad {result.quarantine['source']}" for result in results]


def work(files: list[str], processes: int = 2) -> list[str]:
    return names(augment_all(Stand(), [SourceFile(name, 1) for name in files], processes))  # type: ignore[arg-type]


@given(st.lists(st.integers(0, 2 * CHUNK_BYTES), max_size=300))
def test_chunks_hold_every_file_once_in_order_and_few_bytes(sizes: list[int]) -> None:
    files = [SourceFile(str(index), size) for index, size in enumerate(sizes)]
    found = list(chunks(files))
    assert [name for chunk in found for name in chunk] == [file.source for file in files]
    for chunk in found:
        assert len(chunk) <= CHUNK_FILES
        assert len(chunk) == 1 or sum(sizes[int(name)] for name in chunk) <= CHUNK_BYTES


def test_results_come_in_the_order_of_the_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "CHUNK_FILES", 2)
    files = [f"{index:02d}" for index in range(25)]
    assert work(files) == files


def test_the_reason_says_that_the_process_died(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "CHUNK_FILES", 1)
    files = [SourceFile("a", 1), SourceFile("kill", 1)]
    result = list(augment_all(Stand(), files, 2))[1]  # type: ignore[arg-type]
    assert result.quarantine == {"source": "kill", "stage": "read", "reason": CRASHED}


def test_opencv_runs_in_one_thread_so_that_forked_processes_cannot_hang() -> None:
    assert cv2.getNumThreads() == 1


def test_no_files_is_no_work() -> None:
    assert work([]) == []


def test_there_is_at_least_one_process(tmp_path: Path) -> None:
    assert default_processes() >= 1
