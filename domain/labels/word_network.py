"""Transcripts of several people, aligned word by word, so that each word can be voted on.

J. G. Fiscus, A post-processing system to yield reduced word error rates: Recognizer Output Voting Error Reduction
(ROVER), ASRU 1997, doi.org/10.1109/ASRU.1997.659110: a word transition network, into which one transcript after the
other is aligned. Here the first is the one that is nearest to all others, and the rest follow from the nearest to the
farthest, so that the order in which they come says nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

NOTHING = ""
"""In a slot: this transcript has no word there."""
Text = tuple[str, ...]
_SAME = 1e-9  # so much of all weights is rounding
_BAND = 8  # words; twice as many each time that they do not suffice
_BOTH, _SLOT, _WORD = b"\0\1\2"


@dataclass(frozen=True)
class Network:
    """`texts` are the different transcripts, the nearest to all others first; each of the `slots`, from the first word
    to the last, has a word of each of them, or `NOTHING`."""

    texts: tuple[Text, ...]
    slots: tuple[Text, ...]

    def voted(self, weights: Mapping[Text, float]) -> tuple[Text, float]:
        """The words with the largest weight in each slot, and the share of the weights that the least sure slot has; 1
        where all say the same. Of two words with the same weight the one of the text that stands first."""
        words, sure, total = [], 1.0, sum(weights[text] for text in self.texts)
        for slot in self.slots:
            votes = defaultdict[str, float](float)
            for text, word in zip(self.texts, slot, strict=True):
                votes[word] += weights[text]
            most = max(votes.values())
            word = next(word for word, weight in votes.items() if weight >= most - _SAME * total)
            sure = min(sure, votes[word] / total)
            if word != NOTHING:
                words.append(word)
        return tuple(words), sure


def network(texts: Iterable[Text]) -> Network:
    """Of at least one transcript. Time goes with the words times the words that differ."""
    order = _nearest_first(Counter(texts))
    slots: list[list[str]] = [[word] for word in order[0]]
    for behind, text in enumerate(order[1:], 1):
        steps = _aligned([{*slot} - {NOTHING} for slot in slots], text)
        slots = [
            [*(slots[slot] if slot is not None else [NOTHING] * behind), word if word is not None else NOTHING]
            for slot, word in steps
        ]
    return Network(tuple(order), tuple(map(tuple, slots)))


def word_errors(said: Sequence[str], heard: Sequence[str]) -> int:
    """Words to substitute, delete or insert to get from one to the other, at the least: the numerator of the word error
    rate, Morris, Maier and Green, From WER and RIL to MER and WIL, doi.org/10.21437/Interspeech.2004-668."""
    steps = _aligned([{word} for word in said], heard)
    return sum(slot is None or word is None or said[slot] != word for slot, word in steps)


def _nearest_first(texts: Mapping[Text, int]) -> list[Text]:
    """By the words in which they differ from all, a text of several people counted as often; then by letters."""
    far = dict.fromkeys(sorted(texts), 0)
    for one, other in combinations(far, 2):
        errors = word_errors(one, other)
        far[one] += errors * texts[other]
        far[other] += errors * texts[one]
    return sorted(far, key=lambda text: (far[text], text))


def _aligned(slots: Sequence[set[str]], words: Sequence[str]) -> list[tuple[int | None, str | None]]:
    """Slots and words from first to last, each with its partner or with none: with the fewest slots that have not their
    word, slots without a word, and words without a slot; of these, where as many words as can be stand in their slots.

    Only places near the diagonal are looked at, as many as the errors there are need: E. Ukkonen, Algorithms for
    approximate string matching, Information and Control 64 (1985) 100-118, doi.org/10.1016/S0019-9958(85)80046-2.
    """
    most = min(len(slots), len(words))
    start = next((at for at in range(most) if words[at] not in slots[at]), most)
    end = next((at for at in range(most - start) if words[-1 - at] not in slots[-1 - at]), most - start)
    inner, said = slots[start : len(slots) - end], words[start : len(words) - end]
    band = max(_BAND, abs(len(inner) - len(said)))
    while True:
        errors, steps = _within(inner, said, band)
        if errors <= band or band >= max(len(inner), len(said)):
            break
        band *= 2
    middle: list[tuple[int | None, str | None]] = [
        (None if slot is None else start + slot, None if word is None else said[word]) for slot, word in steps
    ]
    ends = [(len(slots) - end + at, words[len(words) - end + at]) for at in range(end)]
    return [*((at, words[at]) for at in range(start)), *middle, *ends]


def _within(
    slots: Sequence[set[str]], words: Sequence[str], band: int
) -> tuple[int, list[tuple[int | None, int | None]]]:
    """The errors, and the numbers of slots and words, by edit distance not farther than `band` from the diagonal.

    `one` error costs so much that a wrong word, which costs 1 besides, tips the balance only between as many errors.
    """
    one = len(slots) + len(words) + 1
    far = one * one
    width = 2 * band + 1  # of row i the places i - band to i + band
    row = [(place - band) * one if place >= band else far for place in range(width)]
    ways = [bytes([_WORD]) * width]
    for at, slot in enumerate(slots, 1):
        before, row, way = row, [far] * width, bytearray(width)
        for place in range(max(0, band - at), min(width, len(words) - at + band + 1)):
            word = at - band + place  # so many words are behind
            best, how = far, _BOTH
            if word > 0:
                best = before[place] + (0 if words[word - 1] in slot else one + 1)
            if place + 1 < width and before[place + 1] + one < best:
                best, how = before[place + 1] + one, _SLOT
            if place and word > 0 and row[place - 1] + one < best:
                best, how = row[place - 1] + one, _WORD
            row[place], way[place] = best, how
        ways.append(bytes(way))
    return row[len(words) - len(slots) + band] // one, _back(ways, len(slots), len(words), band)


def _back(ways: Sequence[bytes], at: int, word: int, band: int) -> list[tuple[int | None, int | None]]:
    steps: list[tuple[int | None, int | None]] = []
    while at or word:
        how = ways[at][word - at + band] if at else _WORD
        at, word = at - (how != _WORD), word - (how != _SLOT)
        steps.append((None if how == _WORD else at, None if how == _SLOT else word))
    return steps[::-1]
