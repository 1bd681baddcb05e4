"""The registry of task types."""

from __future__ import annotations

import pytest

from domain.errors import InvalidInput
from domain.workflow.task_types import task_type


def test_a_type_that_is_not_there_yet_is_refused_with_those_that_are() -> None:
    with pytest.raises(InvalidInput, match=r"task\.type: 'video' is not supported yet; supported: image-single-label"):
        task_type("video")
