"""The graph is gone through once: shared prefixes once, nothing that no output needs, neighbors fused."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest

from augmentation.execution import graph as execution
from augmentation.execution.graph import Execution, Made
from augmentation.image.frame import Frame
from augmentation.image.kernels import tone, warp
from augmentation.image.medium import decode_target
from domain.recipe import Output, Recipe, chains
from domain.recipe.outputs import outputs_of
from tests.support.builders.photos import any_bgrx


def recipe_of(*steps: dict[str, Any]) -> Recipe:
    return Recipe.from_mapping({"name": "any", "splits": {"train": 1, "val": 0, "test": 0}, "steps": list(steps)})


def made_by(recipe: Recipe, only: set[str] | None = None, seed: int = 1, source: str = "a.jpg") -> list[Made]:
    wanted = [one for one in outputs_of(chains(recipe), lambda *_: True) if not only or one.chain.export.export in only]
    return list(Execution(seed, source, wanted).run(recipe.steps, Frame.whole(any_bgrx())))


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Counts how often each transform and each fused kernel runs."""
    counted: Counter[str] = Counter()
    for module, name in ((warp, "warp"), (tone, "look_up")):
        real = getattr(module, name)

        def count(*given: Any, real: Any = real, name: str = name) -> Any:
            counted[name] += 1
            return real(*given)

        monkeypatch.setattr(module, name, count)
    real_filter = execution._applied

    def count_filter(work: Any, transform: Any, values: Any) -> Any:
        counted[transform.step.__name__] += 1
        return real_filter(work, transform, values)

    monkeypatch.setattr(execution, "_applied", count_filter)
    return counted


CROP = {"op": "resize_crop", "width": 32, "height": 32}
TURN = {"op": "rotate", "degrees": [-20, 20]}
ZOOM = {"op": "zoom", "factor": [0.8, 1.2]}
LIGHT = {"op": "brightness_contrast", "brightness": [-0.2, 0.2]}
NOISE = {"op": "gaussian_noise", "severity": 3}


def test_a_shared_prefix_runs_once_for_all_its_exports(calls: Counter[str]) -> None:
    branch = {"branch": "b", "variants": 5, "steps": [{"op": "grayscale"}, {"export": "gray"}]}
    made = made_by(recipe_of(CROP, {"export": "plain"}, branch, NOISE, {"export": "noisy"}))
    assert len(made) == 7
    assert calls == {"ResizeCrop": 1, "Grayscale": 5, "GaussianNoise": 1}


def test_neighboring_warps_and_curves_are_fused(calls: Counter[str]) -> None:
    made_by(recipe_of(TURN, ZOOM, TURN, LIGHT, LIGHT, {"export": "all"}))
    assert calls == {"warp": 1, "look_up": 1}


def test_a_warp_after_a_curve_waits_for_it(calls: Counter[str]) -> None:
    made_by(recipe_of(LIGHT, TURN, {"export": "all"}))
    assert calls == {"warp": 1, "look_up": 1}


def test_steps_that_no_wanted_output_needs_are_not_done(calls: Counter[str]) -> None:
    branch = {"branch": "b", "variants": 5, "steps": [{"op": "grayscale"}, {"export": "gray"}]}
    recipe = recipe_of(CROP, {"export": "plain"}, branch, NOISE, {"export": "noisy"})
    assert len(made_by(recipe, only={"plain"})) == 1
    assert calls == {"ResizeCrop": 1}


def test_fused_warps_equal_single_ones_up_to_interpolation() -> None:
    fused = made_by(recipe_of(TURN, ZOOM, {"export": "all"}))[0]
    angle, factor = fused.steps[0]["values"]["degrees"], fused.steps[1]["values"]["factor"]
    singly = warp.warp(warp.warp(any_bgrx(), warp.rotation(angle, 64, 48)), warp.scaling(factor, 64, 48))
    inner = (slice(12, 36), slice(16, 48))
    assert np.abs(fused.media.pixels[inner].astype(int) - singly[inner].astype(int)).mean() < 3


