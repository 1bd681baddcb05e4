"""Which of several texts people vouch for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from domain.labels.word_network import word_errors

ACCEPTED, CORRECTED = "accepted", "corrected"


def most_vouched_for(texts: Sequence[str]) -> tuple[int, int]:
    """Where the text that comes most often first stands, and how often it comes.

    Of several that come equally often it is the one with the lowest word error rate against all texts (which together
    have the same number of words for each candidate, so errors are compared), and then the first.
    """
    counts = Counter(texts)
    most = max(counts.values())
    tied = [text for text, count in counts.items() if count == most]
    winner = tied[0]
    if len(tied) > 1:
        words = [text.split() for text in texts]
        winner = min(tied, key=lambda text: sum(word_errors(text.split(), other) for other in words))
    return texts.index(winner), most
