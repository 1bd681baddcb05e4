"""Which of several texts people vouch for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence


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


def word_errors(said: Sequence[str], heard: Sequence[str]) -> int:
    """Words to substitute, delete or insert to get from one to the other, at the least: the numerator of the word error
    rate, Morris, Maier and Green, From WER and RIL to MER and WIL, doi.org/10.21437/Interspeech.2004-668."""
    said, heard = _without_common_ends(said, heard)
    row = list(range(len(heard) + 1))
    for place, word in enumerate(said, 1):
        before, row[0] = row[0], place
        for at, other in enumerate(heard, 1):
            before, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, before + (word != other))
    return row[-1]


def _without_common_ends(one: Sequence[str], other: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """A correction leaves most words, and the time goes with the product of both lengths."""
    most = min(len(one), len(other))
    start = next((at for at in range(most) if one[at] != other[at]), most)
    end = next((at for at in range(most - start) if one[-1 - at] != other[-1 - at]), most - start)
    return one[start : len(one) - end], other[start : len(other) - end]
