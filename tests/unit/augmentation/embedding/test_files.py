"""The embeddings of a folder: pictures that are alike are near, bytes that are known are not decoded again."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from augmentation.embedding.files import Embeddings, embed_files, load_embeddings, save_embeddings
from augmentation.embedding.model import EmbeddingModel, shipped_model
from augmentation.embedding.weights import read_checkpoint
from augmentation.errors import UsageError


@pytest.fixture(scope="module")
def model() -> EmbeddingModel:
    return shipped_model()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("images")
    for number in range(2):
        picture = drawn(number)
        write(root / f"{number}.png", picture)
        write(root / f"{number}-mirrored.png", picture[:, ::-1])
        write(root / f"{number}-cut.png", picture[20:280, 20:280])
    (root / "broken.png").write_bytes((root / "0.png").read_bytes()[:100])
    return root


def drawn(seed: int) -> np.ndarray:
    """A scene of shapes: a picture that is like no other seed's."""
    random = np.random.default_rng(seed)
    picture = np.full((300, 300, 3), random.integers(150, 256, 3), np.uint8)
    for _ in range(6):
        color = tuple(int(value) for value in random.integers(0, 256, 3))
        center, size = random.integers(60, 240, 2), int(random.integers(15, 60))
        if seed % 2:
            cv2.circle(picture, (int(center[0]), int(center[1])), size, color, -1)
        else:
            cv2.line(picture, (int(center[0]), 0), (int(center[1]), 299), color, size // 4)
    return picture


def write(file: Path, picture: np.ndarray) -> None:
    assert cv2.imwrite(str(file), picture)


NAMES = ["0-cut.png", "0-mirrored.png", "0.png", "1-cut.png", "1-mirrored.png", "1.png", "broken.png"]


@pytest.fixture(scope="module")
def found(folder: Path, model: EmbeddingModel) -> Embeddings:
    return embed_files(folder, NAMES, model, processes=1)


def test_a_mirrored_or_cut_picture_is_nearer_than_any_other(found: Embeddings) -> None:
    assert found.sources == tuple(NAMES[:-1])
    cosines = found.vectors @ found.vectors.T
    assert np.allclose(np.diag(cosines), 1, atol=1e-5)
    assert cosines[:3, :3].min() > cosines[:3, 3:].max()
    assert cosines[3:, 3:].min() > cosines[:3, 3:].max()


def test_what_cannot_be_read_has_no_row_but_a_reason(found: Embeddings) -> None:
    assert list(found.unreadable) == ["broken.png"]


def test_kept_embeddings_come_again_and_spare_decoding(
    folder: Path, model: EmbeddingModel, found: Embeddings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_embeddings(tmp_path / "kept.npz", found)
    kept = load_embeddings(tmp_path / "kept.npz")
    assert (kept.sources, kept.sha256, kept.model) == (found.sources, found.sha256, model.digest)
    assert np.abs(kept.vectors - found.vectors).max() < 2**-11  # half a step of 16 bits below 1
    monkeypatch.setattr("augmentation.embedding.files.square", lambda *_: pytest.fail("it was decoded"))
    again = embed_files(folder, NAMES[:-1], model, processes=1, earlier=kept)
    assert np.array_equal(again.vectors, kept.vectors)


def test_another_model_takes_nothing_over(folder: Path, model: EmbeddingModel, found: Embeddings) -> None:
    wrong = Embeddings(found.sources, found.sha256, np.zeros_like(found.vectors), "of another model")
    again = embed_files(folder, NAMES[:1], model, processes=1, earlier=wrong)
    assert np.allclose(again.vectors[0], found.vectors[0])


def test_a_file_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "kept.npz").write_bytes(b"PK\x03\x04")
    with pytest.raises(UsageError, match=r"kept\.npz: no embeddings that can be read"):
        load_embeddings(tmp_path / "kept.npz")


def test_a_checkpoint_that_would_run_something_is_refused() -> None:
    evil = b"cos\nsystem\n(S'true'\ntR."
    with pytest.raises(Exception, match=r"(os|posix)\.system is no part of a state dict"):
        read_checkpoint(evil)


def test_a_file_that_is_no_archive_is_named(tmp_path: Path) -> None:
    file = tmp_path / "kept.npz"
    file.write_bytes(b"")
    with pytest.raises(UsageError, match="no embeddings that can be read"):
        load_embeddings(file)
    with file.open("wb") as stream:
        np.save(stream, np.zeros(3))
    with pytest.raises(UsageError, match="no embeddings that can be read"):
        load_embeddings(file)
    np.savez_compressed(file, **dict.fromkeys(("sources", "sha256", "vectors", "model"), np.arange(999)))
    data = bytearray(file.read_bytes())
    data[60:600] = b"\xff" * 540
    file.write_bytes(data)
    with pytest.raises(UsageError, match="no embeddings that can be read"):
        load_embeddings(file)
