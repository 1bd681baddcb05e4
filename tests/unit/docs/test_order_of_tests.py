"""Which tests come first, and which a process runs together, is said by folder and file: each must be there."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.conftest import FIRST, TOGETHER, pytest_collection_modifyitems

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("room", sorted({*FIRST, *TOGETHER}))
def test_every_room_that_is_named_has_tests(room: str) -> None:
    assert [path for path in ROOT.glob("tests/**/test_*.py") if path.relative_to(ROOT).as_posix().startswith(room)]


def test_what_takes_long_comes_first_and_the_rest_stays_in_its_order() -> None:
    names = [
        "tests/unit/b.py::x",
        "tests/unit/a.py::x",
        "tests/portal/test_p.py::x",
        "tests/e2e/test_runs_that_fail.py::x",
    ]
    items: list[Any] = [SimpleNamespace(nodeid=name) for name in names]
    pytest_collection_modifyitems(items)
    assert [item.nodeid for item in items] == [names[3], names[2], names[0], names[1]]
