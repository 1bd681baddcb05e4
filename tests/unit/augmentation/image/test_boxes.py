"""Bounding boxes against the pixels that they speak of."""

from __future__ import annotations

import base64
import json
from math import inf, nan
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from augmentation.errors import BadImage
from augmentation.execution.graph import Intermediate
from augmentation.execution.registry import BY_STEP
from augmentation.image import boxes
from augmentation.image.frame import Box, Frame, LabeledBox
from augmentation.image.medium import thumbnail
from augmentation.image.reading.reader import Target, read_image
from augmentation.run.run import RunOptions, run
from augmentation.seeds import rng_of
from domain.labels.boxes import BoxLabel
from domain.recipe.steps import STEPS_BY_OP
from tests.support.builders.photos import any_label, image_bytes, save_labels, save_recipe

WIDTH, HEIGHT = 120, 90
MOVING: dict[str, dict[str, Any]] = {
    "resize_crop": {"width": 50, "height": 64},
    "resize": {"width": 200, "height": 60},
    "center_crop": {"width": 70, "height": 110},
    "random_crop": {"width": 80, "height": 60, "scale": [0.4, 1]},
    "pad": {"width": 160, "height": 100, "fill": [0, 0, 0]},
    "rotate": {"degrees": [-40, 40]},
    "flip": {"axis": "horizontal", "probability": 1},
    "zoom": {"factor": [0.6, 1.6]},
    "shear": {"degrees": [-25, 25]},
    "translate": {"x": [-0.3, 0.3], "y": [-0.3, 0.3]},
    "perspective": {"indent": [0, 0.2]},
}
POINTED = ("rotate", "shear", "perspective")  # a sharp corner fades over two pixels; level edges do not
rectangles = st.tuples(st.integers(8, 60), st.integers(8, 40), st.integers(14, 50), st.integers(14, 40))


def filled(left: int, top: int, width: int, height: int) -> Frame:
    """A black image with one white rectangle, and its box."""
    pixels = np.zeros((HEIGHT, WIDTH, 4), np.uint8)
    pixels[top : top + height, left : left + width] = 255
    return Frame.whole(pixels)._replace(boxes=(LabeledBox("thing", Box(left, top, width, height)),))


def after(frame: Frame, seed: int, *ops: str) -> Frame:
    work = Intermediate(frame)
    for op in ops:
        step = STEPS_BY_OP[op].model_validate({"op": op, **MOVING.get(op, {})})
        work = work.then(step, BY_STEP[type(step)].draw(step, rng_of(seed)))
    return work.settled().media


def hull_of_pixels(pixels: NDArray[np.uint8], box: Box) -> Box:
    """The hull of the one white patch in which the box has most of its pixels; mirror images of it lie elsewhere."""
    _, patches, stats, _ = cv2.connectedComponentsWithStats((pixels[..., 0] > 127).astype(np.uint8))
    inside = patches[round(box.top) : round(box.top + box.height), round(box.left) : round(box.left + box.width)]
    counts = np.bincount(inside.ravel(), minlength=len(stats))
    counts[0] = 0
    return Box(*(float(value) for value in stats[int(counts.argmax()), :4]))


def assert_same(found: Box, wanted: Box, tolerance: float) -> None:
    edges = [(box.left, box.top, box.left + box.width, box.top + box.height) for box in (found, wanted)]
    assert edges[0] == pytest.approx(edges[1], abs=tolerance)


@settings(deadline=None, max_examples=25)
@given(rectangles, st.integers(0, 2**32))
@pytest.mark.parametrize("op", MOVING)
def test_a_box_is_the_hull_of_its_pixels_after_every_step(op: str, rectangle: tuple[int, ...], seed: int) -> None:
    left, top, width, height = rectangle
    frame = after(filled(left, top, min(width, WIDTH - 8 - left), min(height, HEIGHT - 8 - top)), seed, op)
    for one in frame.boxes:
        if one.visible > 0.5:
            assert_same(one.box, hull_of_pixels(frame.pixels, one.box), 2.5 if op in POINTED else 1.01)


@settings(deadline=None, max_examples=40)
@given(rectangles, st.integers(0, 2**32), st.lists(st.sampled_from(["rotate", "zoom", "flip", "shear"]), min_size=2))
def test_fused_warps_move_a_box_as_one(rectangle: tuple[int, ...], seed: int, ops: list[str]) -> None:
    left, top, width, height = rectangle
    frame = after(filled(left, top, min(width, WIDTH - 8 - left), min(height, HEIGHT - 8 - top)), seed, *ops[:3])
    for one in frame.boxes:
        if one.visible > 0.9:
            hull = hull_of_pixels(frame.pixels, one.box)
            assert one.box.left + one.box.width / 2 == pytest.approx(hull.left + hull.width / 2, abs=3)
            assert one.box.top + one.box.height / 2 == pytest.approx(hull.top + hull.height / 2, abs=3)


