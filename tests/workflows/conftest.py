from __future__ import annotations

from collections.abc import Iterator

import pytest

from lambdas.shared.entry import logger


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Thousands of invocations would each log a line or two."""
    level = logger.log_level
    logger.setLevel("CRITICAL")
    yield
    logger.setLevel(level)
