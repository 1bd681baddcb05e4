"""A model of one's own: it runs as its card says, and a wrong one is named with what to do."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from augmentation.embedding import packages
from augmentation.embedding.files import embed_files
from augmentation.embedding.model import model_of
from augmentation.embedding.packages import PACKAGES, require_learning
from augmentation.errors import UsageError
from tests.support.builders.models import mean_color, write_model
from tests.support.builders.photos import write_photos


def red(side: int = 16) -> np.ndarray:
    picture = np.zeros((side, side, 3), np.uint8)
    picture[:, :, 0] = 255
    return picture


@pytest.mark.parametrize("batch", ["n", 1], ids=["any number", "one at a time"])
def test_a_model_of_ones_own_makes_the_vectors(batch: int | str, tmp_path: Path) -> None:
    model = model_of(write_model(tmp_path / "ours.onnx", mean_color(batch)))
    found = model.embed([red(), 255 - red(), red()])
    assert np.allclose(found, [[1, 0, 0], [0, 0.5**0.5, 0.5**0.5], [1, 0, 0]])


def test_it_was_tried_before_and_works_in_processes_yet(tmp_path: Path) -> None:
    write_photos(tmp_path / "photos", 3)
    names = sorted(path.name for path in (tmp_path / "photos").iterdir())
    model = model_of(write_model(tmp_path / "ours.onnx"))
    assert embed_files(tmp_path / "photos", names, model, processes=2).vectors.shape == (3, 3)


def test_the_card_is_a_part_of_what_the_model_is(tmp_path: Path) -> None:
    one = model_of(write_model(tmp_path / "one.onnx"))
    other = model_of(write_model(tmp_path / "other.onnx", mean=[10, 10, 10]))
    assert one.digest != other.digest


@pytest.mark.parametrize(
    ("content", "card", "told"),
    [
        (b"no model", {}, r"ours\.onnx: the embedding's model cannot be used: .*; what it takes and gives stands in"),
        (None, {"side": 32}, r"ours\.onnx: the embedding's model does not take the input: "),
        (None, {"output": "logits"}, r"has the outputs color; say which one is the embedding; .* in ours\.json"),
        (mean_color(outputs=("one", "two")), {}, r"has the outputs one, two; say which"),
        (None, {"sha256": "0" * 64}, r"its SHA-256 is [0-9a-f]{64}, and its card says 0{64}; write the right one"),
        (None, {"sha256": None}, r"ours\.json: sha256: Field required\. The card of a model is like"),
        (None, {"side": None, "scale": 0}, r"ours\.json: side: Field required; scale: values are divided by it"),
        (None, {"mean": [1, 2]}, r"ours\.json: mean: one number or three, for red, green and blue, not 2"),
        (None, {"mean": float("nan")}, r"ours\.json: mean.0: Input should be a finite number"),
        (None, {"scale": [1, float("inf"), 1]}, r"ours\.json: scale.1: Input should be a finite number"),
        (None, {"size": 224}, r"ours\.json: size: Extra inputs are not permitted"),
    ],
)
def test_a_wrong_model_or_card_is_named_with_the_reason(
    content: bytes | None, card: dict[str, object], told: str, tmp_path: Path
) -> None:
    write_model(tmp_path / "ours.onnx", content, **card)
    with pytest.raises(UsageError, match=f"--embedding .*{told}"):
        model_of(tmp_path / "ours.onnx")


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"--embedding .*ours\.onnx: cannot be read"):
        model_of(tmp_path / "ours.onnx")
    (tmp_path / "ours.onnx").write_bytes(mean_color())
    with pytest.raises(UsageError, match=r"cannot read the model's card .*ours\.json: No such file"):
        model_of(tmp_path / "ours.onnx")
    (tmp_path / "ours.json").write_text("{")
    with pytest.raises(UsageError, match=r"ours\.json: the file: Invalid JSON"):
        model_of(tmp_path / "ours.onnx")


def test_a_job_without_the_packages_says_which_setting_brings_them(monkeypatch: pytest.MonkeyPatch) -> None:
    require_learning("assist")  # all are here
    missing = {"onnx", "sklearn"}
    monkeypatch.setattr(packages, "find_spec", lambda module: None if module in missing else json)
    with pytest.raises(
        UsageError, match=r"assist needs onnx and scikit-learn, .*\[learning\] enabled = true in config"
    ):
        require_learning("assist")
    assert "onnxruntime" in PACKAGES
