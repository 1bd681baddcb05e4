"""A version's embeddings: of one look with the fingerprints, kept with the version, taken over by the next one."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from augmentation.__main__ import main
from augmentation.embedding.kept import Embeddings, load_embeddings
from augmentation.errors import UsageError
from augmentation.image.frame import Frame
from augmentation.image.reading.reader import Target, read_image
from domain.errors import InvalidRecipe
from domain.recipe.yaml_reader import read_recipe
from tests.support.builders.models import write_model
from tests.support.builders.photos import SMALL_RECIPE, save_labels, save_recipe, textured, write_photos

CREATED = ("--created", "2026-11-28T00:00:00Z")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = write_photos(tmp_path / "in", 8)
    for seed, row in enumerate(rows):
        textured(seed).save(tmp_path / "in" / row.source, "JPEG", quality=90)  # smooth shades have no fingerprint
    save_labels(tmp_path / "labels.jsonl", rows)
    save_recipe(tmp_path / "recipe.yaml", SMALL_RECIPE + "\noutput: {embeddings: true}\n")
    write_model(tmp_path / "ours.onnx")
    return tmp_path


def run(folder: Path, output: str, *more: str, model: bool = True) -> int:
    named = {"recipe": "recipe.yaml", "input": "in", "output": output, "labels": "labels.jsonl"}
    own = {"embedding": "ours.onnx"} if model else {}
    paths = [text for name, path in (named | own).items() for text in (f"--{name}", str(folder / path))]
    return main(["run", *paths, "--processes", "1", *CREATED, *more])


def kept(folder: Path, output: str) -> Embeddings:
    return load_embeddings(folder / output / "embeddings.npz")


def dataset(folder: Path, output: str) -> dict[str, object]:
    return dict(json.loads((folder / output / "dataset.json").read_text()))


@pytest.fixture
def decoded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a line for each decoding of the pass, in a file by the digest of the image."""
    noted = folder / "decoded"
    noted.mkdir()

    def read(data: bytes, target: Target) -> Frame:
        with (noted / hashlib.sha256(data).hexdigest()).open("a") as file:
            file.write(f"{target}\n")
        return read_image(data, target)

    monkeypatch.setattr("augmentation.input.look.read_image", read)
    return noted


def test_a_version_holds_a_vector_of_each_image_that_can_be_read(folder: Path) -> None:
    (folder / "in/torn.jpg").write_bytes(b"\xff\xd8 torn")
    assert run(folder, "v1") == 0
    found = kept(folder, "v1")
    images = sorted(path for path in (folder / "in").iterdir() if path.name != "torn.jpg")
    assert found.sources == tuple(path.name for path in images)
    assert found.sha256 == tuple(hashlib.sha256(path.read_bytes()).hexdigest() for path in images)
    assert np.allclose(np.linalg.norm(found.vectors, axis=1), 1, atol=1e-3)
    told = {"file": "embeddings.npz", "model": found.model, "count": len(images)}
    assert dataset(folder, "v1")["embeddings"] == told
    assert main(["check", str(folder / "v1")]) == 0
    assert not (folder / "v1/parts").exists()


def test_each_image_is_decoded_once_for_fingerprint_and_embedding(folder: Path, decoded: Path) -> None:
    assert run(folder, "v1") == 0
    images = {hashlib.sha256(path.read_bytes()).hexdigest() for path in (folder / "in").iterdir()}
    assert {file.name: len(file.read_text().splitlines()) for file in decoded.iterdir()} == dict.fromkeys(images, 1)
    assert (folder / "v1/fingerprints.jsonl").is_file()


def test_the_next_version_embeds_only_what_is_new(folder: Path, decoded: Path) -> None:
    assert run(folder, "v1") == 0
    for file in decoded.iterdir():
        file.unlink()
    textured(99).save(folder / "in/new.jpg", "JPEG")
    labels = (folder / "labels.jsonl").read_text()
    row = {**json.loads(labels.splitlines()[0]), "source": "new.jpg"}
    (folder / "labels.jsonl").write_text(f"{labels}{json.dumps(row)}\n")
    assert run(folder, "v2", "--known", str(folder / "v1/manifest.jsonl")) == 0
    new = hashlib.sha256((folder / "in/new.jpg").read_bytes()).hexdigest()
    assert [file.name for file in decoded.iterdir()] == [new]
    before, after = kept(folder, "v1"), kept(folder, "v2")
    assert after.sources == tuple(sorted([*before.sources, "new.jpg"]))
    places = [after.sources.index(source) for source in before.sources]
    assert np.array_equal(after.vectors[places], before.vectors)


