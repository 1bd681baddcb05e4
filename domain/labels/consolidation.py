"""Annotation consolidation of the built-in task types: many workers' answers become one label with a confidence.

AWS estimates each worker's confusion matrix over the whole job by expectation maximization and reports the posterior
of the chosen class; its code is not public. The local cloud takes one fixed accuracy for everybody: a worker is right
with WORKER_ACCURACY and otherwise picks any other class equally often. With equal priors the posterior of class k is
proportional to accuracy ** votes(k) * ((1 - accuracy) / (classes - 1)) ** (votes - votes(k)). Values lie as AWS's do in
[0, 1], and like AWS's they only compare within one job. One answer gives 0, as documented for AWS.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

WORKER_ACCURACY = 0.85

NO_LABEL = "most of the workers found that no label fits, or no label was chosen by most of them"


@dataclass(frozen=True)
class Consolidated:
    """`index` into the job's label categories; `confidence` in [0, 1], two decimals."""

    index: int
    confidence: float


def image_multi_class(votes: Sequence[int], classes: int) -> Consolidated:
    """Most votes win; on a tie the category that stands first. Raises ValueError without a vote."""
    if not votes:
        raise ValueError("consolidation needs at least one vote")
    counts = Counter(votes)
    winner = min(counts, key=lambda index: (-counts[index], index))
    if len(votes) == 1:
        return Consolidated(winner, 0.0)
    other = (1 - WORKER_ACCURACY) / max(classes - 1, 1)
    likelihoods = [WORKER_ACCURACY ** counts[index] * other ** (len(votes) - counts[index]) for index in range(classes)]
    return Consolidated(winner, round(likelihoods[winner] / sum(likelihoods), 2))


def image_multi_class_multi_label(votes: Sequence[Collection[str]], labels: Sequence[str]) -> dict[str, float]:
    """The confidence in each label that any worker chose, by label in the order of `labels`: each is a question of its
    own, with the answers yes and no. It is the posterior of yes, so that a label that few chose has a small one."""
    found = {}
    for label in labels:
        answers = [int(label not in chosen) for chosen in votes]
        if 0 in answers:
            winner = image_multi_class(answers, classes=2)
            found[label] = round(1 - winner.confidence, 2) if winner.index else winner.confidence
    return found


def chosen_labels(confidences: Mapping[str, float], workers: int) -> list[str]:
    """The labels that are more likely right than not. One worker is believed, though her labels have confidence 0."""
    return [label for label, confidence in confidences.items() if workers == 1 or confidence > 0.5]
