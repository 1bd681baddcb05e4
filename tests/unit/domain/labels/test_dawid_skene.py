"""Dawid and Skene's estimate: as a peer has it, the same in whichever order, and sensible where there are few votes."""

from __future__ import annotations

import random

import pytest

from domain.labels import dawid_skene as method
from domain.labels.dawid_skene import dawid_skene

ACCURACIES = (0.9, 0.8, 0.7, 0.6, 0.5)
KNOWN = {"o00": 3, "o01": 2, "o02": 1, "o03": 0}
# crowd-kit 1.4.2 (Apache-2.0), DawidSkene(n_iter=300, tol=-1e9).fit_predict_proba(votes) of the votes below: the
# likeliest class of each object, and the posteriors of those less sure than 0.97.
PEER = "101002301310120133213122012123013010023322232101121120033100", {"o23": [0, 0, 0.9264, 0.0736]}
# The same with true_labels=KNOWN.
PEER_KNOWN = (
    "321022301310120133213122012123013010023322232121121120033100",
    {
        "o04": [0.2783, 0, 0.7217, 0],
        "o11": [0.8469, 0, 0.1531, 0],
        "o15": [0, 0.6501, 0, 0.3499],
        "o27": [0, 0.8323, 0, 0.1677],
        "o56": [0, 0, 0.1453, 0.8547],
    },
)


def votes(objects: int = 60, classes: int = 4) -> dict[str, dict[str, int]]:
    """Two to five votes each, by workers who are right as often as ACCURACIES, and else choose any class."""
    draw, found = random.Random(7), {}
    for number in range(objects):
        truth, given = int(draw.random() * classes), {}
        for worker, accuracy in enumerate(ACCURACIES):
            if draw.random() < 0.8 or worker < 2:
                given[f"w{worker}"] = truth if draw.random() < accuracy else int(draw.random() * classes)
        found[f"o{number:02}"] = given
    return found


@pytest.mark.parametrize(("known", "peer"), [(None, PEER), (KNOWN, PEER_KNOWN)])
def test_without_smoothing_it_is_what_a_peer_finds(
    known: dict[str, int] | None, peer: tuple[str, dict[str, list[float]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(method, "ROUNDS", 300)
    monkeypatch.setattr(method, "STEADY", 0.0)
    found = dawid_skene(votes(), 4, known, smoothing=0).posteriors
    likeliest, posteriors = peer
    assert "".join(str(found[name].index(max(found[name]))) for name in sorted(found)) == likeliest
    for name, shares in posteriors.items():
        assert found[name] == pytest.approx(shares, abs=1e-4)


def test_it_is_the_same_to_the_bit_in_whichever_order_votes_come() -> None:
    given = votes()
    turned = {name: dict(reversed(own.items())) for name, own in reversed(given.items())}
    assert dawid_skene(given, 4).posteriors == dict(dawid_skene(turned, 4).posteriors)


def test_it_ends_within_its_bound_and_says_after_how_many_rounds() -> None:
    assert 1 < dawid_skene(votes(), 4).rounds <= method.ROUNDS


def test_who_is_always_wrong_in_the_same_way_tells_the_right_class() -> None:
    """Two agree, and the third always says the next class: where she is alone with one of them, she is believed to mean
    what she does not say."""
    given = {f"o{n:03}": {"a": n % 3, "b": n % 3, "odd": (n + 1) % 3} for n in range(90)}
    given |= {f"p{n}": {"a": n % 3, "odd": (n + 1) % 3} for n in range(9)}
    found = dawid_skene(given, 3).posteriors
    assert all(found[f"p{n}"][n % 3] > 0.9 for n in range(9))


def test_a_known_class_stands_whatever_is_voted() -> None:
    found = dawid_skene({"a": {"x": 1, "y": 1}, "b": {"x": 1, "y": 0}}, 2, {"a": 0}).posteriors
    assert found["a"] == [1.0, 0.0]
    assert found["b"][0] > 0.5  # x was wrong, and so was y; nobody was right about class 0, y says it here


def test_one_worker_alone_is_believed_as_far_as_anybody_is_before_votes_are_counted() -> None:
    """0.85, `WORKER_ACCURACY`: of single votes nothing can be learned, however many there are."""
    found = dawid_skene({f"o{n}": {"only": n % 2} for n in range(1_000)}, 2).posteriors
    assert found["o0"] == pytest.approx([0.85, 0.15], abs=1e-3)


def test_hundreds_of_votes_for_one_object_do_not_vanish() -> None:
    given = {f"o{n}": {f"w{w}": (n + int((w + n) % 3 == 0)) % 2 for w in range(400)} for n in range(6)}
    found = dawid_skene(given, 2).posteriors
    assert found["o0"] == pytest.approx([1, 0])
    assert found["o1"] == pytest.approx([0, 1])


def test_no_votes_are_nothing_and_strange_ones_are_refused() -> None:
    assert dawid_skene({}, 2).posteriors == {}
    with pytest.raises(ValueError, match="'o' has no vote"):
        dawid_skene({"o": {}}, 2)
    with pytest.raises(ValueError, match="none of the 2 classes"):
        dawid_skene({"o": {"w": 2}}, 2)
