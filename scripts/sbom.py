"""What is shipped, as bills of materials: `python -m scripts.sbom [FOLDER]`, CycloneDX 1.6 JSON.

One for each lock file of what goes to AWS, with versions, hashes and licences, and one for the command line tools of
Node. By cyclonedx-bom (https://cyclonedx.org/docs/1.6/json/) and npm; neither needs the network.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from scripts.licences import ROOT, SHIPPED, licence

TOOL = ROOT / ".venv-audit/bin/cyclonedx-py"
FOLDER = ROOT / "build/sbom"


def main(folder: Path = FOLDER) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for place in SHIPPED:
        write(folder, place, with_licences(of_lock_file(place)))
    write(folder, "node-tools", of_node())
    write(folder, "own-files", own_files())


def of_lock_file(place: str, tool: Path = TOOL) -> dict[str, Any]:
    command = [str(tool), "requirements", "--output-reproducible", "--of", "JSON", f"requirements/{place}.txt"]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    bom: dict[str, Any] = json.loads(done.stdout)
    return bom


def with_licences(bom: dict[str, Any]) -> dict[str, Any]:
    """A lock file tells none."""
    for component in bom["components"]:
        said, _ = licence(component["name"].lower())
        if said:
            component["licenses"] = [{"expression": said}]
    return bom


def of_node() -> dict[str, Any]:
    """Nothing of it is shipped: the CDK command line and what the local cloud gives CDK's own functions."""
    command = ["npm", "sbom", "--package-lock-only", "--sbom-format", "cyclonedx"]
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    with tempfile.TemporaryDirectory() as folder:  # npm wants a version of what it tells of, and ours has none there
        for name in ("package.json", "package-lock.json"):
            given = json.loads((ROOT / name).read_text("utf-8"))
            for package in (given, given.get("packages", {}).get("", {})):
                package["version"] = version
            (Path(folder) / name).write_text(json.dumps(given), encoding="utf-8")
        done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    bom: dict[str, Any] = json.loads(done.stdout)
    return bom


def own_files() -> dict[str, Any]:
    """Files that are served or run as they are. None is another project's: all scripts of the pages are ours."""
    folders = ("portal/elements", "portal/static", "workflows")
    files = sorted(path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file())
    named = [{"type": "file", "name": path.relative_to(ROOT).as_posix()} for path in files]
    licensed = [{**one, "licenses": [{"expression": "Apache-2.0"}]} for one in named]
    return {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": licensed}


def write(folder: Path, name: str, bom: dict[str, Any]) -> None:
    path = folder / f"{name}.cdx.json"
    path.write_text(json.dumps(bom, indent=1) + "\n", encoding="utf-8")
    print(f"{path.relative_to(ROOT) if path.is_relative_to(ROOT) else path}: {len(bom['components'])} components")


if __name__ == "__main__":
    main(*(Path(given) for given in sys.argv[1:2]))
