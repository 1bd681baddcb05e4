"""`python -m tests.infra.update_settings_changes` writes docs/settings-changes.md anew; it takes minutes."""

from __future__ import annotations

from tests.infra.settings_changes import PAGE, page

if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
