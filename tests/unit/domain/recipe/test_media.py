"""A recipe is one for images, sound, texts or records, and fits a task about the same."""

from __future__ import annotations

from typing import Any

import pytest

from domain.errors import InvalidRecipe
from domain.recipe import Recipe
from domain.recipe.fit import Wanted, check_fit
from domain.recipe.outputs import chains, written_as

ORIGINAL = {"export": "original"}


def recipe(media: str, *steps: dict[str, Any], **more: Any) -> Recipe:
    return Recipe.from_mapping({"name": "any", "media": media, "steps": [*steps, ORIGINAL], **more})


@pytest.mark.parametrize(("media", "written", "noun"), [("text", "txt", "text"), ("record", "json", "record")])
def test_texts_and_records_are_written_in_their_one_format(media: str, written: str, noun: str) -> None:
    found = recipe(media)
    assert written_as(found, chains(found)["original"].export).format == written
    assert (found.noun, found.evaluated_by, found.needs_fingerprints) == (noun, "original", False)


@pytest.mark.parametrize(
    ("media", "step", "said"),
    [
        ("text", {"op": "resize", "width": 8, "height": 8}, "resize works on images, but this recipe is one for texts"),
        ("record", {"op": "mono"}, "mono works on sound, but this recipe is one for records"),
        ("text", {"custom": "a:b"}, "a function of one's own works on images, but this recipe is one for texts"),
    ],
)
def test_no_step_works_on_them(media: str, step: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidRecipe, match=said):
        recipe(media, step)


@pytest.mark.parametrize(("media", "usual"), [("text", "txt"), ("record", "json")])
def test_another_format_is_refused(media: str, usual: str) -> None:
    with pytest.raises(InvalidRecipe, match=rf"format png is none for {media}s; use {usual}"):
        recipe(media, output={"format": "png"})
    with pytest.raises(InvalidRecipe, match=f"format {usual} is none for images; use jpeg or png"):
        recipe("image", output={"format": usual})


@pytest.mark.parametrize("media", ["text", "record"])
def test_a_recipe_fits_the_task_that_asks_about_the_same(media: str) -> None:
    check_fit(recipe(media), Wanted(media, ("good", "bad")))
    with pytest.raises(InvalidRecipe, match=f"this is a recipe for {media}s, but the task asks about images"):
        check_fit(recipe(media), Wanted("image"))
    with pytest.raises(InvalidRecipe, match=f"this is a recipe for images, but the task asks about {media}s"):
        check_fit(recipe("image"), Wanted(media))
