"""A round of labeling on files: the images are embedded once, and the rounds follow from files alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from augmentation.__main__ import main
from augmentation.assist import AssistOptions, assist
from augmentation.embedding.kept import Embeddings, load_embeddings, save_embeddings
from augmentation.errors import UsageError
from domain.jsonlines import dump_lines, load_lines
from tests.support.builders.models import write_model

NAMES = [f"{number:03}.png" for number in range(120)]
LABELS = ["left", "right"]
SETTINGS = {"target": 0.9, "first_per_class": 10, "minimum": 20, "batch_least": 10, "audit_least": 3, "blind": 0.3}


def truth(name: str) -> str:
    return LABELS[int(name[:3]) % 2]


class Work:
    """The folder of a run whose images lie in two heaps; `answer` is what people say of what was asked."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.folder = folder
        rng = np.random.default_rng(7)
        centers = np.array([[1.0, 0.2, 0, 0], [0.2, 1.0, 0, 0]])
        vectors = np.array([centers[LABELS.index(truth(name))] for name in NAMES]) + rng.normal(0, 0.15, (120, 4))
        digests = tuple(f"{name:064}" for name in NAMES)
        folder.mkdir(parents=True, exist_ok=True)
        save_embeddings(folder / "embeddings.npz", Embeddings(tuple(NAMES), digests, vectors.astype(np.float32), "m"))
        given = {"labels": LABELS, "seed": 7, "settings": {**SETTINGS, **settings}}
        (folder / "assist.json").write_text(json.dumps(given))
        self.answers: dict[str, str | None] = {}

    def decide(self, number: int, output: Path | None = None) -> dict[str, Any]:
        place = self.folder / "rounds" / str(number)
        place.mkdir(parents=True, exist_ok=True)
        if self.answers:
            rows = [{"source": source, "label": label} for source, label in self.answers.items()]
            (place / "answers.jsonl").write_text(dump_lines(rows))
        return assist(AssistOptions(self.folder, output or self.folder, number))

    def rows(self, number: int, name: str) -> list[dict[str, Any]]:
        return list(load_lines((self.folder / f"rounds/{number}/{name}").read_text(), name))

    def answer(self, number: int) -> None:
        for row in self.rows(number, "questions.jsonl"):
            assert row["source"] not in self.answers, "nobody is asked twice"
            self.answers[row["source"]] = truth(row["source"])

    def all_rounds(self) -> int:
        for number in range(50):
            if self.decide(number)["done"]:
                return number
            self.answer(number)
        pytest.fail("the rounds have no end")


def test_rounds_over_files_ask_about_some_and_label_the_rest(tmp_path: Path) -> None:
    work = Work(tmp_path)
    last = work.all_rounds()
    machine = {row["source"]: row["label"] for row in work.rows(last, "machine.jsonl")}
    assert work.answers.keys() | machine.keys() == set(NAMES)
    assert work.answers.keys().isdisjoint(machine)
    assert len(machine) > 40
    assert sum(truth(name) == label for name, label in machine.items()) >= 0.9 * len(machine)


def test_the_same_folder_gives_the_same_files(tmp_path: Path) -> None:
    work = Work(tmp_path / "work")
    work.decide(0)
    work.answer(0)
    work.decide(1)
    work.decide(1, tmp_path / "again")
    for name in ("questions.jsonl", "machine.jsonl", "state.json", "summary.json"):
        assert (tmp_path / "again/rounds/1" / name).read_bytes() == (work.folder / "rounds/1" / name).read_bytes()


def test_a_round_does_not_depend_on_whether_its_features_were_kept(tmp_path: Path) -> None:
    work = Work(tmp_path)
    work.decide(0)
    assert (work.folder / "features.npy").exists()
    work.answer(0)
    work.decide(1)
    before = (work.folder / "rounds/1/questions.jsonl").read_bytes()
    (work.folder / "features.npy").unlink()
    work.decide(1)
    assert (work.folder / "rounds/1/questions.jsonl").read_bytes() == before


