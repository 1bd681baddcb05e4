"""A filter and a sample: who is asked about, who is left out, and always the same for the same seed."""

from __future__ import annotations

from typing import Any

import pytest

from domain.errors import InvalidInput, NoUsableObjects
from domain.labeling.manifest.prepare import prepare
from domain.workflow.states import BuiltManifest
from tests.support.builders.runs import any_label_run
from tests.support.fakes.store import MemoryStore
from tests.unit.domain.labeling.manifest.test_earlier import World as Labeling

NAMES = [f"{folder}/{number:02}.jpg" for folder in ("left", "right") for number in range(20)]


def world(*more: str) -> MemoryStore:
    return MemoryStore(objects={f"raw/faces/{name}": name for name in (*NAMES, *more)})


def asked(store: MemoryStore, run_id: str = "run-1", **fields: Any) -> tuple[list[str], BuiltManifest]:
    built = prepare(any_label_run(run_id=run_id, **fields), "", store)
    lines = store.read(f"labeling/faces/{run_id}/input.manifest").splitlines()
    return [line.split("raw/faces/")[1].removesuffix('"}') for line in lines], built


@pytest.mark.parametrize(
    ("globs", "wanted"),
    [
        ("left/*", NAMES[:20]),
        (["left/0[12].jpg", "*/19.jpg"], ["left/01.jpg", "left/02.jpg", "left/19.jpg", "right/19.jpg"]),
        ("*0?.jpg", [*NAMES[:10], *NAMES[20:30]]),
    ],
)
def test_a_filter_lets_names_through_and_the_others_are_left_out(globs: Any, wanted: list[str]) -> None:
    names, built = asked(world("left.csv"), filter=globs)
    assert names == wanted
    assert (built.objects, built.rejected, built.left_out) == (len(wanted), 0, 41 - len(wanted))


def test_a_filter_that_matches_nothing_is_told() -> None:
    with pytest.raises(NoUsableObjects, match=r"filter: \['\*\.JPG'\] matches none of 40 objects in s3://data-bucket/"):
        asked(world(), filter="*.JPG")


@pytest.mark.parametrize(("sample", "count"), [({"objects": 7}, 7), ({"objects": 99}, 40), ({"percent": 12.4}, 5)])
def test_a_sample_has_its_size_and_is_the_same_for_the_same_seed(sample: Any, count: int) -> None:
    names, built = asked(world(), sample=sample, seed=3)
    assert (len(names), built.left_out) == (count, 40 - count)
    assert names == sorted(names)
    assert asked(world(), "again", sample=sample, seed=3)[0] == names
    if count < 40:
        assert asked(world(), "other", sample=sample, seed=4)[0] != names


def test_a_larger_sample_holds_the_smaller_and_others_do_not_move_it() -> None:
    small, large = (set(asked(world(), sample={"objects": size})[0]) for size in (5, 20))
    assert small < large
    more = set(asked(world("new.jpg"), sample={"objects": 20})[0])
    assert len(large - more) <= 1


def test_a_sample_is_drawn_from_what_passes_the_filter_can_be_seen_and_has_no_label() -> None:
    names = [f"{number}.jpg" for number in range(6)]
    labeling = Labeling(*names, "broken.csv")
    labeling.label("run-1", {"0.jpg": "open", "1.jpg": "shut"})
    chosen, built = asked(labeling.store, "run-2", filter=["[0-4].jpg", "*.csv"], sample={"objects": 2})
    assert len(chosen) == 2
    assert set(chosen) <= {"2.jpg", "3.jpg", "4.jpg"}
    assert (built.objects, built.accepted, built.rejected, built.reused, built.left_out) == (5, 2, 1, 2, 2)


def test_the_same_run_cannot_choose_otherwise_later() -> None:
    store = world()
    asked(store, sample={"objects": 5}, seed=1)
    assert asked(store, sample={"objects": 5}, seed=1)[1].accepted == 5
    for other in ({"sample": {"objects": 6}, "seed": 1}, {"sample": {"objects": 5}, "seed": 2}, {}, {"filter": "*"}):
        with pytest.raises(InvalidInput, match="another task, source_prefix, manifest, filter or sample"):
            asked(store, **other)


def test_a_run_of_the_time_before_there_was_a_choice_is_found_again() -> None:
    store = world()
    asked(store)
    fingerprint = "6bf98c8b759117d6e9c74401feea821795cb98da5b4855a61d5cf37a52031361"
    assert store.read("labeling/faces/run-1/run.json").startswith('{"fingerprint":"' + fingerprint)
