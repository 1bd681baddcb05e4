"""Findings of single pictures: outliers of their class, and what is blurred, dark, bright, blank or of an odd size.

The limits are such that none of 713 ordinary photos is found blurred, dark, bright or blank (docs/doctor.md).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import numpy as np

from augmentation.doctor.look import Look
from augmentation.doctor.measures import Measures, far_from_most
from augmentation.embedding.kept import Embeddings
from learning.neighbors import nearest

Finding = dict[str, Any]

BLANK = 10.0  # gray levels of contrast: what JPEG makes of one color
BLURRED = 0.07  # photos have 0.1 and more, with a Gaussian blur of 3 pixels at 512 they have 0.06 at most
DARK, BRIGHT = 80.0, 200.0  # photos reach from below 134 to above 141
NEIGHBORS, LEAST = 5, 12  # nearest of one's class; smaller classes have no middle to be far from
OUTLIER = 3.5  # robust standard deviations: Iglewicz and Hoaglin, "How to Detect and Handle Outliers", 1993
ODD, TWICE = 5.0, math.log(2)  # robust standard deviations, and a factor: sets of one size have no deviation at all


def of_quality(looks: Sequence[Look]) -> dict[str, list[Finding]]:
    """`blank`, and of the others `blurred`, `dark` and `bright`; scores from 0, hardly, to 1, utterly."""
    seen = [(look.source, look.measures) for look in looks if look.measures is not None]
    blank = {source for source, measures in seen if measures.contrast <= BLANK}

    def found(score: Callable[[Measures], float]) -> list[Finding]:
        scores = ((source, score(measures)) for source, measures in seen if source not in blank)
        return worst_first([{"source": source, "score": rounded(own)} for source, own in scores if own > 0])

    return {
        "blank": [{"source": source, "score": 1.0} for source in sorted(blank)],
        "blurred": found(lambda measures: 1 - measures.sharpness / BLURRED),
        "dark": found(lambda measures: 1 - measures.brightest / DARK),
        "bright": found(lambda measures: (measures.darkest - BRIGHT) / (255 - BRIGHT)),
    }


def of_shape(looks: Sequence[Look]) -> dict[str, list[Finding]]:
    """`odd_size`: sides of less than half or more than twice the usual length; `odd_ratio`: twice as
    long for their short side as is usual, lying or standing. The score says how many times, by its binary logarithm.
    """
    seen = [look for look in looks if look.measures is not None]
    sides = [0.5 * math.log(look.width * look.height) for look in seen]
    ratios = [abs(math.log(look.width / look.height)) for look in seen]
    return {"odd_size": _odd(seen, sides), "odd_ratio": _odd(seen, ratios)}


def _odd(looks: Sequence[Look], logarithms: Sequence[float]) -> list[Finding]:
    if not looks:
        return []
    values = np.array(logarithms)
    apart = np.abs(values - np.median(values))
    odd = (apart > TWICE) & (np.abs(far_from_most(values)) > ODD)
    return worst_first(
        [
            {"source": look.source, "width": look.width, "height": look.height, "score": rounded(own / TWICE)}
            for look, own, is_odd in zip(looks, apart, odd, strict=True)
            if is_odd
        ]
    )


def outliers(embeddings: Embeddings, labels: Mapping[str, str], doubted: Collection[str]) -> list[Finding]:
    """Pictures that are far from the nearest of their own class: by the mean distance, 1 - cosine, to `NEIGHBORS` of
    them, as Ramaswamy and others ("Efficient Algorithms for Mining Outliers from Large Data Sets", SIGMOD 2000), in
    robust standard deviations of the class. Without labels all are one class. What is `doubted` is told elsewhere."""
    classes: dict[str, list[int]] = {}
    for place, source in enumerate(embeddings.sources):
        if source in labels or not labels:
            classes.setdefault(labels.get(source, ""), []).append(place)
    found: list[Finding] = []
    for label, places in sorted(classes.items()):
        if len(places) < LEAST:
            continue
        _, cosines = nearest(embeddings.vectors[places], NEIGHBORS)
        scores = far_from_most(1 - cosines.mean(axis=1, dtype=np.float64))
        found += [
            {"source": embeddings.sources[place], "label": label or None, "score": rounded(score)}
            for place, score in zip(places, scores, strict=True)
            if OUTLIER < score < math.inf and embeddings.sources[place] not in doubted
        ]
    return worst_first(found)


def worst_first(findings: list[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: (-finding["score"], finding["source"]))


def rounded(score: float) -> float:
    return round(float(score), 4)
