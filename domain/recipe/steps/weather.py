"""Steps that look like weather."""

from __future__ import annotations

from domain.recipe.steps.base import Step

STEPS: tuple[type[Step], ...] = ()
