"""Begin, publish, end: one window publishes once, a version is whole or invisible, runs compound."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from domain.augmenting.begin import LEASE_SECONDS, Beginning, begin, derived_seed
from domain.augmenting.end import end
from domain.augmenting.publish import publish
from domain.errors import InvalidInput, LeaseLost, NoLabels, VersionIncomplete
from domain.labels.rows import LabelRow, write_labels
from domain.workflow.inputs import AugmentOutput
from domain.workflow.run_cost import Machine
from domain.workflow.states import AugmentBegun, AugmentRun, AugmentStart, JobTimes
from tests.support.builders.runs import any_augment_run, any_newest_labels
from tests.support.fakes.ledger import MemoryLedger
from tests.support.fakes.state_machine import MemoryExecutions
from tests.support.fakes.store import MemoryStore

NOW = 1_790_000_000.0
LABELS = "labels/faces/run-1/labels.jsonl"


def any_store() -> MemoryStore:
    row = LabelRow(source="a.jpg", source_ref="s3://x/a.jpg", status="labeled", label="open", labels=("open",))
    objects = {
        "recipes/faces.yaml": "name: faces\nsteps: [export: plain]\n",
        LABELS: write_labels([row]),
        "raw/faces/a.jpg": "a",
    }
    return MemoryStore(objects=objects)


MACHINE = Machine("ml.m5.xlarge", "eu-west-1")


class World:
    """The bucket, the ledger and a processing job that writes one image and one part for each instance."""

    def __init__(self) -> None:
        self.store = any_store()
        self.ledger = MemoryLedger()
        self.ledger.record_labels(any_newest_labels())
        self.executions = MemoryExecutions()
        self.now = NOW

    def begin(self, run: AugmentRun) -> AugmentBegun:
        return begin(
            run, Beginning(self.ledger, self.store, self.executions, "kempelen-dev-", self.now, machine=MACHINE)
        )

    def work(self, start: AugmentStart, **facts: Any) -> None:
        for number in range(start.instances):
            row = any_row(f"{start.run_id}-{number}", start.seed)
            root = f"datasets/faces/{start.version}/parts/algo-{number + 1}/"
            self.store.write(f"{root}manifest.jsonl", json.dumps(row) + "\n")
            self.store.write(f"{root}quarantine.jsonl", "")
            self.store.write(f"{root}samples.jsonl", "")
            self.store.write(f"{root}part.json", json.dumps({**any_facts(start.seed), **facts}))

    def publish(self, start: AugmentStart, *times: JobTimes | None) -> AugmentOutput:
        return publish(start, self.ledger, self.store, MACHINE, times)

    def whole(self, run: AugmentRun) -> AugmentOutput:
        start = self.begin(run)
        self.work(start)
        output = self.publish(start)
        end(run, None, self.ledger)
        return output

    def successes(self) -> list[str]:
        return [key for key in self.store.objects if key.endswith("/_SUCCESS")]


def any_row(name: str, seed: int) -> dict[str, Any]:
    return {
        "source": "a.jpg",
        "path": f"data/train/open/{name}.jpg",
        "split": "train",
        "label": "open",
        "export": "resize",
        "variant": 0,
        "steps": [],
        "seed": seed,
        "sha256": "0" * 64,
        "identity": name,
        "width": 8,
        "height": 8,
    }


def any_facts(seed: int) -> dict[str, Any]:
    return {"seed": seed, "recipe_sha256": "1" * 64, "libraries": {}}


def test_a_run_gets_the_first_version_with_its_inputs_frozen() -> None:
    world = World()
    start = world.begin(any_augment_run(run_id="run-a"))
    assert start.outcome == "start"
    assert start.version.startswith("v0001-")
    assert start.version_uri == f"s3://data-bucket/datasets/faces/{start.version}/"
    assert start.sources_uri == "s3://data-bucket/augmenting/faces/run-a/input.manifest"
    assert (start.seed, start.instances, start.label_attribute) == (7, 2, "mouth")
    frozen = {key: world.store.objects[key] for key in world.store.objects if key.startswith("augmenting/faces/run-a/")}
    assert {key.rsplit("/", 1)[1] for key in frozen} == {
        "recipe.yaml",
        "labels.jsonl",
        "input.manifest",
    }, "what does not exist is no empty object"
    assert json.loads(frozen["augmenting/faces/run-a/input.manifest"]) == [
        {"prefix": "s3://data-bucket/"},
        "raw/faces/a.jpg",
    ]
    assert all(frozen.values())


def test_a_version_appears_whole_and_its_parts_are_gone() -> None:
    world = World()
    output = world.whole(any_augment_run(run_id="run-a"))
    root = f"datasets/faces/{output.version}/"
    assert (output.outcome, output.outputs, output.classes) == ("published", 2, {"open": 2})
    assert output.report_uri == f"s3://data-bucket/{root}report.html"
    files = {key.removeprefix(root) for key in world.store.objects if key.startswith(root)}
    assert {
        "manifest.jsonl",
        "augmented.manifest",
        "quarantine.jsonl",
        "recipe.yaml",
        "dataset.json",
        "report.html",
    } < files
    assert "_SUCCESS" in files
    assert not any(name.startswith("parts/") for name in files)
    last_written = [key for key in world.store.written if key.startswith(root)][-1]
    assert last_written == f"{root}_SUCCESS"


def test_two_runs_one_after_the_other_make_two_versions_that_compound() -> None:
    world = World()
    first = world.whole(any_augment_run("execution-1", window="2026-11-22T10:15:00Z"))
    second = world.whole(any_augment_run("execution-2", window="2026-11-22T10:30:00Z"))
    assert (first.version[:5], second.version[:5]) == ("v0001", "v0002")
    assert (first.outputs, second.outputs) == (2, 4)
    known = world.store.objects["augmenting/faces/20261122T103000Z/known.jsonl"]
    assert known == world.store.objects[f"datasets/faces/{first.version}/manifest.jsonl"]
    rows = [
        json.loads(line) for line in world.store.objects[f"datasets/faces/{second.version}/manifest.jsonl"].splitlines()
    ]
    assert {row["version"] for row in rows} == {first.version, second.version}


@pytest.mark.parametrize(
    ("instances", "wanted", "first"), [(1, True, False), (2, True, True), (2, False, False), (7, True, True)]
)
def test_several_machines_need_a_job_before_and_only_where_near_duplicates_matter(
    instances: int, wanted: bool, first: bool
) -> None:
    run = any_augment_run(run_id="run-a").model_copy(update={"instances": instances, "near_duplicates": wanted})
    start = World().begin(run)
    assert bool(start.fingerprint_job) == first
    assert start.fingerprint_job != start.job_name
    assert start.fingerprint_job is None or len(start.fingerprint_job) <= 60


def test_the_seed_of_an_added_version_differs_from_run_to_run_and_not_from_start_to_start() -> None:
    world = World()
    world.whole(any_augment_run("execution-1", run_id="run-a"))
    start = world.begin(any_augment_run("execution-2", run_id="run-b"))
    assert start.seed == derived_seed(7, "run-b") != derived_seed(7, "run-c")
    assert start.seed < 2**32


TICK = {"window": "2026-11-22T10:30:00Z"}


@pytest.mark.parametrize(
    ("fields", "mode"),
    [
        ({"window": "2026-11-22T10:30:00Z"}, "new-variants"),
        ({"run_id": "run-b"}, "new-variants"),
        ({"run_id": "run-b", "labels_uri": f"s3://data-bucket/{LABELS}"}, "new-sources"),
        ({"run_id": "run-b", "mode": "new-sources"}, "new-sources"),
        ({"run_id": "run-b", "labels_uri": f"s3://data-bucket/{LABELS}", "mode": "new-variants"}, "new-variants"),
    ],
)
def test_a_version_says_what_it_adds_and_both_seeds(fields: dict[str, str], mode: str) -> None:
    world = World()
    assert world.whole(any_augment_run("execution-1", run_id="run-a")).mode == "first"
    run = any_augment_run("execution-2", **fields)
    output = world.whole(run)
    facts = json.loads(world.store.objects[f"datasets/faces/{output.version}/dataset.json"])
    assert (output.mode, facts["mode"], facts["seed_given"]) == (mode, mode, 7)
    assert facts["seed"] == (7 if mode == "new-sources" else derived_seed(7, run.run_id))


@pytest.mark.parametrize(("fields", "outcome"), [(TICK, "skipped"), ({"run_id": "run-b"}, "wait")])
def test_while_a_run_is_alive_a_tick_is_skipped_and_a_run_that_was_asked_for_waits(
    fields: dict[str, str], outcome: str
) -> None:
    world = World()
    world.begin(any_augment_run("execution-1", run_id="run-a"))
    start = world.begin(any_augment_run("execution-2", **fields))
    assert start.outcome == outcome
    assert start.result.reason.startswith("run 'run-a' (execution execution-1) holds the lease until 2026-")


def test_a_run_that_waited_adds_to_the_version_of_the_one_before() -> None:
    world = World()
    first, second = any_augment_run("execution-1", run_id="run-a"), any_augment_run("execution-2", run_id="run-b")
    start = world.begin(first)
    assert world.begin(second).outcome == "wait"
    world.work(start)
    world.publish(start)
    end(first, None, world.ledger)
    output = world.whole(second)
    assert (output.outcome, output.version[:5], output.outputs) == ("published", "v0002", 4)


@pytest.mark.parametrize("fields", [TICK, {"run_id": "run-b"}])
def test_a_run_whose_execution_was_stopped_holds_nobody_up(fields: dict[str, str]) -> None:
    world = World()
    stopped = world.begin(any_augment_run("execution-1", run_id="run-a"))
    world.executions.ended.add("execution-1")
    start = world.begin(any_augment_run("execution-2", **fields))
    assert start.outcome == "start"
    assert start.token > stopped.token
    world.work(stopped)
    with pytest.raises(LeaseLost):  # its processing job may end after it
        world.publish(stopped)


def test_a_tick_that_is_delivered_twice_runs_once() -> None:
    world = World()
    window = "2026-11-22T10:15:00Z"
    start = world.begin(any_augment_run("execution-1", window=window))
    assert world.begin(any_augment_run("execution-2", window=window)).outcome == "skipped"
    world.work(start)
    world.publish(start)
    end(any_augment_run("execution-1", window=window), None, world.ledger)
    late = world.begin(any_augment_run("execution-3", window=window))
    assert late.outcome == late.result.outcome == "already-published"
    assert late.result.version == start.version
    assert world.ledger.lease("faces") is None


def test_the_holders_own_retry_gets_the_same_plan_and_a_longer_lease() -> None:
    world = World()
    run = any_augment_run("execution-1", run_id="run-a")
    first = world.begin(run)
    world.now += 3600
    world.store.written.clear()
    assert world.begin(run) == first
    assert world.store.written == []
    assert world.ledger.lease("faces").held_until == world.now + LEASE_SECONDS


def test_a_run_that_was_overtaken_publishes_nothing() -> None:
    world = World()
    slow = world.begin(any_augment_run("execution-1", run_id="run-a"))
    world.work(slow)
    world.now += LEASE_SECONDS + 1
    output = world.whole(any_augment_run("execution-2", run_id="run-b"))
    with pytest.raises(LeaseLost):
        world.publish(slow)
    assert world.successes() == [f"datasets/faces/{output.version}/_SUCCESS"]


def test_a_run_that_was_overtaken_and_is_started_again_adds_to_the_version_that_overtook_it() -> None:
    world = World()
    run = any_augment_run("execution-1", run_id="run-a")
    lost = world.begin(run)
    world.now += LEASE_SECONDS + 1
    world.whole(any_augment_run("execution-2", run_id="run-b"))
    again = world.begin(any_augment_run("execution-3", run_id="run-a"))
    assert (lost.version[:5], again.version[:5]) == ("v0001", "v0002")
    assert again.job_name != lost.job_name
    assert world.store.objects["augmenting/faces/run-a/known.jsonl"]
    assert "--known" not in lost.run_arguments
    assert "--known" in again.run_arguments


def test_a_run_that_failed_is_started_again_with_the_same_inputs() -> None:
    world = World()
    run = any_augment_run("execution-1", run_id="run-a")
    first = world.begin(run)
    assert end(run, "AlgorithmError: exit code 1", world.ledger)
    assert world.ledger.run("faces", "run-a").failure == "AlgorithmError: exit code 1"
    world.store.objects["recipes/faces.yaml"] = "name: changed\nsteps: [export: plain]\n"
    again = world.begin(any_augment_run("execution-2", run_id="run-a"))
    assert again == first.model_copy(update={"token": again.token})
    assert again.token > first.token
    assert world.store.objects["augmenting/faces/run-a/recipe.yaml"] == "name: faces\nsteps: [export: plain]\n"


def test_ending_a_run_that_lost_its_lease_leaves_the_lease_of_the_other() -> None:
    world = World()
    slow = any_augment_run("execution-1", run_id="run-a")
    world.begin(slow)
    world.now += LEASE_SECONDS + 1
    world.begin(any_augment_run("execution-2", run_id="run-b"))
    assert not end(slow, "LeaseLost", world.ledger)
    assert world.ledger.lease("faces").execution == "execution-2"


def test_publishing_twice_gives_the_same_answer() -> None:
    world = World()
    start = world.begin(any_augment_run(run_id="run-a"))
    world.work(start)
    assert world.publish(start) == world.publish(start)


def test_a_version_with_a_missing_part_stays_invisible() -> None:
    world = World()
    start = world.begin(any_augment_run(run_id="run-a"))
    world.work(start)
    del world.store.objects[f"datasets/faces/{start.version}/parts/algo-2/part.json"]
    with pytest.raises(VersionIncomplete, match=r"parts of 1 of 2 instances \(algo-1\)"):
        world.publish(start)
    assert world.successes() == []


@pytest.mark.parametrize("name", ["manifest.jsonl", "dataset.json", "report.html", "_SUCCESS"])
def test_a_publisher_that_dies_is_finished_by_its_retry(name: str) -> None:
    world = World()
    start = world.begin(any_augment_run(run_id="run-a"))
    world.work(start)
    world.store.crash_before = name
    with pytest.raises(TimeoutError):
        world.publish(start)
    assert world.successes() == []
    assert world.publish(start).outputs == 2
    assert len(world.successes()) == 1


def test_a_publisher_that_dies_for_good_before_the_marker_is_finished_by_the_next_run() -> None:
    world = World()
    start = world.begin(any_augment_run("execution-1", run_id="run-a"))
    world.work(start)
    world.store.crash_before = "_SUCCESS"
    with pytest.raises(TimeoutError):
        world.publish(start)
    world.now += LEASE_SECONDS + 1
    second = world.whole(any_augment_run("execution-2", run_id="run-b"))
    assert second.outputs == 4
    assert len(world.successes()) == 2


def test_a_data_set_without_labels_is_refused_with_what_to_do() -> None:
    world = World()
    world.ledger.labels.clear()
    with pytest.raises(NoLabels, match="run the label workflow first, or give labels_uri"):
        world.begin(any_augment_run(run_id="run-a"))


def test_given_labels_need_no_entry_in_the_ledger() -> None:
    world = World()
    world.ledger.labels.clear()
    run = any_augment_run(run_id="run-a", labels_uri=f"s3://data-bucket/{LABELS}", label_attribute="mouth")
    start = world.begin(run)
    assert start.label_attribute == "mouth"
    assert "/opt/ml/processing/input/images/raw/faces" in start.run_arguments


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"recipe": "recipes/none.yaml"}, "recipe: there is no s3://data-bucket/recipes/none.yaml"),
        ({"labels_uri": "s3://data-bucket/labels/none"}, "labels_uri: there is no s3://data-bucket/labels/none"),
        ({"labels_uri": "s3://elsewhere/labels/x"}, "labels_uri: s3://elsewhere/labels/x is outside the data bucket"),
    ],
)
def test_an_input_that_is_not_there_is_named(fields: dict[str, str], complaint: str) -> None:
    with pytest.raises(InvalidInput, match=complaint):
        World().begin(any_augment_run(run_id="run-a", **fields))


def test_two_thousand_histories_of_overlapping_and_repeated_ticks_publish_each_window_at_most_once() -> None:
    for seed in range(2_000):
        check_history(random.Random(seed))


def check_history(chance: random.Random) -> None:
    """Executions of few windows begin, work, publish, end and come again in any order, under a jumping clock."""
    world = World()
    runs = [any_augment_run(f"execution-{n}", window=f"2026-11-22T10:{chance.randrange(4):02}:00Z") for n in range(6)]
    begun: dict[str, AugmentStart] = {}
    published: list[str] = []
    for _ in range(40):
        run = chance.choice(runs)
        act = chance.choice(["begin", "begin", "work", "publish", "publish", "end", "clock"])
        start = begun.get(run.execution)
        if act == "begin":
            started = world.begin(run)
            begun.update({run.execution: started} if started.outcome == "start" else {})
        elif act == "clock":
            world.now += chance.choice([60, 900, LEASE_SECONDS + 1])
        elif act == "end":
            end(run, chance.choice([None, "it failed"]), world.ledger)
        elif start is not None and act == "work":
            world.work(start)
        elif start is not None:
            try_to_publish(world, start, published)
    assert len(set(published)) == len(world.successes())
    heads = sorted(version for version in set(published))
    assert [int(version[1:5]) for version in heads] == list(range(1, len(heads) + 1))
    assert len({record.run_id for record in world.ledger.runs.values() if record.result}) == len(heads)


def try_to_publish(world: World, start: AugmentStart, published: list[str]) -> None:
    try:
        published.append(world.publish(start).version)
    except (LeaseLost, VersionIncomplete):
        return


WORKED = {"processes": 4, "instance_type": "ml.m5.xlarge", "sources": 1, "outputs": 1, "quarantined": 0}


def test_a_run_tells_what_was_estimated_and_what_it_came_to() -> None:
    world = World()
    start = world.begin(any_augment_run(run_id="run-a"))
    world.work(start, **WORKED, seconds=90.0)
    job = JobTimes(started="2026-11-28T12:00:00Z", ended="2026-11-28T12:05:00Z")
    output = world.publish(start, None, job)
    assert output.cost is not None
    assert output.cost.usd == pytest.approx(2 * 4 * 0.257)
    assert output.took is not None
    assert (output.took.host_seconds, output.took.billed_seconds) == (180.0, 600.0)
    assert output.took.usd == pytest.approx(600 / 3600 * 0.257, abs=1e-6)
    page = world.store.objects[f"datasets/faces/{start.version}/report.html"]
    assert "10 min 0 s of all machines by SageMaker" in page
    assert "estimated before: $0.0" in page
    assert "$0.257/h (eu-west-1)" in page


def test_without_sagemakers_times_the_engines_own_count() -> None:
    world = World()
    start = world.begin(any_augment_run(run_id="run-a"))
    world.work(start, **WORKED, seconds=90.0)
    took = world.publish(start).took
    assert took is not None
    assert (took.billed_seconds, took.usd) == (None, pytest.approx(180 / 3600 * 0.257, abs=1e-6))


def test_the_next_run_is_estimated_by_what_the_last_one_took() -> None:
    world = World()
    start = world.begin(any_augment_run(run_id="run-a"))
    world.work(start, **WORKED, seconds=900.0)
    world.publish(start)
    end(any_augment_run(run_id="run-a"), None, world.ledger)
    world.begin(any_augment_run("execution-2", run_id="run-b"))
    record = world.ledger.run("faces", "run-b")
    assert record is not None
    assert record.cost is not None
    assert "1 files of 900 s each, as the last run took" in record.cost.made_of


def test_a_run_that_would_cost_too_much_does_not_start_and_the_next_one_may() -> None:
    world = World()
    run = any_augment_run(run_id="run-a", max_cost=0.01)
    with pytest.raises(InvalidInput, match=r"max_cost: the run would cost about \$0\.03"):
        world.begin(run)
    assert world.ledger.run("faces", "run-a") is None
    end(run, "InvalidInput: max_cost", world.ledger)
    start = world.begin(any_augment_run("execution-2", run_id="run-a", max_cost=0.5))
    assert start.deadline_seconds * 2 / 3600 * 0.257 <= 0.5


def test_trying_again_keeps_the_estimate_and_the_deadline() -> None:
    world = World()
    run = any_augment_run(run_id="run-a", max_cost=0.5)
    first = world.begin(run)
    world.store.objects["raw/faces/b.jpg"] = "b"
    assert world.begin(run).deadline_seconds == first.deadline_seconds