def test_another_model_embeds_all_anew(folder: Path) -> None:
    assert run(folder, "v1") == 0
    write_model(folder / "ours.onnx", mean=100)
    textured(99).save(folder / "in/new.jpg", "JPEG")
    rows = [json.loads(line) for line in (folder / "labels.jsonl").read_text().splitlines()]
    (folder / "labels.jsonl").write_text(
        "".join(f"{json.dumps(row)}\n" for row in [*rows, rows[0] | {"source": "new.jpg"}])
    )
    assert run(folder, "v2", "--known", str(folder / "v1/manifest.jsonl")) == 0
    assert kept(folder, "v2").model != kept(folder, "v1").model
    assert len(kept(folder, "v2").sources) == 9
    assert run(folder, "fresh") == 0
    assert np.array_equal(kept(folder, "v2").vectors, kept(folder, "fresh").vectors)
    assert kept(folder, "v2").sources == kept(folder, "fresh").sources


def test_what_cannot_be_read_any_more_keeps_no_vector_and_what_is_away_keeps_its_own(folder: Path) -> None:
    assert run(folder, "v1") == 0
    torn, away = kept(folder, "v1").sources[:2]
    (folder / "in" / torn).write_bytes(b"\xff\xd8 torn")
    (folder / "in" / away).unlink()
    textured(99).save(folder / "in/new.jpg", "JPEG")
    labels = (folder / "labels.jsonl").read_text()
    row = {**json.loads(labels.splitlines()[0]), "source": "new.jpg"}
    (folder / "labels.jsonl").write_text(f"{labels}{json.dumps(row)}\n")
    assert run(folder, "v2", "--known", str(folder / "v1/manifest.jsonl")) == 0
    assert set(kept(folder, "v2").sources) == {*kept(folder, "v1").sources, "new.jpg"} - {torn}
    assert dataset(folder, "v2")["embeddings"]["count"] == len(kept(folder, "v2").sources) == 8  # type: ignore[index]


def test_several_hosts_embed_each_its_own_and_write_what_one_writes(folder: Path) -> None:
    assert run(folder, "whole") == 0
    hosts = ["algo-1", "algo-2"]
    images = sorted((folder / "in").iterdir())
    for number, host in enumerate(hosts):
        shard = folder / f"shard-{number}"
        shard.mkdir()
        for image in images[number::2]:
            (shard / image.name).write_bytes(image.read_bytes())
        config = folder / f"{host}.json"
        config.write_text(json.dumps({"current_host": host, "hosts": hosts}))
        words = ["--input", str(shard), "--output", str(folder / "prints"), "--embedding", str(folder / "ours.onnx")]
        assert main(["fingerprint", *words, "--embed", "--host-config", str(config), "--processes", "1"]) == 0
    assert sorted(path.name for path in (folder / "prints").iterdir()) == [
        "algo-1.jsonl", "algo-1.npz", "algo-2.jsonl", "algo-2.npz",
    ]  # fmt: skip
    given = ["--fingerprints", str(folder / "prints"), "--embeddings", str(folder / "prints")]
    whole = (folder / "whole/embeddings.npz").read_bytes()
    for number, host in enumerate(hosts):
        named = ["--host-config", str(folder / f"{host}.json"), "--input", str(folder / f"shard-{number}")]
        assert run(folder, f"out-{number}", *given, *named) == 0
        assert (folder / f"out-{number}/embeddings.npz").read_bytes() == whole
        part = json.loads((folder / f"out-{number}/parts/{host}/part.json").read_text())
        assert part["embeddings"]["count"] == 8


def test_without_the_packages_the_version_is_made_and_says_what_is_missing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def missing(_: Path | None) -> None:
        raise UsageError("the embedding needs onnx, which is not there: set [learning] enabled = true")

    monkeypatch.setattr("augmentation.input.version_embeddings.model_of", missing)
    assert run(folder, "v1", model=False) == 0
    told = "the recipe asks for embeddings, and the version has none: the embedding needs onnx, which is not there"
    assert told in str(dataset(folder, "v1")["warnings"])
    assert told in capsys.readouterr().err
    assert "embeddings" not in dataset(folder, "v1")
    assert not (folder / "v1/embeddings.npz").exists()
    assert run(folder, "v2") == 2  # whoever names a model wants no version without it


def test_where_near_duplicates_are_ignored_there_are_embeddings_and_no_fingerprints(folder: Path) -> None:
    recipe = folder / "recipe.yaml"
    recipe.write_text(recipe.read_text().replace("splits: {", "splits: {near_duplicates: ignore, "))
    assert run(folder, "v1") == 0
    assert len(kept(folder, "v1").sources) == 8
    assert not (folder / "v1/fingerprints.jsonl").exists()


def test_a_recipe_without_the_word_makes_none(folder: Path) -> None:
    save_recipe(folder / "recipe.yaml")
    assert run(folder, "v1") == 0
    assert not (folder / "v1/embeddings.npz").exists()
    assert "embeddings" not in dataset(folder, "v1")


def test_embeddings_of_what_is_no_image_are_refused_with_their_place() -> None:
    text = (
        "name: a\nmedia: text\noutput: {embeddings: true}\nsplits: {train: 1, val: 0, test: 0}\nsteps:\n- export: x\n"
    )
    with pytest.raises(InvalidRecipe, match=r"embeddings are of images, but this recipe is one for texts"):
        read_recipe(text, "texts.yaml")
