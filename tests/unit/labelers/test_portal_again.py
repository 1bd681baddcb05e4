"""A run in the portal that asks again: who is asked, what is reviewed, and what the labels say in the end."""

from __future__ import annotations

import json
from typing import Any

import pytest

from domain.errors import InvalidInput
from domain.labeling.collect import collect
from domain.labeling.manifest.prepare import prepare
from domain.labeling.port import Labeler
from domain.labels.asking import doubtful
from domain.labels.rows import LabelRow, read_labels
from domain.tasks import jobs
from domain.tasks.pool import TaskPool
from domain.tasks.reviews import ReviewQueue
from domain.workflow.inputs import LabelingTask, parse
from domain.workflow.states import CollectRequest
from domain.workforce.model import Person
from labelers.ground_truth.labeling_job import GroundTruthLabeler
from labelers.portal.labeler import Clockwork, PortalLabeler
from labelers.portal.price import price
from tests.support.builders.runs import any_label_run, any_task
from tests.support.builders.tasks import Clock, InOrder, answer_of, any_worker
from tests.support.fakes.ground_truth import FakeGroundTruth
from tests.support.fakes.ledger import MemoryLedger
from tests.support.fakes.memory_tasks import MemoryTaskStore
from tests.support.fakes.store import MemoryStore
from tests.unit.labelers import test_label_studio_job
from tests.unit.labelers.test_ground_truth_job import SETTINGS

NAMES = ("ada", "bob", "eve", "joe", "kim")


def task_of(**fields: Any) -> LabelingTask:
    return any_label_run(task=any_task(**fields)).task


class Team:
    def __init__(self, *names: str) -> None:
        self.names = list(names)

    def members(self) -> list[str]:
        return [f"{name}@example.com" for name in self.names]

    def people(self) -> list[Person]:
        return [
            Person(name, f"{name}@example.com", any_worker(name).worker_id, "CONFIRMED", True) for name in self.names
        ]


class World:
    """A run over three faces, of which `a` is what its workers do not agree on."""

    def __init__(self, team: Team, reviewers: Team, **task: Any) -> None:
        self.store = MemoryStore(objects={f"raw/faces/{name}.jpg": name for name in "abc"})
        self.tasks, self.clock, self.team = MemoryTaskStore(), Clock(), team
        told = {"workers_per_object": 2, "ask_again_below": 0.9, "most_workers": 4, **task}
        self.run = any_label_run(task=any_task(**told))
        clock = Clockwork(self.clock, self.clock.wait)
        self.labeler = PortalLabeler(self.tasks, self.store, team, "kempelen-dev-", clock, lambda *_: None, reviewers)
        self.manifest = prepare(self.run, self.labeler.page(self.run.task), self.store)
        self.job = self.labeler.start(self.run, self.manifest)
        ended = lambda name: jobs.settle(self.tasks, name, self.clock.now)  # noqa: E731
        self.pool = TaskPool(self.tasks, self.clock, self.clock.wait, ended, InOrder())
        self.queue = ReviewQueue(self.tasks, self.clock, self.clock.wait, ended)

    def answer(self, **of_a: str) -> list[str]:
        """Who answered something; all say open but of `a` what is told here."""
        busy = []
        for name in self.team.names:
            while task := self.pool.take(self.job.name, any_worker(name)):
                label = of_a.get(name, "open") if task.source_ref.endswith("a.jpg") else "open"
                self.pool.submit(self.job.name, task.task, any_worker(name), answer_of(label))
                busy.append(name)
        return busy

    @property
    def status(self) -> tuple[str, bool]:
        progress = self.labeler.progress(self.job.name)
        return progress.status, progress.finished

    def look(self) -> None:
        assert self.status == ("Answered", True)
        assert self.labeler.start(self.run, self.manifest) == self.job

    def review(self, content: Any, comment: str = "") -> None:
        task = self.queue.take(self.job.name, any_worker("kim"))
        assert task is not None
        self.queue.decide(self.job.name, task.task, any_worker("kim"), content, comment, lambda _j, _i, given: given)

    def rows(self) -> dict[str, LabelRow]:
        progress = self.labeler.progress(self.job.name)
        request = CollectRequest(run=self.run, job=self.job, manifest=self.manifest, progress=progress)
        output = collect(request, self.labeler, self.store, MemoryLedger())
        key = output.labels_uri.key_in(self.store.bucket)
        return {row.source: row for row in read_labels(self.store.read(key))}


def test_who_disagree_are_followed_by_others_one_at_a_time_until_it_is_sure() -> None:
    world = World(Team(*NAMES[:4]), Team("kim"))
    assert world.answer(bob="shut") == ["ada"] * 3 + ["bob"] * 3
    world.look()
    assert world.answer() == ["eve"]
    world.look()
    assert world.answer() == ["joe"]  # two of three are 0.85 sure, and three of four 0.97
    world.look()
    assert world.status == ("Completed", True)
    row = world.rows()["a.jpg"]
    assert (row.label, row.confidence, len(row.votes), row.decided_by) == ("open", 0.97, 4, None)


