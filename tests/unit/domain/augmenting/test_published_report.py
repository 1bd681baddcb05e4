"""The published report tells time and cost from the facts of the hosts' parts."""

from __future__ import annotations

import json

from tests.support.builders.runs import any_augment_run
from tests.unit.domain.augmenting.test_publication import World, any_facts


def published_report(**facts: object) -> str:
    world = World()
    plan = world.begin(any_augment_run(run_id="run-a"))
    world.work(plan)
    for key in [key for key in world.store.objects if key.endswith("part.json")]:
        world.store.write(key, json.dumps({**any_facts(plan.seed), **facts}))
    world.publish(plan)
    return world.store.objects[f"datasets/faces/{plan.version}/report.html"]


def test_time_and_cost_of_all_instances_are_in_the_report() -> None:
    page = published_report(seconds=90.0, processes=4, instance_type="ml.m5.xlarge", sources=900, outputs=9000)
    assert "1 min 30 s" in page
    assert "2 instances, ml.m5.xlarge, 8 processes" in page
    assert "$0.0129" in page  # two machines, 90 s, $0.257 an hour in eu-west-1


def test_parts_without_times_publish_a_report_without_them() -> None:
    assert "Time and cost" not in published_report()
