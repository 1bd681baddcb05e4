"""The project's own engine: noise at a drawn signal-to-noise ratio, with identities, hashes and manifest rows."""

from __future__ import annotations

from pathlib import Path

from augmentation.run.augmenter import Augmenter
from bench.speed.engines import ours
from domain.labels.rows import LabelRow
from domain.plan.plan import make_plan
from domain.recipe import Recipe

RECIPE = {
    "name": "bench-sound",
    "splits": {"train": 1, "val": 0, "test": 0},
    "steps": [{"op": "colored_noise", "snr_db": [5, 20]}, {"export": "noisy"}],
}


class Engine(ours.Engine):
    """Works off clips by the engine's own loop."""

    def setup(self, files: list[Path], output: Path) -> None:
        names = [file.name for file in files]
        rows = [
            LabelRow(source=name, source_ref=name, status="labeled", label="clip", labels=("clip",)) for name in names
        ]
        plan = make_plan(Recipe.from_mapping(RECIPE), rows, seed=7)
        self._augmenter = Augmenter(plan, files[0].parent, output)
        self._manifest = output.with_suffix(".jsonl")
