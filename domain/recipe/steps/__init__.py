"""The parameters of each step of a recipe, with their ranges: one model a transform, one module a family."""

from domain.recipe.steps import audio, blur, color, digital, erasing, geometry, noise, weather
from domain.recipe.steps.base import Step, any_step, op_of

STEP_TYPES: tuple[type[Step], ...] = (
    *geometry.STEPS,
    *color.STEPS,
    *noise.STEPS,
    *blur.STEPS,
    *weather.STEPS,
    *digital.STEPS,
    *erasing.STEPS,
    *audio.STEPS,
)
STEPS_BY_OP: dict[str, type[Step]] = {op_of(step_type): step_type for step_type in STEP_TYPES}

__all__ = ["STEPS_BY_OP", "STEP_TYPES", "Step", "any_step", "op_of"]
