"""The augmentation recipe: what is made of each image, as data. Kernels live in `augmentation`, not here."""

from domain.recipe.graph import Recipe
from domain.recipe.nodes import Branch, Export, OneOf
from domain.recipe.outputs import Chain, Output, chains

__all__ = ["Branch", "Chain", "Export", "OneOf", "Output", "Recipe", "chains"]