def test_what_stays_unsure_waits_for_a_reviewer_whose_word_stands_above_the_votes() -> None:
    world = World(Team(*NAMES[:4]), Team("kim"))
    world.answer(bob="shut")
    world.look()
    world.answer(eve="shut")
    world.look()
    world.answer(joe="open")
    world.look()
    assert world.status == ("InProgress", False)
    assert world.answer() == []
    item = next(item for item in world.tasks.objects(world.tasks.job(world.job.name)) if item.review)
    assert (item.review.guess, item.review.told, item.review.confidence) == (["open"], "open", 0.5)
    world.review(answer_of("shut"), "The lips do not touch")
    world.look()
    row = world.rows()["a.jpg"]
    assert (row.label, row.decided_by, row.comment) == ("shut", "reviewer", "The lips do not touch")
    assert (row.majority, row.confidence, len(row.votes)) == (("open",), None, 4)
    folder = world.manifest.output_uri.key_in(world.store.bucket).rstrip("/")
    raw = world.store.read(f"{folder}/{world.job.name}/answers.jsonl")
    assert [json.loads(line).get("reviewer") for line in raw.splitlines()].count(any_worker("kim").worker_id) == 1
    assert not doubtful([row], 1.0, 9).review


def test_a_reviewer_may_find_that_no_label_fits() -> None:
    world = World(Team("ada", "bob"), Team("kim"))
    world.answer(bob="shut")
    world.look()
    world.review(None)
    world.look()
    row = world.rows()["a.jpg"]
    assert (row.status, row.decided_by, row.majority, row.comment) == ("unlabeled", "reviewer", ("open",), None)
    assert row.reason == "a reviewer found that no label fits"


def test_where_nobody_is_left_and_nobody_reviews_the_run_does_not_wait() -> None:
    world = World(Team("ada", "bob"), Team())
    world.answer(bob="shut")
    world.look()
    assert world.status == ("Completed", True)
    assert world.rows()["a.jpg"].label == "open"


def test_who_has_declined_an_object_is_not_asked_for_it_again() -> None:
    world = World(Team("ada", "bob", "eve"), Team("kim"))
    for _ in range(3):
        task = world.pool.take(world.job.name, any_worker("eve"))
        world.pool.decline(world.job.name, task.task, any_worker("eve"))
    world.answer(bob="shut")
    world.look()
    assert world.queue.waiting(world.job.name) == 1


def test_what_nobody_reviews_in_time_keeps_what_the_votes_come_to() -> None:
    world = World(Team("ada", "bob"), Team("kim"))
    world.answer(bob="shut")
    world.look()
    world.clock.now = world.tasks.job(world.job.name).expires
    assert world.status == ("Completed", True)
    assert (world.rows()["a.jpg"].label, world.rows()["a.jpg"].decided_by) == ("open", None)


def test_labels_are_kept_though_nobody_came_to_look_again() -> None:
    world = World(Team(*NAMES[:4]), Team("kim"))
    world.answer(bob="shut")
    assert world.status == ("Answered", True)
    assert world.rows()["a.jpg"].label == "open"
    assert world.status == ("Completed", True)


def test_the_consensus_of_the_whole_job_says_who_is_asked_again() -> None:
    world = World(Team("ada", "bob", "eve"), Team(), consensus="dawid_skene", ask_again_below=0.8)
    world.answer(bob="shut")
    world.look()
    assert world.answer() == ["eve"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"most_workers": 3}, "give ask_again_below too"),
        ({"ask_again_below": 0.9, "most_workers": 2}, "3 workers answer each object in the first place"),
        ({"ask_again_below": 0.9, "max_labeled_objects": 5}, "leave out max_labeled_objects"),
        ({"ask_again_below": 0.9, "max_labeled_percent": 5}, "leave out max_labeled_objects"),
        ({"ask_again_below": 0}, "greater than 0"),
        ({"ask_again_below": 0.9, "most_workers": 10}, "less than or equal to 9"),
    ],
)
def test_what_does_not_go_together_is_refused(fields: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        parse(LabelingTask, {"type": "image-single-label", "question": "Open?", "labels": ["a", "b"], **fields})


def test_the_bound_is_twice_the_workers_and_the_price_counts_it() -> None:
    task, again = task_of(workers_per_object=3), task_of(workers_per_object=3, ask_again_below=0.9)
    assert (task.workers_at_most, again.workers_at_most) == (3, 6)
    assert task_of(workers_per_object=5, ask_again_below=0.9).workers_at_most == 9
    assert price(again, 100).made_of.startswith("600 answers of 100 objects, each asked again as often as may be")


def failed_at(labeler: Labeler, task: LabelingTask) -> dict[str, str]:
    return {check.name: check.detail for check in labeler.checks(task) if not check.ok}


def test_other_back_ends_refuse_it_with_what_to_do() -> None:
    ground_truth = GroundTruthLabeler(FakeGroundTruth(), MemoryStore(), SETTINGS)
    for labeler in (ground_truth, test_label_studio_job.World().labeler):
        refused = failed_at(labeler, task_of(ask_again_below=0.9))
        assert set(refused) - set(failed_at(labeler, task_of())) == {"asking again"}
        assert 'backend = "portal"' in refused["asking again"]


def test_more_objects_than_can_be_looked_through_are_refused_before_anybody_is_asked() -> None:
    world = World(Team("ada"), Team())
    assert world.labeler.estimate(world.run.task, 100_000).usd > 0
    with pytest.raises(InvalidInput, match="at most 100,000 objects, this one 100,001"):
        world.labeler.estimate(world.run.task, 100_001)
    assert world.labeler.estimate(task_of(), 1_000_000).usd > 0
