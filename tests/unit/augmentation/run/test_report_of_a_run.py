"""What a run puts into its report: pictures of the quarantine, lineage, time; and none of it depends on the hosts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from augmentation.__main__ import main
from augmentation.input.host import Host
from domain.report.rejects import PICTURES_SHOWN
from tests.support.builders.photos import any_label, image_bytes, save_recipe, tree, write_photos
from tests.unit.augmentation.run.test_hosts import run_on_hosts

BROKEN = 40


def run(folder: Path, *more: str, output: str = "out") -> str:
    write_photos(folder / "in/open", 4)
    recipe = save_recipe(folder / "recipe.yaml")
    arguments = ["run", "--recipe", str(recipe), "--input", str(folder / "in"), "--output", str(folder / output)]
    assert main([*arguments, "--processes", "1", *more]) == 0
    return (folder / output / "report.html").read_text("utf-8")


def test_the_pictures_of_the_quarantine_are_the_same_ones_on_any_number_of_hosts(tmp_path: Path) -> None:
    labels = write_photos(tmp_path / "in", 6)
    whole = image_bytes(size=(200, 150))
    for number in range(BROKEN):
        (tmp_path / "in" / f"cut {number}.jpg").write_bytes(whole[: len(whole) // 2 + 20 * number])
        labels.append(any_label(f"cut {number}.jpg"))
    _, one = run_on_hosts(tmp_path, labels, 1)
    _, three = run_on_hosts(tmp_path, labels, 3)
    assert three == one
    part = one.files["report.html"].split('<div class="rejects">')[1].split("</div>")[0]
    assert part.count("<img") == PICTURES_SHOWN


def test_the_first_exports_of_the_recipe_are_shown_where_there_are_too_many(tmp_path: Path) -> None:
    write_photos(tmp_path / "in/open", 4)
    exports = "".join(f"\n  - export: export-{number}" for number in range(12))
    recipe = save_recipe(tmp_path / "r.yaml", f"name: many\nsteps:\n  - {{op: resize, width: 8, height: 8}}{exports}\n")
    arguments = ["run", "--recipe", str(recipe), "--input", str(tmp_path / "in"), "--output", str(tmp_path / "out")]
    assert main(arguments) == 0
    report = (tmp_path / "out/report.html").read_text("utf-8")
    contact = report.split('<section id="before-and-after">')[1].split("</section>")[0]
    assert [f"<b>export-{number}</b>" in contact for number in range(12)] == [True] * 8 + [False] * 4


def test_every_output_can_be_opened_under_lineage(tmp_path: Path) -> None:
    page = run(tmp_path)
    listed = page.split("<h3>Every file</h3>")[1]
    rows = [json.loads(line) for line in (tmp_path / "out/manifest.jsonl").read_text().splitlines()]
    for row in rows:
        own = (
            listed.replace("<wbr>", "").split(f"<summary>{Path(row['path']).name}</summary>")[1].split("</details>")[0]
        )
        for fact in (
            row["source"],
            row["split"],
            row["sha256"],
            str(row["seed"]),
            *(step["op"] for step in row["steps"]),
        ):
            assert str(fact) in own
    assert "manifest.jsonl has all" not in listed


def test_a_long_list_says_that_it_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("domain.report.lineage.ROWS_LISTED", 3)
    listed = run(tmp_path).split("<h3>Every file</h3>")[1]
    assert "The first 3; manifest.jsonl has all." in listed
    assert listed.count("<dl>") == 3


def test_a_sampled_output_carries_the_facts_of_its_manifest_row(tmp_path: Path) -> None:
    page = run(tmp_path)
    rows = [json.loads(line) for line in (tmp_path / "out/manifest.jsonl").read_text("utf-8").splitlines()]
    shown = [row for row in rows if row["sha256"] in page]
    assert len(shown) >= 8
    assert all(str(row["seed"]) in page and row["path"] in page for row in shown)


def test_a_run_tells_its_time_unless_its_time_is_given_so_that_it_can_repeat(tmp_path: Path) -> None:
    assert "Time and cost" in run(tmp_path / "timed")
    assert "Time and cost" not in run(tmp_path / "given", "--created", "2026-11-22")


def test_only_the_report_and_the_creation_time_differ_between_two_timed_runs(tmp_path: Path) -> None:
    run(tmp_path, output="one")
    run(tmp_path, output="two")
    one, two = tree(tmp_path / "one"), tree(tmp_path / "two")
    assert {name for name in one if one[name] != two[name]} <= {
        "report.html", "dataset.json", *(name for name in one if name.startswith("augmented"))
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"ProcessingResources": {"ClusterConfig": {"InstanceType": "ml.c5.xlarge"}}}', "ml.c5.xlarge"),
        ('{"ProcessingResources": {}}', None),
        ('{"ProcessingResources": {"ClusterConfig": {"InstanceType": 4}}}', None),
        ("no json", None),
    ],
)
def test_the_instance_type_is_read_where_sagemaker_writes_it(tmp_path: Path, text: str, found: str | None) -> None:
    (tmp_path / "processingjobconfig.json").write_text(text)
    assert Host.of(host_config(tmp_path)).instance_type == found


def host_config(folder: Path) -> Path:
    path = folder / "resourceconfig.json"
    path.write_text('{"current_host": "algo-1", "hosts": ["algo-1"]}')
    return path


def test_there_is_no_instance_type_elsewhere(tmp_path: Path) -> None:
    assert Host.of(host_config(tmp_path)).instance_type is None
    assert Host.of(None).instance_type is None
