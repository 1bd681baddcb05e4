"""Boxes of several workers: which are one thing, which stand by weight, and how well one worker's are another's."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.labels.matching import common, standing, things
from domain.labels.overlap import Box, agreed

CAT = Box("cat", 0, 0, 10, 10)
MOVED = Box("cat", 1, 0, 10, 10)  # overlap 90 / 110
FAR = Box("cat", 50, 50, 10, 10)
DOG = Box("dog", 0, 0, 10, 10)


def test_boxes_that_overlap_by_half_are_one_thing_and_other_labels_are_others() -> None:
    half = Box("cat", 0, 0, 10, 5)  # 50 / 100
    less = Box("cat", 0, 0, 10, 4.9)
    assert [len(thing) for thing in things([[CAT], [half]])] == [2]
    assert [len(thing) for thing in things([[CAT], [less]])] == [1, 1]
    assert [len(thing) for thing in things([[CAT], [DOG]])] == [1, 1]


def test_the_largest_overlap_is_joined_first_and_nobody_has_two_boxes_of_a_thing() -> None:
    found = things([[CAT], [Box("cat", 3, 0, 10, 10), MOVED]])
    assert sorted(map(len, found)) == [1, 2]
    assert {0: CAT, 1: MOVED} in found


def test_a_thing_stands_by_more_than_half_of_the_weight_with_the_median_of_each_edge() -> None:
    found = things([[CAT], [MOVED], [Box("cat", 2, 0, 10, 10), FAR]])
    boxes, sure = standing(found, [1, 1, 1])
    assert boxes == [(MOVED, 1)]
    assert sure == pytest.approx(2 / 3)  # that the far one is nothing
    boxes, sure = standing(found, [1, 1, 3])
    assert boxes == [(MOVED, 1), (FAR, 0.6)]
    assert sure == pytest.approx(0.6)


def test_half_of_the_weight_is_no_majority_and_with_nothing_drawn_all_are_sure() -> None:
    assert standing(things([[CAT], []]), [2, 2]) == ([], 0.5)
    assert standing(things([[], []]), [1, 2]) == ([], 1.0)


def test_common_boxes_are_counted_once_each() -> None:
    assert common([CAT, FAR], [MOVED, DOG]) == 1
    assert common([CAT, MOVED], [CAT]) == 1
    assert common([], [CAT]) == 0


boxes = st.lists(
    st.builds(
        Box,
        st.sampled_from(["cat", "dog"]),
        *(st.integers(0, 12) for _ in range(2)),
        *(st.integers(1, 12) for _ in range(2)),
    ),
    max_size=4,
    unique=True,
)


@given(st.lists(boxes, min_size=1, max_size=4))
def test_whatever_the_order_of_the_workers_the_same_stands_and_every_box_is_in_one_thing(
    drawn: list[list[Box]],
) -> None:
    weights = [float(1 + len(own) % 3) for own in drawn]
    wanted = standing(things(drawn), weights)
    assert sum(map(len, things(drawn))) == sum(map(len, drawn))
    for order in permutations(range(len(drawn))):
        found, sure = standing(things([drawn[at] for at in order]), [weights[at] for at in order])
        assert [box for box, _ in found] == [box for box, _ in wanted[0]]
        assert sure == pytest.approx(wanted[1])


@given(boxes)
def test_what_all_have_drawn_stands_for_certain(drawn: list[Box]) -> None:
    apart = [box._replace(left=box.left + 40 * number) for number, box in enumerate(drawn)]
    found, sure = standing(things([apart] * 3), [2.2, 0.4, 0.4])
    assert [box for box, _ in found] == sorted(apart) == agreed([apart] * 3)[0]
    assert sure == pytest.approx(1)
