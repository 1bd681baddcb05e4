"""Transcripts of several workers, word by word, by the weight of those who heard it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from domain.labels.word_network import Text, network, word_errors
from domain.task_types.audio_transcript.agreement import ACCEPTED, CORRECTED
from domain.task_types.model import Choice, Outcome
from domain.task_types.weighed import Agreement, Weighed, Weighing
from domain.text import plain


def matched(choices: Sequence[Choice]) -> Weighing:
    """Of each word what most of the weight has heard; the least sure word says how sure the whole is. What nobody wrote
    as a whole is a correction."""
    texts = [_words(choice) for choice in choices]
    built = network(texts)

    def outcome(weights: Sequence[float]) -> Outcome:
        weight = defaultdict[Text, float](float)
        for text, own in sorted(zip(texts, weights, strict=True)):
            weight[text] += own
        words, sure = built.voted(weight)
        same = [choice for choice, text in zip(choices, texts, strict=True) if text == words]
        joined = Choice((CORRECTED,), transcript=" ".join(words))
        # Who accepts says that the text is the object's own; of corrections that differ in spaces the first by letters.
        best = min(same, key=lambda one: (one.labels != (ACCEPTED,), one.transcript or ""), default=joined)
        return Outcome(best, min(sure, 1.0))

    return outcome


def agreement(hers: Choice, right: Choice) -> Agreement:
    """Words of the right text but for errors, down to none; that nothing is said counts as one word."""
    heard, said = _words(hers), _words(right)
    errors, words = word_errors(said, heard), len(said)
    if not words:
        return Agreement(float(not errors), 1, float(errors))
    return Agreement(max(0, words - errors), words, errors)


def _words(choice: Choice) -> Text:
    return tuple(plain(choice.transcript or "").split())


WEIGHED = Weighed(matched, agreement, "words", answers=10)
"""Of another word there is no end, but those that sound alike are few: from ten on `bench.consensus` finds the same."""
