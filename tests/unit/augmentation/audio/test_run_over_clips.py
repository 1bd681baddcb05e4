"""A run over clips: files, manifest, transcripts, quarantine, report, and the same bytes whoever makes them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from augmentation.__main__ import main
from augmentation.audio import backgrounds
from augmentation.audio.clip import Clip
from domain.labels.rows import LabelRow, Vote
from domain.recipe.steps.audio import BackgroundNoise
from tests.support.builders.photos import ROOT, save_labels, tree
from tests.support.builders.sounds import level_db, sound_bytes, speech, tone, write_clips

RECIPE = """
name: clips
splits: {train: 0.7, val: 0.15, test: 0.15}
steps:
  - {op: mono}
  - export: clean
  - branch: noisy
    variants: 2
    steps:
      - {op: speed, factor: [0.9, 1.1]}
      - {op: colored_noise, color: pink, snr_db: [5, 15]}
      - export: noisy
        format: flac
"""


@pytest.fixture(autouse=True)
def _clips(tmp_path: Path) -> None:
    write_clips(tmp_path / "in", 12, seconds=0.2)
    (tmp_path / "r.yaml").write_text(RECIPE)


def run(folder: Path, output: str, *more: str) -> int:
    paths = ["--recipe", str(folder / "r.yaml"), "--input", str(folder / "in"), "--output", str(folder / output)]
    return main(["run", *paths, "--seed", "7", "--created", "2026-11-25", *more])


def rows_of(folder: Path, output: str = "out", name: str = "manifest.jsonl") -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / output / name).read_text().splitlines()]


def test_every_row_names_a_file_with_its_length_rate_and_channels(tmp_path: Path) -> None:
    assert run(tmp_path, "out") == 0
    rows = rows_of(tmp_path)
    assert len(rows) == 12 + 2 * sum(row["split"] == "train" for row in rows if row["export"] == "clean")
    for row in rows:
        info = soundfile.info(tmp_path / "out" / row["path"])
        assert info.format == ("FLAC" if row["export"] == "noisy" else "WAV")
        assert (info.samplerate, info.channels) == (row["rate"], row["channels"]) == (16_000, 1)
        assert info.frames / info.samplerate == pytest.approx(row["seconds"], abs=1e-6)
        assert "width" not in row
    noisy = [row for row in rows if row["export"] == "noisy"]
    assert {row["split"] for row in noisy} == {"train"}
    assert all([step["op"] for step in row["steps"]] == ["mono", "speed", "colored_noise"] for row in noisy)
    assert main(["check", str(tmp_path / "out")]) == 0


def test_workers_hosts_and_days_do_not_change_a_byte(tmp_path: Path) -> None:
    assert run(tmp_path, "out", "--processes", "1") == 0
    whole = tree(tmp_path / "out")
    assert run(tmp_path, "again", "--processes", "2") == 0
    assert {name: data.replace(b"again", b"out") for name, data in tree(tmp_path / "again").items()} == whole
    data = {name: content for name, content in whole.items() if name.startswith("data/")}
    labels = tmp_path / "labels.jsonl"
    names = sorted(path.relative_to(tmp_path / "in").as_posix() for path in (tmp_path / "in").rglob("*.*"))
    save_labels(
        labels,
        [
            LabelRow(source=n, source_ref=n, status="labeled", label=n[: n.index("/")], labels=(n[: n.index("/")],))
            for n in names
        ],
    )
    for hosts in (2, 7, 20):
        for number in range(hosts):
            shard = tmp_path / f"shard-{hosts}-{number}"
            shard.mkdir()
            for name in names[number::hosts]:
                (shard / name).parent.mkdir(exist_ok=True)
                (shard / name).write_bytes((tmp_path / "in" / name).read_bytes())
            config = tmp_path / "resourceconfig.json"
            config.write_text(json.dumps({"current_host": f"algo-{number + 1}"}))
            paths = [
                "--recipe",
                str(tmp_path / "r.yaml"),
                "--input",
                str(shard),
                "--output",
                str(tmp_path / f"u{hosts}"),
            ]
            assert main(["run", *paths, "--seed", "7", "--labels", str(labels), "--host-config", str(config)]) == 0
        union = {n: content for n, content in tree(tmp_path / f"u{hosts}").items() if n.startswith("data/")}
        assert union == data


def test_a_transcript_travels_with_its_clip(tmp_path: Path) -> None:
    said = LabelRow(
        source="yes/clip_000.wav",
        source_ref="s3://b/a.wav",
        status="labeled",
        label="yes",
        labels=("yes",),
        transcript="yes, “please”",
    )
    plain = LabelRow(source="no/clip_001.wav", source_ref="s3://b/b.wav", status="labeled", label="no", labels=("no",))
    save_labels(tmp_path / "labels.jsonl", [said, plain])
    assert '"transcript"' not in (tmp_path / "labels.jsonl").read_text().splitlines()[1]
    assert run(tmp_path, "out", "--labels", str(tmp_path / "labels.jsonl")) == 0
    rows = rows_of(tmp_path)
    assert {row.get("transcript") for row in rows if row["source"] == said.source} == {"yes, “please”"}
    assert all("transcript" not in row for row in rows if row["source"] == plain.source)
    lines = rows_of(tmp_path, name="augmented.manifest")
    assert {line.get("transcript") for line in lines if "clip_000" in line["source-ref"]} == {"yes, “please”"}


def test_a_corrected_transcript_makes_its_outputs_anew_and_no_others(tmp_path: Path) -> None:
    def said(transcript: str | None, number: int = 0) -> LabelRow:
        name = f"yes/clip_{number:03}.wav"
        return LabelRow(
            source=name, source_ref=name, status="labeled", label="yes", labels=("yes",), transcript=transcript
        )

    def made(output: str, *labels: LabelRow, known: str = "") -> list[dict[str, Any]]:
        save_labels(tmp_path / "labels.jsonl", list(labels))
        more = ["--known", str(tmp_path / known / "manifest.jsonl")] if known else []
        version = ["--labels", str(tmp_path / "labels.jsonl"), "--version", output, *more]
        assert run(tmp_path, output, *version) == 0
        return rows_of(tmp_path, output)

    first = made("v1", said("too teas"), said("a coffee", 4))
    assert "too teas" in (tmp_path / "v1/transcripts-train.csv").read_text()
    second = made("v2", said("two teas"), said("a coffee", 4), known="v1")
    new = [row for row in second if row["version"] == "v2"]
    assert {row["source"] for row in new} == {"yes/clip_000.wav"}
    assert len(second) == len(first)
    assert {row["transcript"] for row in second} == {"two teas", "a coffee"}
    # What the corrected clip sounds like is the same, and so is its identity.
    assert {row["identity"] for row in second} == {row["identity"] for row in first}
    third = made("v3", said("two teas"), said(None, 4), said("new", 6), known="v2")
    assert {row["source"] for row in third if row["version"] == "v3"} == {"yes/clip_006.wav"}
    assert {row["transcript"] for row in third} == {"two teas", "a coffee", "new"}


def test_the_report_says_what_was_corrected_in_a_transcript(tmp_path: Path) -> None:
    votes = tuple(
        Vote(worker=worker, label=label, transcript=heard)
        for worker, label, heard in (("a", "corrected", "two <teas>"), ("b", "accepted", "too teas"))
    )
    row = LabelRow(
        source="yes/clip_000.wav",
        source_ref="a",
        status="labeled",
        label="corrected",
        labels=("corrected",),
        transcript="two <teas>",
        votes=votes,
    )
    save_labels(tmp_path / "labels.jsonl", [row])
    assert run(tmp_path, "out", "--labels", str(tmp_path / "labels.jsonl")) == 0
    page = (tmp_path / "out/report.html").read_text("utf-8")
    assert "<del>too teas</del> “two &lt;teas&gt;”" in page
    assert "accepted: “too teas”" in page
    assert "Two transcripts agree when they are the same to the letter." in page


def test_broken_clips_are_quarantined_with_a_reason_and_the_run_goes_on(tmp_path: Path) -> None:
    whole = sound_bytes(speech(0.5))
    broken = {"cut.wav": whole[:5000], "empty.flac": b"", "photo.wav": b"\xff\xd8\xff\xe0", "notes.txt": b"hello"}
    for name, data in broken.items():
        (tmp_path / "in/yes" / name).write_bytes(data)
    assert run(tmp_path, "out") == 0
    reasons = {row["source"]: row["reason"] for row in rows_of(tmp_path, name="quarantine.jsonl")}
    assert set(reasons) == {f"yes/{name}" for name in broken}
    assert "the WAV is truncated: 5,000 of" in reasons["yes/cut.wav"]
    assert reasons["yes/empty.flac"] == "the file is empty"
    assert len({row["source"] for row in rows_of(tmp_path)}) == 12


def test_the_report_shows_and_plays_clips(tmp_path: Path) -> None:
    assert run(tmp_path, "out") == 0
    page = (tmp_path / "out/report.html").read_text("utf-8")
    assert "12</b><span>clips" in page
    assert page.count("<audio controls") == page.count("data:audio/flac;base64,") > 8
    assert json.loads((tmp_path / "out/dataset.json").read_text())["medium"] == "audio"
    assert set(json.loads((tmp_path / "out/dataset.json").read_text())["libraries"]) >= {"soundfile", "numpy"}


def test_preview_and_plan_know_clips(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    common = ["--recipe", str(tmp_path / "r.yaml"), "--input", str(tmp_path / "in")]
    assert main(["preview", *common, "--output", str(tmp_path / "p.html"), "--samples", "2"]) == 0
    assert (tmp_path / "p.html").read_text("utf-8").count("<audio") >= 8
    assert main(["plan", *common]) == 0
    assert "noisy" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (
            "steps: [{op: mono}, {op: rotate, degrees: [1, 2]}, {export: a}]",
            "rotate works on images, but this recipe is one for sound",
        ),
        ("steps: [{op: flip}, {op: gain}, {export: a}]", "gain works on sound, but this recipe is one for images"),
        ("steps: [{op: mono}, {export: a, format: png}]", "format png is none for sound; use wav or flac"),
        ("output: {format: wav}\nsteps: [{export: a}]", "format wav is none for images; use jpeg or png"),
        ("media: audio\nsteps: [{custom: 'a:b'}, {export: a}]", "a function of one's own works on images"),
    ],
)
def test_a_recipe_is_for_images_or_for_sound(
    text: str, complaint: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "r.yaml").write_text(f"name: mixed\nsplits: {{train: 1, val: 0, test: 0}}\n{text}\n")
    assert main(["validate", "--recipe", str(tmp_path / "r.yaml")]) == 2
    said = capsys.readouterr().err
    assert complaint in said
    assert "r.yaml:" in said


def test_a_recipe_without_steps_says_that_it_is_for_sound(tmp_path: Path) -> None:
    (tmp_path / "r.yaml").write_text(
        "name: copies\nmedia: audio\nsplits: {train: 1, val: 0, test: 0}\nsteps: [{export: a}]\n"
    )
    assert run(tmp_path, "out") == 0
    row = next(row for row in rows_of(tmp_path) if row["source"] == "yes/clip_000.wav")
    assert (tmp_path / "out" / row["path"]).read_bytes() == (tmp_path / "in/yes/clip_000.wav").read_bytes()


NOISY = """
name: street
splits: {train: 1, val: 0, test: 0}
steps:
  - {op: background_noise, folder: street, snr_db: [6, 6]}
  - export: noisy