@settings(deadline=None)
@given(rectangles, st.integers(0, 2**32), st.sampled_from(sorted(MOVING)))
def test_no_box_leaves_the_image_or_becomes_more_visible(rectangle: tuple[int, ...], seed: int, op: str) -> None:
    frame = after(filled(*rectangle), seed, op)
    height, width = frame.pixels.shape[:2]
    for _, box, visible in frame.boxes:
        assert 0 <= box.left <= box.left + box.width <= width + 1e-6
        assert 0 <= box.top <= box.top + box.height <= height + 1e-6
        assert 0 < visible <= 1


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("severity", [1, 3])
def test_a_box_follows_the_elastic_step_where_it_moves_the_whole_image(severity: int, seed: int) -> None:
    step = STEPS_BY_OP["elastic_transform"].model_validate({"op": "elastic_transform", "severity": severity})
    before = filled(40, 30, 40, 30)
    work = Intermediate(before).then(step, BY_STEP[type(step)].draw(step, rng_of(seed)))
    (one,) = work.media.boxes
    assert_same(one.box, hull_of_pixels(work.media.pixels, one.box), 3.5)  # sharp corners fade, and shifts are local
    assert one.box != before.boxes[0].box


@pytest.mark.parametrize("op", ["cutout", "grid", "gaussian_noise", "brightness_contrast", "grayscale"])
def test_what_covers_or_colors_pixels_moves_no_box(op: str) -> None:
    frame = filled(20, 20, 30, 30)
    step = STEPS_BY_OP[op].model_validate({"op": op, **STEPS_BY_OP[op].example})
    found = Intermediate(frame).then(step, BY_STEP[type(step)].draw(step, rng_of(1))).settled().media
    assert found.boxes == frame.boxes


def test_a_box_vanishes_below_the_visible_share_over_several_steps() -> None:
    frame = filled(0, 20, 40, 40)
    for _ in range(2):  # 15 of 120 pixels leave on the left each time
        step = STEPS_BY_OP["translate"].model_validate({"op": "translate", "x": [-0.125, -0.125], "y": [0, 0]})
        frame = Intermediate(frame).then(step, {"x": -0.125, "y": 0.0}).settled().media
    assert frame.boxes[0].visible == pytest.approx(0.25)
    assert boxes.rows(frame.boxes, WIDTH, HEIGHT, 0.2) == [
        {"label": "thing", "left": 0, "top": 20, "width": 10, "height": 40}
    ]
    assert boxes.rows(frame.boxes, WIDTH, HEIGHT, 0.3) == []


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_box_of_the_upright_photo_scales_with_a_reduced_decode(orientation: int) -> None:
    exif = bytes.fromhex("457869660000" + "4d4d002a00000008" + f"0001011200030000000100{orientation:02x}000000000000")
    data = image_bytes(size=(410, 300), exif=exif)
    upright = read_image(data).box
    label = BoxLabel(label="thing", left=41, top=30, width=100, height=60)
    frame = boxes.with_boxes(read_image(data, Target(60, 60)), [label])
    assert frame.reduction == 4
    found = frame.boxes[0].box
    assert found.width / frame.box.width == pytest.approx(100 / upright.width)
    assert (found.left - frame.box.left) / frame.box.width == pytest.approx(41 / upright.width)
    assert (found.top - frame.box.top) / frame.box.height == pytest.approx(30 / upright.height)


def test_a_box_outside_of_the_photo_is_an_error_that_names_it() -> None:
    with pytest.raises(BadImage, match="'thing' at 500, 0 lies outside of the image, which has 64 x 48 pixels"):
        boxes.with_boxes(read_image(image_bytes()), [BoxLabel(label="thing", left=500, top=0, width=5, height=5)])


@pytest.mark.parametrize("sides", [(0, 0, 0, 5), (0, 0, 5, -1), (0, 0, nan, 5), (inf, 0, 5, 5), (0, -inf, 5, 5)])
def test_a_box_without_a_size_is_an_error_that_names_it(sides: tuple[float, float, float, float]) -> None:
    label = BoxLabel(label="thing", **dict(zip(("left", "top", "width", "height"), sides, strict=True)))
    with pytest.raises(BadImage, match=r"the box 'thing' has no size \(left, top, width, height: "):
        boxes.with_boxes(read_image(image_bytes()), [label])