def test_leaving_an_output_out_changes_no_other() -> None:
    branch = {"branch": "b", "variants": 3, "steps": [TURN, {"export": "turned"}, LIGHT, {"export": "lit"}]}
    recipe = recipe_of(CROP, branch, NOISE, {"export": "noisy"})
    everything = {(one.output.chain.export.export, one.output.variant): one.media.pixels for one in made_by(recipe)}
    for only in ("turned", "lit", "noisy"):
        for one in made_by(recipe, only={only}):
            assert np.array_equal(one.media.pixels, everything[only, one.output.variant])


def test_values_depend_on_seed_source_and_variant() -> None:
    recipe = recipe_of({"branch": "b", "variants": 2, "steps": [TURN, {"export": "turned"}]})
    angles = [
        one.steps[0]["values"]["degrees"]
        for seed, source in ((1, "a.jpg"), (2, "a.jpg"), (1, "b.jpg"))
        for one in made_by(recipe, seed=seed, source=source)
    ]
    assert len(set(angles)) == 6


def test_a_step_with_a_probability_is_skipped_about_that_often_and_leaves_later_draws_alone() -> None:
    sometimes = {**ZOOM, "probability": 0.3}
    recipe = recipe_of({"branch": "b", "variants": 200, "steps": [sometimes, TURN, {"export": "x"}]})
    always = recipe_of({"branch": "b", "variants": 200, "steps": [ZOOM, TURN, {"export": "x"}]})
    found, reference = made_by(recipe), made_by(always)
    assert 35 < sum(len(one.steps) == 2 for one in found) < 85
    assert [one.steps[-1] for one in found] == [one.steps[-1] for one in reference]


def test_branches_in_branches_make_every_combination() -> None:
    inner = {"branch": "inner", "variants": 3, "steps": [LIGHT, {"export": "lit"}]}
    recipe = recipe_of({"branch": "outer", "variants": 2, "steps": [TURN, inner]})
    made = made_by(recipe)
    assert [one.output.variant for one in made] == list(range(6))
    assert len({one.steps[0]["values"]["degrees"] for one in made}) == 2
    assert len({one.steps[1]["values"]["brightness"] for one in made}) == 6


@pytest.mark.parametrize(
    ("steps", "target"),
    [
        ([CROP, {"export": "a"}], (32, 32)),
        ([{"export": "a"}, CROP], None),
        ([TURN, CROP, {"export": "a"}], None),
        ([{**CROP, "probability": 0.5}, {"export": "a"}], None),
        ([{"branch": "b", "steps": [{**CROP, "width": 64}, {"export": "a"}]}, CROP, {"export": "c"}], (64, 32)),
        ([{"branch": "b", "steps": [TURN, {"export": "a"}]}, CROP, {"export": "c"}], None),
    ],
)
def test_the_photo_is_decoded_as_small_as_every_way_allows(steps: list[dict[str, Any]], target: object) -> None:
    assert decode_target(recipe_of(*steps)) == target


def test_where_no_mixed_output_is_wanted_the_passage_ends_at_the_mix() -> None:
    """As where an earlier version has the mixed ones, or some variants of them."""
    steps = [{"op": "flip"}, {"export": "flipped"}, {"mixup": {}}, {"export": "mixed"}]
    recipe = recipe_of({"export": "plain"}, {"branch": "b", "variants": 2, "steps": steps})
    every = outputs_of(chains(recipe), lambda *_: True)
    wanted = [output for output in every if (output.chain.export.export, output.variant) != ("mixed", 0)]
    asked: list[tuple[str, int]] = []

    def partner(output: Output) -> Frame:
        asked.append((output.chain.export.export, output.variant))
        return Frame.whole(any_bgrx())

    made = list(Execution(1, "a.jpg", wanted, partner).run(recipe.steps, Frame.whole(any_bgrx())))
    assert [(one.output.chain.export.export, one.output.variant) for one in made] == [
        ("plain", 0), ("flipped", 0), ("flipped", 1), ("mixed", 1),
    ]  # fmt: skip
    assert asked == [("mixed", 1)]
