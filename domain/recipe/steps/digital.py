"""Steps that look like faulty or lossy digital processing."""

from __future__ import annotations

from domain.recipe.steps.base import Step

STEPS: tuple[type[Step], ...] = ()
