"""Transcripts of several people, word by word."""

from __future__ import annotations

import random
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.labels.word_network import NOTHING, network, word_errors


def text(words: str) -> tuple[str, ...]:
    return tuple(words.split())


def test_words_stand_in_the_slot_of_the_word_that_they_replace() -> None:
    found = network([text("the cat sat"), text("a cat sat"), text("the cat sat down")])
    assert found.texts == (text("the cat sat"), text("a cat sat"), text("the cat sat down"))
    assert found.slots == (("the", "a", "the"), ("cat",) * 3, ("sat",) * 3, (NOTHING, NOTHING, "down"))


def test_each_word_is_voted_on_and_the_least_sure_says_how_sure_the_whole_is() -> None:
    texts = [text("turn the light of"), text("turn a light off"), text("turn the right off")]
    words, sure = network(texts).voted(dict.fromkeys(texts, 1.0))
    assert words == text("turn the light off")  # which nobody wrote
    assert sure == pytest.approx(2 / 3)


def test_a_word_that_most_have_not_heard_is_none() -> None:
    texts = [text("so hello"), text("hello"), text("hello there")]
    assert network(texts).voted(dict.fromkeys(texts, 1.0)) == (text("hello"), pytest.approx(2 / 3))
    weights = {texts[0]: 3.0, texts[1]: 1.0, texts[2]: 1.0}
    assert network(texts).voted(weights) == (text("so hello"), pytest.approx(0.6))


def test_nothing_said_is_a_transcript_too() -> None:
    assert network([(), ()]).voted({(): 2.0}) == ((), 1.0)
    assert network([(), text("hm")]).voted({(): 2.0, text("hm"): 1.0})[0] == ()


def by_rows(said: tuple[str, ...], heard: tuple[str, ...]) -> int:
    """R. A. Wagner and M. J. Fischer, The String-to-String Correction Problem, 1974, a table row by row."""
    row = list(range(len(heard) + 1))
    for place, word in enumerate(said, 1):
        before, row[0] = row[0], place
        for at, other in enumerate(heard, 1):
            before, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, before + (word != other))
    return row[-1]


words = st.lists(st.sampled_from("abc"), max_size=14).map(tuple)


@given(words, words)
def test_errors_are_those_of_the_edit_distance(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert word_errors(one, other) == by_rows(one, other) == word_errors(other, one)


def test_errors_beyond_the_first_band_are_counted_too() -> None:
    draw = random.Random(4)
    for _ in range(5):
        one, other = (tuple(draw.choices("abcdefgh", k=draw.randrange(30, 60))) for _ in range(2))
        assert word_errors(one, other) == by_rows(one, other) > 8


@given(st.lists(words, min_size=1, max_size=4), st.lists(st.sampled_from([0.5, 1.0, 2.5]), min_size=4, max_size=4))
def test_the_order_of_the_transcripts_does_not_matter(texts: list[tuple[str, ...]], weights: list[float]) -> None:
    found = network(texts)
    for at, own in enumerate(found.texts):
        assert tuple(slot[at] for slot in found.slots if slot[at] != NOTHING) == own
    weight = {one: sum(w for t, w in zip(texts, weights[: len(texts)], strict=True) if t == one) for one in texts}
    assert all(network(order) == found for order in permutations(texts))
    assert 0 < found.voted(weight)[1] <= 1 + 1e-9


@given(words, st.integers(1, 4))
def test_what_all_have_heard_is_certain(heard: tuple[str, ...], people: int) -> None:
    assert network([heard] * people).voted({heard: float(people)}) == (heard, 1.0)
