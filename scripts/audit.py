"""Known weaknesses of what is shipped, and of the tools that deploy it: `python -m scripts.audit`.

Asks PyPI's advisories (pip-audit) and npm's. What is no danger here stands in requirements/audit-accepted.txt, an
advisory's id and a reason a line. A service that does not answer is said, and is no success.

Exit code: 0 clean, 1 something is known, 2 somebody could not be asked.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from scripts.licences import ROOT, SHIPPED

ACCEPTED = ROOT / "requirements/audit-accepted.txt"
TOOL = ROOT / ".venv-audit/bin/pip-audit"
NOT_ASKED = re.compile(r"could not be audited|ConnectionError|Max retries|audit endpoint returned an error|ENOTFOUND")


def accepted(text: str) -> list[str]:
    """The ids. Raises ValueError: one has no reason."""
    found = []
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            known, _, reason = line.partition(" ")
            if len(reason.strip()) < 20:
                raise ValueError(f"{ACCEPTED.name}: {known} has no reason")
            found.append(known)
    return found


def commands() -> dict[str, list[str]]:
    ignored = [word for known in accepted(ACCEPTED.read_text("utf-8")) for word in ("--ignore-vuln", known)]
    strictly = [str(TOOL), "--strict", "--no-deps", "--disable-pip", "--progress-spinner", "off", *ignored]
    asked = {f"requirements/{place}.txt": [*strictly, "-r", f"requirements/{place}.txt"] for place in SHIPPED}
    return {**asked, "package-lock.json": ["npm", "audit", "--package-lock-only", "--omit=dev"]}


def outcome(code: int, said: str) -> int:
    """pip-audit and npm give 1 for both: that something is known, and that they could not ask."""
    if code == 0:
        return 0
    return 2 if NOT_ASKED.search(said) else 1


def main(root: Path = ROOT) -> int:
    worst = 0
    for name, command in commands().items():
        done = subprocess.run(command, cwd=root, check=False, capture_output=True, text=True)
        found = outcome(done.returncode, done.stdout + done.stderr)
        worst = max(worst, found)
        print(f"{name}: {('clean', 'something is known', 'NOT ASKED: the advisory service does not answer')[found]}")
        if found:
            print("\n".join((done.stdout + done.stderr).strip().splitlines()[-20:]))
    return worst


if __name__ == "__main__":
    sys.exit(main())
