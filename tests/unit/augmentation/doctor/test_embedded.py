"""What the vectors of pictures alone tell: which are far from their class, and which show nearly the same scene."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from augmentation.doctor.duplicates import Duplicates, find_duplicates
from augmentation.doctor.pictures import outliers
from augmentation.embedding.files import Embeddings


def embedded(vectors: np.ndarray) -> Embeddings:
    rows = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    names = tuple(f"{place:02}.jpg" for place in range(len(rows)))
    return Embeddings(names, names, rows, "model")


def two_classes() -> tuple[np.ndarray, dict[str, str]]:
    """20 vectors around one axis, 20 around another."""
    vectors = np.random.default_rng(1).normal(0, 0.1, (40, 30))
    vectors[:20, 0] += 1
    vectors[20:, 1] += 1
    return vectors, {f"{place:02}.jpg": "ab"[place // 20] for place in range(40)}


def test_what_is_far_from_its_class_is_an_outlier_even_if_it_is_near_to_another() -> None:
    vectors, labels = two_classes()
    assert len(outliers(embedded(vectors), labels, ())) <= 1
    vectors[3] = np.roll(vectors[3], 7)
    vectors[5] = vectors[25] + 0.01
    found = outliers(embedded(vectors), labels, ())[:2]
    assert {one["source"] for one in found} == {"03.jpg", "05.jpg"}
    assert {one["label"] for one in found} == {"a"}
    assert "05.jpg" not in {one["source"] for one in outliers(embedded(vectors), labels, {"05.jpg"})}
    assert min(one["score"] for one in found) > 5


def test_pairs_much_nearer_than_is_usual_are_nearly_the_same_scene() -> None:
    draw = np.random.default_rng(2)
    vectors = draw.normal(0, 1, (30, 60))
    vectors[7] = vectors[4] + 0.2 * draw.normal(0, 1, 60)
    assert [(one.sources, one.kind) for one in find_duplicates(Path(), [], embedded(vectors))] == [
        (("04.jpg", "07.jpg"), "semantic")
    ]


def test_where_all_pictures_are_alike_none_is_the_same_scene() -> None:
    """Frames of one camera have cosines above 0.9 throughout."""
    vectors = np.random.default_rng(3).normal(0, 0.03, (30, 60))
    vectors[:, 0] += 1
    alike: list[Duplicates] = find_duplicates(Path("nowhere"), [], embedded(vectors), 1)
    assert alike == []
