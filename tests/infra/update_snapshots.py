"""`python -m tests.infra.update_snapshots` writes tests/infra/snapshots/ anew, in a minute; look at what changed."""

from __future__ import annotations

from tests.infra.settings_changes import templates_of
from tests.infra.snapshots import FOLDER, REVIEWED, reviewed
from tests.infra.variants import settings_of

if __name__ == "__main__":
    for name, variant in REVIEWED.items():
        (FOLDER / f"{name}.json").write_text(reviewed(templates_of(settings_of(variant))), encoding="utf-8")