RECIPE = """
name: boxes
splits: {train: 1, val: 0, test: 0}
boxes: {min_visible: 0.5}
steps:
  - {op: resize, width: 32, height: 24}
  - export: small
  - {op: center_crop, width: 16, height: 24}
  - export: middle
"""


def boxed_run(folder: Path, labels: Path) -> list[dict[str, Any]]:
    (folder / "in").mkdir(exist_ok=True)
    for name in ("boxed.png", "plain.png"):
        (folder / "in" / name).write_bytes(image_bytes("PNG", size=(64, 48)))
    recipe = save_recipe(folder / "r.yaml", RECIPE)
    run(RunOptions(recipe=recipe, input=folder / "in", output=folder / "out", labels=labels, processes=1))
    return [json.loads(line) for line in (folder / "out/manifest.jsonl").read_text().splitlines()]


def test_boxes_come_out_in_the_manifest_the_augmented_manifest_and_coco(tmp_path: Path) -> None:
    seen = (
        BoxLabel(label="cat", left=20, top=10, width=20, height=20),
        BoxLabel(label="dog", left=0, top=0, width=20, height=20),
    )
    labels = [any_label("boxed.png", boxes=seen), any_label("plain.png")]
    rows = {(row["source"], row["export"]): row for row in boxed_run(tmp_path, save_labels(tmp_path / "l", labels))}
    cat, dog = {"label": "cat", "left": 10, "top": 5}, {"label": "dog", "left": 0, "top": 0}
    size = {"width": 10, "height": 10}
    assert rows["boxed.png", "small"]["boxes"] == [{**cat, **size}, {**dog, **size}]
    assert rows["boxed.png", "middle"]["boxes"] == [{**cat, **size, "left": 2}]  # a fifth of the dog is left
    assert "boxes" not in rows["plain.png", "small"]
    lines = [json.loads(line) for line in (tmp_path / "out/augmented.manifest").read_text().splitlines()]
    line = next(line for line in lines if "boxed~middle" in line["source-ref"])
    assert line["label"] == {
        "image_size": [{"width": 16, "height": 24, "depth": 3}],
        "annotations": [{"class_id": 0, "left": 2, "top": 5, "width": 10, "height": 10}],
    }
    assert line["label-metadata"]["class-map"] == {"0": "cat"}
    assert line["label-metadata"]["type"] == "groundtruth/object-detection"
    coco = json.loads((tmp_path / "out/coco-train.json").read_text())
    assert coco["categories"] == [{"id": 1, "name": "cat"}, {"id": 2, "name": "dog"}]
    assert len(coco["images"]) == 2
    assert all((tmp_path / "out" / image["file_name"]).is_file() for image in coco["images"])
    assert [one["bbox"] for one in coco["annotations"]].count([10, 5, 10, 10]) == 1


def test_the_output_of_a_bounding_box_job_can_be_the_labels(tmp_path: Path) -> None:
    value = {
        "image_size": [{"width": 64, "height": 48, "depth": 3}],
        "annotations": [{"class_id": 0, "top": 0, "left": 0, "width": 32, "height": 24}],
    }
    metadata = {"class-map": {"0": "cat"}, "type": "groundtruth/object-detection", "human-annotated": "yes"}
    lines = [
        {"source-ref": f"s3://bucket/raw/{name}", "job": value, "job-metadata": metadata}
        for name in ("boxed.png", "plain.png")
    ]
    labels = tmp_path / "output.manifest"
    labels.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    rows = boxed_run(tmp_path, labels)
    assert {row["label"] for row in rows} == {"cat"}
    small = next(row for row in rows if row["export"] == "small")
    assert small["boxes"] == [{"label": "cat", "left": 0, "top": 0, "width": 16, "height": 12}]


def test_pictures_of_the_report_show_the_boxes() -> None:
    pixels = np.full((200, 300, 4), 90, np.uint8)
    seen = [LabeledBox("cat", Box(100, 50, 100, 60)), LabeledBox("dog", Box(-5, -5, 30, 30))]
    picture = thumbnail(pixels, 150, seen)
    small = read_image(base64.b64decode(picture.partition(",")[2])).pixels[..., :3].astype(int)
    assert small.shape[:2] == (100, 150)
    edge = small[25, 60:90].mean(), small[40, 50].mean(), small[24, 60:90].mean()
    assert (edge[0] > 170, edge[1] > 150, edge[2] < 80) == (True, True, True)  # white within black
    assert np.abs(small[40, 60:90] - 90).max() < 12
    assert (
        np.abs(read_image(base64.b64decode(thumbnail(pixels, 150).partition(",")[2])).pixels[..., 0] - 90.0).max() < 3
    )
