"""What comes in from outside: a mirrored object would have no box."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image

from augmentation.errors import UsageError
from augmentation.execution.graph import Intermediate
from augmentation.execution.registry import BY_STEP
from augmentation.image.frame import Box, Frame, LabeledBox
from augmentation.run.run import RunOptions, run
from augmentation.seeds import rng_of
from domain.labels.boxes import BoxLabel
from domain.recipe.steps import STEPS_BY_OP
from domain.recipe.steps.base import Filled
from tests.support.builders.photos import any_bgrx, any_label, image_bytes, save_labels, save_recipe
from tests.support.builders.steps import applied_bgrx

SHOWING: dict[str, dict[str, Any]] = {
    "rotate": {"degrees": [45, 45]},
    "zoom": {"factor": [0.4, 0.4]},
    "shear": {"degrees": [40, 40]},
    "translate": {"x": [0.5, 0.5], "y": [0.5, 0.5]},
    "perspective": {"indent": [0.2, 0.2]},
    "center_crop": {"width": 300, "height": 300},
    "random_crop": {"width": 300, "height": 300},
    "pad": {"width": 300, "height": 300},
}


def after(frame: Frame, op: str, **parameters: Any) -> Frame:
    step = STEPS_BY_OP[op].model_validate({"op": op, **parameters})
    return Intermediate(frame).then(step, BY_STEP[type(step)].draw(step, rng_of(1))).settled().media


def one_object() -> Frame:
    pixels = np.full((100, 120, 4), 60, np.uint8)
    pixels[4:96, 4:116] = 255
    return Frame.whole(pixels)._replace(boxes=(LabeledBox("thing", Box(4, 4, 112, 92)),))


def objects(frame: Frame) -> int:
    return cv2.connectedComponents((frame.pixels[..., 0] > 127).astype(np.uint8))[0] - 1


def test_every_step_that_may_show_the_outside_is_walked() -> None:
    filled = {op for op, step in STEPS_BY_OP.items() if issubclass(step, Filled)}
    assert filled == {*SHOWING, "elastic_transform"}


@pytest.mark.parametrize("op", SHOWING)
def test_with_boxes_there_are_as_many_objects_as_boxes(op: str) -> None:
    found = after(one_object(), op, **SHOWING[op])
    assert objects(found) == len(found.boxes) == 1
    assert (found.pixels[..., :3] == 0).all(axis=2).mean() > 0.05


@pytest.mark.parametrize("op", SHOWING)
def test_without_boxes_the_mirror_image_comes_in(op: str) -> None:
    found = after(one_object()._replace(boxes=()), op, **SHOWING[op])
    assert found.pixels.min() >= 60


@pytest.mark.parametrize("severity", [1, 2])
def test_the_elastic_step_brings_no_mirror_images_in_either(severity: int) -> None:
    fields = {"severity": severity, "fill": [0, 0, 0]}
    named, usual = (after(one_object(), "elastic_transform", **given) for given in (fields, {"severity": severity}))
    assert np.array_equal(named.pixels, usual.pixels)
    assert not np.array_equal(named.pixels, after(one_object()._replace(boxes=()), "elastic_transform").pixels)


@pytest.mark.parametrize("op", SHOWING)
def test_the_outside_has_the_color_that_the_recipe_names(op: str) -> None:
    found = applied_bgrx(op, np.full((100, 120, 4), 255, np.uint8), **SHOWING[op], fill=[200, 100, 50])
    outside = (found[..., :3] == (50, 100, 200)).all(axis=2)
    assert outside.mean() > 0.05
    assert not outside.all()


def test_the_last_pixels_go_on_outside() -> None:
    pixels = np.zeros((40, 60, 4), np.uint8)
    pixels[:, 30:] = 200
    found = applied_bgrx("translate", pixels, x=[-0.4, -0.4], y=[0, 0], fill="edge")
    assert np.all(found[:, 8:] == 200)


def test_steps_of_one_fill_are_one_warp_and_those_of_another_are_not() -> None:
    work = Intermediate(Frame.whole(any_bgrx()))
    for fill, waiting in (("edge", 1), ("edge", 2), ([0, 0, 0], 1)):
        step = STEPS_BY_OP["zoom"].model_validate({"op": "zoom", "factor": [0.5, 0.5], "fill": fill})
        work = work.then(step, BY_STEP[type(step)].draw(step, rng_of(1)))
        assert work.matrix is not None
        assert work.matrix.xx == pytest.approx(0.5**waiting)
    assert np.all(work.settled().media.pixels[0, 0, :3] == 0)


def test_a_fill_that_is_not_said_leaves_outputs_known_by_what_they_were() -> None:
    step = STEPS_BY_OP["rotate"].model_validate({"op": "rotate", "degrees": [0, 9]})
    assert step.model_dump(mode="json") == {"probability": 1.0, "op": "rotate", "degrees": [0, 9]}
    said = step.model_copy(update={"fill": (0, 0, 0), "expand": True})
    assert {"fill", "expand"} <= said.model_dump(mode="json").keys()


@pytest.mark.parametrize("fill", ["mirror", "edge", None])
def test_a_mirror_is_refused_where_images_have_boxes(tmp_path: Path, fill: str | None) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.jpg").write_bytes(image_bytes(size=(60, 40)))
    said = "" if fill is None else f", fill: {fill}"
    recipe = save_recipe(
        tmp_path / "recipe.yaml",
        "name: x\nsplits: {train: 1, val: 0, test: 0}\nsteps:\n  - branch: b\n    variants: 1\n    steps:\n"
        f"      - {{op: zoom, factor: [0.5, 0.5]{said}}}\n      - export: x\n",
    )
    boxes = (BoxLabel(label="cat", left=5, top=5, width=20, height=20),)
    labels = save_labels(tmp_path / "labels.jsonl", [any_label("a.jpg", boxes=boxes)])
    options = RunOptions(recipe=recipe, input=tmp_path / "in", output=tmp_path / "out", labels=labels)
    if fill == "mirror":
        with pytest.raises(UsageError, match=r"steps\.0\.steps\.0: `fill: mirror` of zoom .* have no boxes"):
            run(options)
    else:
        run(options)
        (row,) = map(json.loads, (tmp_path / "out/manifest.jsonl").read_text().splitlines())
        assert len(row["boxes"]) == 1


@pytest.mark.parametrize(("degrees", "turns"), [(90, 1), (180, 2), (-90, 3)])
def test_a_quarter_turn_that_expands_is_exact_on_any_shape(degrees: float, turns: int) -> None:
    pixels = any_bgrx(31, 20)
    found = applied_bgrx("rotate", pixels, degrees=[degrees, degrees], expand=True)
    assert np.abs(found.astype(int) - np.rot90(pixels, turns)).max() <= 1


@pytest.mark.parametrize("degrees", [10, 45, -120, 0])
def test_a_turn_that_expands_is_as_large_as_pillows(degrees: float) -> None:
    """Pillow goes to whole pixels on both sides, so it may have one more."""
    pixels = np.full((100, 160, 4), 255, np.uint8)
    found = applied_bgrx("rotate", pixels, degrees=[degrees, degrees], expand=True, fill=[0, 0, 0])
    peer = np.asarray(Image.fromarray(pixels).rotate(degrees, Image.Resampling.BILINEAR, expand=True))
    assert np.abs(np.subtract(found.shape, peer.shape)).max() <= 1
    assert found[..., 0].mean() * found[..., 0].size / 255 == pytest.approx(100 * 160, rel=0.01)


def test_boxes_and_later_steps_know_the_expanded_size() -> None:
    work = Intermediate(one_object())
    for op, fields in (("rotate", {"degrees": [45, 45], "expand": True}), ("flip", {"probability": 1})):
        step = STEPS_BY_OP[op].model_validate({"op": op, **fields})
        work = work.then(step, BY_STEP[type(step)].draw(step, rng_of(1)))
    found = work.settled().media
    (one,) = found.boxes
    assert found.pixels.shape[:2] == (156, 156)
    assert one.visible == pytest.approx(1)
    left, top, width, height = cv2.boundingRect((found.pixels[..., 0] > 127).astype(np.uint8))
    assert tuple(one.box) == pytest.approx((left, top, width, height), abs=3)
