"""The Processing job's packages, installed for real: wheels alone, no network, a fresh environment.

Building the wheelhouse needs the package index once; where that cannot be reached the test fails, and does not skip.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from domain.labels.rows import LabelRow, write_labels
from scripts.build_assets import build_wheelhouse
from scripts.draw_faces import draw_faces
from tests.support.builders.sounds import write_clips

ROOT = Path(__file__).resolve().parents[2]
PLATFORM = f"{platform.machine()}-manylinux_2_28"
# Every request of a package manager goes to a closed port.
NO_NETWORK = dict.fromkeys(("http_proxy", "https_proxy", "all_proxy", "PIP_INDEX_URL"), "http://127.0.0.1:9")


def zipped(target: Path, root: Path, paths: list[Path]) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w") as archive:
        for path in paths:
            archive.write(path, path.relative_to(root))
    return target


def pythons() -> list[str]:
    """This Python, where the job's lock file has wheels for it, and the image's 3.10 where the machine has it."""
    found = shutil.which("python3.10")
    works = found and subprocess.run([found, "-c", "import venv"], capture_output=True, check=False).returncode == 0
    return [*([sys.executable] if sys.version_info < (3, 14) else []), *([str(found)] if works else [])]


@pytest.mark.skipif(sys.platform != "linux", reason="the job's image is Linux")
@pytest.mark.parametrize("python", pythons(), ids=lambda path: Path(path).name)
def test_the_wheelhouse_alone_is_enough_to_run_the_engine(tmp_path: Path, python: str) -> None:
    version = subprocess.check_output(
        [python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"], text=True
    ).strip()
    wheels = build_wheelhouse(tmp_path / "wheels", python_version=version, platform=PLATFORM)
    ml = tmp_path / "opt/ml"
    zipped(ml / "processing/input/wheelhouse/abc.zip", wheels, sorted(wheels.iterdir()))
    sources = [path for room in ("augmentation", "domain", "learning") for path in sorted((ROOT / room).rglob("*.py"))]
    code = zipped(ml / "processing/input/code/abc.zip", ROOT, sources)
    subprocess.run([python, "-m", "venv", str(tmp_path / "fresh")], check=True)

    images = ml / "processing/input/images"
    draw_faces(images, tmp_path / "answers.csv", count=3, open_mouths=1)
    arguments = prepare(ml, "lego-faces", [path.name for path in sorted(images.iterdir())])
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(code), "PYTHONDONTWRITEBYTECODE": "1", **NO_NETWORK}
    command = [str(tmp_path / "fresh/bin/python"), "-m", "augmentation.container"]

    def run(words: list[str]) -> None:
        done = subprocess.run(
            [*command, *words], env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr

    run(arguments)
    output = ml / "processing/output"
    rows = [json.loads(line) for line in (output / "parts/algo-1/manifest.jsonl").read_text().splitlines()]
    assert {row["source"] for row in rows} == {path.name for path in images.iterdir()}
    assert all((output / row["path"]).read_bytes().startswith(b"\xff\xd8") for row in rows)
    part = json.loads((output / "parts/algo-1/part.json").read_text())
    assert part["libraries"]["python"].startswith(version)
    assert part["outputs"] == len(rows) >= 24
    assert not (ml / "output/message").exists()

    sound = tmp_path / "sound/ml"
    names = write_clips(sound / "processing/input/images", 4, seconds=0.2)
    shutil.copytree(ml / "processing/input/wheelhouse", sound / "processing/input/wheelhouse")
    run(prepare(sound, "speech-noise", names))
    rows = [
        json.loads(line) for line in (sound / "processing/output/parts/algo-1/manifest.jsonl").read_text().splitlines()
    ]
    assert {row["source"] for row in rows} == set(names)
    assert all((sound / "processing/output" / row["path"]).read_bytes().startswith(b"RIFF") for row in rows)


def prepare(ml: Path, recipe: str, names: list[str]) -> list[str]:
    """The job's inputs, and its arguments as the state machine gives them."""
    config = ml / "processing/input/config"
    config.mkdir(parents=True)
    shutil.copy(ROOT / f"recipes/{recipe}.yaml", config / "recipe.yaml")
    rows = [
        LabelRow(source=name, source_ref=f"s3://b/{name}", status="labeled", label="a", labels=("a",)) for name in names
    ]
    (config / "labels.jsonl").write_text(write_labels(rows))
    (config / "known.jsonl").write_text("")
    (ml / "config").mkdir()
    (ml / "config/resourceconfig.json").write_text(json.dumps({"current_host": "algo-1", "hosts": ["algo-1"]}))
    return [
        "--wheelhouse", str(ml / "processing/input/wheelhouse"), "--", "run",
        "--recipe", str(config / "recipe.yaml"), "--input", str(ml / "processing/input/images"),
        "--labels", str(config / "labels.jsonl"), "--known", str(config / "known.jsonl"),
        "--output", str(ml / "processing/output"), "--seed", "7",
        "--host-config", str(ml / "config/resourceconfig.json"),
    ]  # fmt: skip
