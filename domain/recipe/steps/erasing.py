"""Steps that cover parts of the image."""

from __future__ import annotations

from domain.recipe.steps.base import Step

STEPS: tuple[type[Step], ...] = ()