def test_who_is_asked_blind_is_not_shown_what_the_model_expects_but_it_is_known(tmp_path: Path) -> None:
    work = Work(tmp_path, blind=0.5)
    last = work.all_rounds()
    later = [row for number in range(1, last) for row in work.rows(number, "questions.jsonl")]
    assert all(row["guess"] in LABELS for row in later)
    assert all(row["suggestion"] in (None, row["guess"]) for row in later)
    blind = sum(row["suggestion"] is None for row in later)
    assert 0.2 * len(later) < blind < 0.8 * len(later)
    assert {row["guess"] for row in work.rows(0, "questions.jsonl")} == {None}, "there is no model before any answer"


def test_audits_are_marked_and_never_labeled_by_the_machine_too(tmp_path: Path) -> None:
    work = Work(tmp_path, audit=0.5)
    work.decide(0)
    work.answer(0)
    summary = work.decide(1)
    audits = [row["source"] for row in work.rows(1, "questions.jsonl") if row["audit"]]
    assert audits
    assert not set(audits) & {row["source"] for row in work.rows(1, "machine.jsonl")}
    assert (summary["asked"], summary["machine"]) == (
        len(work.rows(1, "questions.jsonl")),
        len(work.rows(1, "machine.jsonl")),
    )


def test_answers_of_images_that_could_not_be_embedded_are_left_out(tmp_path: Path) -> None:
    work = Work(tmp_path)
    work.answers = {"gone.png": "left", "000.png": None}
    assert work.decide(0)["answers"] == 1
    assert "000.png" not in {row["source"] for row in work.rows(0, "questions.jsonl")}


def test_the_first_round_embeds_the_images_by_ones_own_model_and_says_which_it_cannot_read(tmp_path: Path) -> None:
    import cv2

    images, work = tmp_path / "images", tmp_path / "work"
    images.mkdir()
    work.mkdir()
    for number, color in enumerate(((0, 0, 255), (255, 0, 0))):
        cv2.imwrite(str(images / f"{number}.png"), np.full((40, 40, 3), color, np.uint8))
    (images / "broken.png").write_bytes(b"no picture")
    (work / "objects.jsonl").write_text(dump_lines({"source": name} for name in ("0.png", "1.png", "broken.png")))
    write_model(work / "model/ours.onnx")
    given = {"labels": LABELS, "seed": 1, "settings": {}, "embedding": "model/ours.onnx"}
    (work / "assist.json").write_text(json.dumps(given))
    arguments = [
        "assist",
        "--work",
        str(work),
        "--round",
        "0",
        "--input",
        str(images),
        "--output",
        str(tmp_path / "out"),
    ]
    assert main([*arguments, "--processes", "1"]) == 0
    assert load_embeddings(tmp_path / "out/embeddings.npz").sources == ("0.png", "1.png")
    [unreadable] = load_lines((tmp_path / "out/unreadable.jsonl").read_text(), "unreadable.jsonl")
    assert unreadable["source"] == "broken.png"
    summary = json.loads((tmp_path / "out/rounds/0/summary.json").read_text())
    assert (summary["asked"], summary["unreadable"], summary["settings"]["target"]) == (2, 1, 0.99)


@pytest.mark.parametrize(("settings", "said"), [({"target": 2}, "target 2, .*both must be"), ({"tarjet": 1}, "tarjet")])
def test_a_wrong_setting_is_refused_with_its_file(tmp_path: Path, settings: dict[str, Any], said: str) -> None:
    work = Work(tmp_path)
    given = {"labels": LABELS, "seed": 7, "settings": settings}
    (tmp_path / "assist.json").write_text(json.dumps(given))
    with pytest.raises(UsageError, match=f"assist.json: .*{said}"):
        work.decide(0)


def test_a_round_without_the_one_before_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Work(tmp_path)
    assert main(["assist", "--work", str(tmp_path), "--round", "3", "--output", str(tmp_path)]) == 2
    assert "rounds/2/state.json" in capsys.readouterr().err
