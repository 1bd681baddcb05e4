"""The whole corpus: `python -m tests.hostile [--count 5000] [--seed 7] [--keep FOLDER]`; exit code 1 if it fails."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.hostile.run import run_corpus


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.hostile", description=__doc__)
    parser.add_argument("--count", type=int, default=5000, help="files [default: 5000]")
    parser.add_argument("--seed", type=int, default=7, help="the same seed makes the same files [default: 7]")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="new folder for the corpus and the version")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hostile-") as temporary:
        outcome = run_corpus(options.keep or Path(temporary), options.count, options.seed)
    sys.stdout.write(f"{outcome.summary()}\n")
    problems = outcome.problems()
    for problem in problems:
        sys.stdout.write(ascii(problem)[1:-1] + "\n")
    sys.stdout.write(f"{len(problems)} broken promises\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