"""


def test_background_noise_may_lie_elsewhere_and_where_decides_nothing(tmp_path: Path) -> None:
    (tmp_path / "r.yaml").write_text(NOISY)
    for place in (tmp_path, tmp_path / "frozen/0123456789abcdef"):
        (place / "street").mkdir(parents=True)
        (place / "street/hum.wav").write_bytes(sound_bytes(tone(90, 0.07, rate=8000)))
    assert run(tmp_path, "out") == 0
    (tmp_path / "street/hum.wav").unlink()
    assert run(tmp_path, "other", "--backgrounds", str(tmp_path / "frozen/0123456789abcdef")) == 0
    assert [row["sha256"] for row in rows_of(tmp_path)] == [row["sha256"] for row in rows_of(tmp_path, "other")]


def test_background_noise_is_mixed_in_at_its_level_and_other_clips_make_other_files(tmp_path: Path) -> None:
    (tmp_path / "r.yaml").write_text(NOISY)
    (tmp_path / "street").mkdir()
    (tmp_path / "street/hum.wav").write_bytes(sound_bytes(tone(90, 0.07, rate=8000)))  # goes round three times
    assert run(tmp_path, "out", "--processes", "2") == 0
    rows = rows_of(tmp_path)
    assert {row["steps"][0]["values"]["clip"] for row in rows} == {"hum.wav"}
    for row in rows[:4]:
        noisy, _ = soundfile.read(tmp_path / "out" / row["path"], dtype="int16")
        clean, _ = soundfile.read(tmp_path / "in" / row["source"], dtype="int16")
        assert level_db(clean) - level_db(noisy.astype(int) - clean) == pytest.approx(6, abs=0.1)
    (tmp_path / "street/hum.wav").write_bytes(sound_bytes(tone(95, 0.07, rate=8000)))
    backgrounds._loaded.cache_clear()
    assert run(tmp_path, "other") == 0
    assert not {row["identity"] for row in rows} & {row["identity"] for row in rows_of(tmp_path, "other")}


def test_a_part_of_a_longer_noise_lies_within_it_and_a_shorter_one_goes_round(tmp_path: Path) -> None:
    (tmp_path / "rising.wav").write_bytes(sound_bytes(Clip(np.arange(3000, dtype=np.int16)[:, None], 16_000)))
    step = BackgroundNoise(op="background_noise", folder="noise")
    backgrounds.use(step.found(tmp_path, {"rising.wav": ""}))

    def part(start: float, frames: int) -> NDArray[np.int16]:
        clip = Clip(np.zeros((frames, 1), np.int16), 16_000)
        return backgrounds.part_of("noise", "rising.wav", start, clip)[:, 0]

    for frames in (2999, 3000, 1000):
        parts = [part(start, frames) for start in (0.0, 0.3, 0.5, 0.999999, 1.0)]
        assert all((np.diff(some) == 1).all() for some in parts)
        assert parts[0][0] == 0
        assert parts[-1][-1] == 2999
    assert part(0.5, 4000).tolist() == [*range(1500, 3000), *range(2500)]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [(None, "there is no folder"), ({}, "is empty"), ({"a.wav": b"no clip"}, "a.wav: not a WAV or FLAC")],
)
def test_noise_that_cannot_be_used_is_refused_before_the_run(
    content: dict[str, bytes] | None, complaint: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "r.yaml").write_text(NOISY)
    if content is not None:
        (tmp_path / "street").mkdir()
        for name, data in content.items():
            (tmp_path / "street" / name).write_bytes(data)
    assert run(tmp_path, "out") == 2
    assert complaint in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_runs_over_images_import_no_sound() -> None:
    code = (
        "import sys, augmentation.run.run, augmentation.image.medium\n"
        "import augmentation.preview.forecast, augmentation.preview.page\n"
        "print([name for name in sys.modules if 'soundfile' in name or name.startswith('augmentation.audio')])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_picture_has_silence_dark_and_a_tone_in_one_line() -> None:
    from augmentation.audio.pictures import spectrogram

    silence = np.zeros(8000, np.float32)
    sounding = tone(2000, 0.5).samples[:, 0].astype(np.float32)
    shade = spectrogram(np.concatenate([silence, sounding]), 16_000, 100, 96)[..., 1].astype(int)
    assert shade[:, :40].mean() < 10
    assert np.argmax(shade[:, 80]) == pytest.approx(72, abs=2)  # a quarter of 8,000 Hz from the bottom
