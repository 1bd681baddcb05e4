from __future__ import annotations

from typing import Any

import pytest

from domain.teardown.plan import Note
from domain.teardown.progress import Limits, Memory, Round, advance, explain, is_proven_empty, why_give_up

LIMITS = Limits()
MOVING = (Note("app a", "is Deleting"),)
STUCK = (Note("app a", "access denied"),)


def any_round(left: int = 1, **changes: Any) -> Round:
    return Round(**{"left": left, "complete": True, "moving": MOVING, **changes})


def after(*rounds: tuple[float, Round]) -> Memory:
    memory = Memory()
    for now, result in rounds:
        memory = advance(memory, result, now, LIMITS)
    return memory


def test_the_start_and_the_home_file_system_are_remembered() -> None:
    memory = after((100, any_round(home_file_system="fs-1")), (200, any_round()))
    assert memory.started == 100
    assert memory.home_file_system == "fs-1"
    assert memory.rounds == 2


def test_emptiness_takes_two_looks_in_a_row() -> None:
    nothing = any_round(0, moving=())
    assert not is_proven_empty(after((1, nothing)), LIMITS)
    assert not is_proven_empty(after((1, nothing), (2, any_round()), (3, nothing)), LIMITS)
    assert is_proven_empty(after((1, any_round()), (2, nothing), (3, nothing)), LIMITS)


def test_a_look_that_broke_off_is_not_empty_although_it_saw_nothing() -> None:
    broken = any_round(0, complete=False)
    assert not is_proven_empty(after((1, broken), (2, broken), (3, broken)), LIMITS)


def test_the_pause_doubles_to_thirty_seconds_and_is_short_again_after_progress() -> None:
    memory = Memory()
    pauses = []
    for now, left in enumerate([5, 5, 5, 5, 5, 5, 5, 4, 4]):
        memory = advance(memory, any_round(left), now, LIMITS)
        pauses.append(memory.pause)
    assert pauses == [1, 2, 4, 8, 16, 30, 30, 1, 2]


def test_four_hours_of_the_shortest_pauses_stay_below_the_history_limit() -> None:
    memory, now, left = Memory(), 0.0, 10**6
    while now < LIMITS.total:
        left -= 1
        memory = advance(memory, any_round(left), now, LIMITS)
        now += memory.pause
    assert memory.rounds * 9 < 25_000


def test_only_fewer_left_overs_than_ever_are_progress() -> None:
    memory = after((0, any_round(3)), (10, any_round(2)), (20, any_round(3)), (30, any_round(2)))
    assert memory.fewest == 2
    assert memory.progress_at == 10


def test_a_look_that_broke_off_is_no_progress() -> None:
    memory = after((0, any_round(3)), (10, any_round(1, complete=False)))
    assert memory.fewest == 3
    assert memory.progress_at == 0


def test_a_batch_of_which_something_went_is_progress_although_the_count_stands_still() -> None:
    batch = any_round(200, complete=False, deleted=("log stream a",), batched=frozenset({"log stream a"}))
    memory = after((0, any_round(3)), (10, batch))
    assert memory.progress_at == 10
    assert memory.pause == 1
    assert memory.fewest == 3
    assert (memory.deleted_count, memory.batched_count) == (1, 1)


def test_thousands_of_log_streams_do_not_crowd_the_domain_out_of_the_names() -> None:
    rounds = []
    for number in range(5):
        keys = tuple(f"log stream {number}-{index}" for index in range(200))
        rounds.append((float(number), any_round(200, complete=False, deleted=keys, batched=frozenset(keys))))
    memory = after(*rounds, (9, any_round(1, deleted=("domain d-1",))))
    assert memory.deleted[-1] == "domain d-1"
    assert len(memory.deleted) == LIMITS.names // 2 + 1
    assert (memory.deleted_count, memory.batched_count) == (1001, 1000)


def test_it_gives_up_after_the_time_without_progress() -> None:
    memory = after((0, any_round()))
    assert why_give_up(memory, LIMITS.no_progress - 1, LIMITS) == ""
    assert why_give_up(memory, LIMITS.no_progress, LIMITS) == "no progress for 2700 s"


def test_it_gives_up_after_the_total_time_although_there_is_progress() -> None:
    memory = after((0, any_round(9)), (LIMITS.total - 1, any_round(8)))
    assert why_give_up(memory, LIMITS.total - 1, LIMITS) == ""
    assert why_give_up(memory, LIMITS.total, LIMITS) == "not finished after 14400 s"


def test_it_gives_up_soon_when_nothing_moves_and_what_is_left_is_refused() -> None:
    hopeless = any_round(moving=(), stuck=STUCK)
    memory = after((0, hopeless), (30, hopeless))
    assert why_give_up(memory, 59, LIMITS) == ""
    assert why_give_up(memory, 60, LIMITS) == "nothing that is left could be deleted for 60 s"


@pytest.mark.parametrize("hope", [{"moving": MOVING}, {"deleted": ("space b",)}])
def test_anything_that_moves_is_hope(hope: dict[str, Any]) -> None:
    hopeless = any_round(moving=(), stuck=STUCK)
    memory = after((1, hopeless), (30, any_round(**{"moving": (), "stuck": STUCK, **hope})), (50, hopeless))
    assert why_give_up(memory, 80, LIMITS) == ""
    assert memory.hopeless_since == 50


def test_what_is_held_is_no_hope() -> None:
    held = any_round(2, moving=(), stuck=STUCK, held=(Note("space b", "held by app a"),))
    assert after((5, held)).hopeless_since == 5


def test_deleted_names_are_counted_once_and_listed_to_a_bound() -> None:
    many = tuple(f"app {number}" for number in range(150))
    memory = after((0, any_round(deleted=("space a",))), (1, any_round(deleted=("space a", *many))))
    assert memory.deleted_count == 151
    assert len(memory.deleted) == LIMITS.names
    assert memory.deleted[:2] == ("space a", "app 0")


def test_the_cause_names_each_left_over_with_its_reason_and_says_what_to_do() -> None:
    notes = (Note("app a", "access denied: " + "x" * 500), Note("space b", "held by app a"), Note("c", "d"))
    cause = explain("no progress for 5 s", notes, Limits(names=2, reason=20))
    assert cause == (
        "Teardown gave up, no progress for 5 s. Left: app a: access denied: xxxxx; space b: held by app a; and 1 more. "
        "Remove the reasons, then start the teardown again."
    )
