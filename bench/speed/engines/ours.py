"""The project's own engine, as `python -m augmentation run` drives it: with identities, hashes and manifest rows."""

from __future__ import annotations

from pathlib import Path

import yaml

from augmentation.input.sources import SourceFile
from augmentation.run.augmenter import Augmenter
from augmentation.run.parallel import augment_all
from domain.jsonlines import dump_line
from domain.labels.rows import LabelRow
from domain.plan.plan import Plan, make_plan
from domain.recipe import Recipe

RECIPE = Path(__file__).resolve().parent.parent / "recipe.yaml"
LABEL = "photo"


def plan_of(files: list[Path]) -> Plan:
    """All files in one class, all for training."""
    rows = [
        LabelRow(source=file.name, source_ref=str(file), status="labeled", label=LABEL, labels=(LABEL,))
        for file in files
    ]
    return make_plan(Recipe.from_mapping(yaml.safe_load(RECIPE.read_text(encoding="utf-8"))), rows, seed=7)


class Engine:
    """Works off files into `output` by the engine's own loop."""

    processes = 1

    def setup(self, files: list[Path], output: Path) -> None:
        self._augmenter = Augmenter(plan_of(files), files[0].parent, output)
        self._manifest = output.with_suffix(".jsonl")

    def one(self, file: Path) -> None:
        self.every([file])

    def every(self, files: list[Path]) -> None:
        sources = [SourceFile(file.name, file.stat().st_size) for file in files]
        with self._manifest.open("w", encoding="utf-8") as manifest:
            for result in augment_all(self._augmenter, sources, self.processes):
                manifest.writelines(f"{dump_line(row)}\n" for row in result.rows)
