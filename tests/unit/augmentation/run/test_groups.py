"""A run with `splits.group`: the manifest names each group, and `check` finds one that is torn."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from augmentation.__main__ import main
from tests.support.builders.photos import image_bytes

RECIPE = (
    "name: s\nsplits: {{train: 0.5, val: 0.25, test: 0.25, near_duplicates: ignore, group: {group}}}\n"
    "steps:\n  - {{op: resize, width: 16, height: 12}}\n  - export: small\n"
)


def run(folder: Path, group: str, labels: str = "labels.csv") -> int:
    (folder / "in").mkdir(exist_ok=True)
    for number in range(8):
        (folder / "in" / f"{number}.jpg").write_bytes(image_bytes(size=(64, 48 + number)))
    (folder / "r.yaml").write_text(RECIPE.format(group=group))
    (folder / "labels.csv").write_text("file,label,Patient\n" + "".join(f"{n}.jpg,cat,p{n % 4}\n" for n in range(8)))
    rows = ({"source": f"{n}.jpg", "source_ref": "x", "status": "labeled", "labels": ["cat"]} for n in range(8))
    (folder / "labels.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    paths = ["--recipe", "r.yaml", "--input", "in", "--labels", labels, "--output", "out"]
    return main(["run", *(word if word.startswith("--") else str(folder / word) for word in paths)])


def test_a_column_of_the_table_is_the_group(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, "{column: patient}") == 0
    manifest = tmp_path / "out/manifest.jsonl"
    rows = [json.loads(line) for line in manifest.read_text().splitlines()]
    assert {(row["source"], row["group"]) for row in rows} == {(f"{n}.jpg", f"p{n % 4}") for n in range(8)}
    assert len({(row["group"], row["split"]) for row in rows}) == 4
    assert main(["check", str(tmp_path / "out")]) == 0
    train = next(row for row in rows if row["split"] == "train")
    other = next(row for row in rows if row["split"] == "test")
    text = manifest.read_text().replace(f'"group": "{other["group"]}"', f'"group": "{train["group"]}"')
    assert text != manifest.read_text()
    manifest.write_text(text)
    assert main(["check", str(tmp_path / "out")]) != 0
    assert "are of one group in two splits" in "".join(capsys.readouterr())


@pytest.mark.parametrize(
    ("group", "labels", "said"),
    [
        ("{column: doctor}", "labels.csv", "there is no column doctor; the first line is file,label,doctor"),
        ("{column: doctor}", "labels.jsonl", "is no table: say `splits: {group: {column: group}}`"),
        ("{folder: 1}", "labels.csv", "r.yaml:2:70: splits.group: 8 names of no group"),
    ],
)
def test_where_no_group_can_be_read_the_run_says_so(
    group: str, labels: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, group, labels) == 2
    assert said in capsys.readouterr().err
