"""How well the doctor finds what was made wrong, on real photos in class folders: `python -m bench.doctor --input DIR`.

Labels: 5 % are given another class at random, and those are the ones to be found; the labels that were wrong before
count as false, so that the precision is a lower limit. Copies: some photos lose a fifth of width and of height, are
mirrored and turned by a quarter, saved as JPEG, and lie among all the others. The result goes to
.local/bench/doctor.json.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Annotated, Any

import cv2
import numpy as np
import typer
from numpy.typing import NDArray

from augmentation.doctor.duplicates import Duplicates, find_duplicates
from augmentation.doctor.look import look_at
from augmentation.embedding.files import Embeddings, embed_files
from augmentation.embedding.model import shipped_model
from augmentation.input.sources import find_sources
from bench.results import keep_and_show
from learning.label_issues import find_label_issues

FLIPPED, CUT = 0.05, 0.2
Pixels = NDArray[np.uint8]


def main(
    input: Annotated[Path, typer.Option(help="Folder of class folders of photos.")],
    seeds: Annotated[int, typer.Option(help="How often labels are flipped.")] = 8,
    copied: Annotated[int, typer.Option(help="Photos of which copies are made.")] = 150,
    processes: Annotated[int, typer.Option(help="Processes at once.")] = 1,
) -> None:
    names = find_sources(input, hidden=False).names
    whole = embed_files(input, names, shipped_model(), processes)
    result = {
        "photos": len(whole.sources),
        "label_issues": labels_measured(whole, seeds),
        "duplicates": copies_measured(input, whole, copied, processes),
    }
    keep_and_show("doctor", result)


def labels_measured(embeddings: Embeddings, seeds: int) -> dict[str, Any]:
    """Recall and precision: means over the seeds, and each of them."""
    labels = [source.split("/", 1)[0] for source in embeddings.sources]
    start = time.monotonic()
    rows = [_of_flips(embeddings, labels, seed) for seed in range(seeds)]
    recall, precision = zip(*rows, strict=True)
    return {
        "flipped": FLIPPED,
        "recall": round(statistics.mean(recall), 3),
        "precision": round(statistics.mean(precision), 3),
        "recalls": [round(one, 3) for one in recall],
        "precisions": [round(one, 3) for one in precision],
        "found_without_flips": len(find_label_issues(embeddings.vectors, labels)),
        "seconds": round((time.monotonic() - start) / seeds, 1),
    }


def _of_flips(embeddings: Embeddings, labels: Sequence[str], seed: int) -> tuple[float, float]:
    draw = np.random.default_rng(seed)
    flipped = set(map(int, draw.choice(len(labels), round(FLIPPED * len(labels)), replace=False)))
    classes = sorted(set(labels))
    wrong = [
        str(draw.choice([one for one in classes if one != label])) if place in flipped else label
        for place, label in enumerate(labels)
    ]
    found = {issue.place for issue in find_label_issues(embeddings.vectors, wrong)}
    return len(found & flipped) / len(flipped), len(found & flipped) / max(1, len(found))


def copies_measured(folder: Path, whole: Embeddings, copied: int, processes: int) -> dict[str, Any]:
    """The share of copies that are found with their photo, and of pairs of other photos that are called duplicates."""
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch)
        photo_of = {source: source for source in whole.sources}
        for source in whole.sources:
            (place / source).parent.mkdir(parents=True, exist_ok=True)
            (place / source).symlink_to((folder / source).resolve())
        draw = np.random.default_rng(0)
        for one in draw.permutation(len(whole.sources))[:copied]:
            photo_of |= dict.fromkeys(_copy(place, whole.sources[one], draw), whole.sources[one])
        start = time.monotonic()
        looks = list(look_at(place, sorted(photo_of), processes))
        embeddings = embed_files(place, sorted(photo_of), shipped_model(), processes, earlier=whole)
        found = find_duplicates(place, looks, embeddings, processes)
        return judged(found, photo_of) | {"copied": copied, "seconds": round(time.monotonic() - start, 1)}


def judged(found: Sequence[Duplicates], photo_of: Mapping[str, str]) -> dict[str, Any]:
    """`photo_of`: of each file the photo that it shows; copies are named for how they were made."""
    pairs = {pair for group in found for pair in combinations(sorted(group.sources), 2)}
    false = [pair for pair in pairs if photo_of[pair[0]] != photo_of[pair[1]]]
    copies = [(name, photo) for name, photo in photo_of.items() if name != photo]
    recall = {
        kind: _share(tuple(sorted(one)) in pairs for one in copies if Path(one[0]).stem.endswith(f"-{kind}"))
        for kind in ("cut", "mirrored", "turned")
    }
    everything = len(photo_of) * (len(photo_of) - 1) // 2
    same = sum(photo_of[one] == photo_of[other] for one, other in combinations(photo_of, 2))
    return {
        "recall": recall,
        "false_pairs": len(false),
        "false_share": len(false) / max(1, everything - same),
        "false": sorted(false)[:20],
    }


def _share(values: Any) -> float:
    told = list(values)
    return round(sum(told) / len(told), 3) if told else 0.0


def _copy(folder: Path, source: str, draw: np.random.Generator) -> list[str]:
    """Writes a cut, a mirrored and a turned copy beside the photo; returns their names. What OpenCV cannot read has
    none."""
    pixels = cv2.imread(str(folder / source))
    if pixels is None:
        return []
    made: dict[str, Pixels] = {
        "cut": _cut(np.asarray(pixels, np.uint8), draw),
        "mirrored": np.asarray(pixels[:, ::-1], np.uint8),
        "turned": np.asarray(np.rot90(pixels, int(draw.integers(1, 4))), np.uint8),
    }
    names = {kind: str(Path(source).with_name(f"{Path(source).stem}-{kind}.jpg")) for kind in made}
    for kind, name in names.items():
        cv2.imwrite(str(folder / name), np.ascontiguousarray(made[kind]), [cv2.IMWRITE_JPEG_QUALITY, 90])
    return list(names.values())


def _cut(pixels: Pixels, draw: np.random.Generator) -> Pixels:
    """80 % of the height and of the width, anywhere."""
    height, width = (round((1 - CUT) * length) for length in pixels.shape[:2])
    top, left = (int(draw.integers(0, old - new + 1)) for old, new in zip(pixels.shape, (height, width), strict=False))
    return pixels[top : top + height, left : left + width]


if __name__ == "__main__":
    typer.run(main)
