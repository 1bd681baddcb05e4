"""Peak memory over many small images, with splits, near-duplicates and the version: `python -m bench.memory [COUNT …]`.

One process; a row a count.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import simplejpeg

COUNTS = (1_000, 20_000, 100_000)
CLASSES = 10
RECIPE = """
name: memory
splits: {train: 0.8, val: 0.1, test: 0.1}
output: {layout: LAYOUT}
steps: [{op: resize_crop, width: 32, height: 32}, {export: small}]
"""
CODE = """
import json, sys
from pathlib import Path
from augmentation.__main__ import main
status = main(sys.argv[1:])
peak = next(line for line in Path('/proc/self/status').read_text().splitlines() if line.startswith('VmHWM'))
print(json.dumps({'status': status, 'peak_mb': int(peak.split()[1]) // 1024}))
"""


def images(folder: Path, count: int) -> None:
    """Patterns of 10 x 10 squares, no two alike."""
    rng = np.random.default_rng(1)
    for label in range(CLASSES):
        (folder / f"class-{label}").mkdir(parents=True)
    for number in range(count):
        squares = rng.integers(0, 255, (10, 10, 3), np.uint8)
        data = simplejpeg.encode_jpeg(np.kron(squares, np.ones((4, 4, 1), np.uint8)), colorspace="RGB")
        (folder / f"class-{number % CLASSES}/photo_{number:07}.jpg").write_bytes(data)


def peak(count: int, layout: str) -> int:
    """In MB, of a whole run with one process."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        images(folder / "in", count)
        (folder / "r.yaml").write_text(RECIPE.replace("LAYOUT", layout))
        paths = ["--recipe", str(folder / "r.yaml"), "--input", str(folder / "in"), "--output", str(folder / "out")]
        done = subprocess.run(  # noqa: S603 - our own module
            [sys.executable, "-c", CODE, "run", *paths, "--processes", "1"], capture_output=True, text=True, check=True
        )
        return int(json.loads(done.stdout.splitlines()[-1])["peak_mb"])


def main(arguments: list[str]) -> None:
    for count in map(int, arguments or map(str, COUNTS)):
        found = {layout: peak(count, layout) for layout in ("folders", "shards")}
        sys.stderr.write(f"{count:,} images: " + ", ".join(f"{layout} {mb} MB" for layout, mb in found.items()) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
