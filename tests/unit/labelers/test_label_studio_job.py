"""A job in Label Studio is made once for each run, ends in every way with what people answered, and deletes nothing."""

from __future__ import annotations

import json
import re
from typing import Any
from xml.etree import ElementTree

import pytest

from adapters.label_studio import LabelStudio
from adapters.label_studio_http import LabelStudioHttp
from domain.errors import InvalidInput, LabelingJobConflict, NotFound, RequestRefused, ServiceUnavailable
from domain.labeling.manifest.input_manifest import read_manifest
from domain.labeling.manifest.prepare import prepare
from domain.labeling.port import Answer, Labeler, LabelingResult
from domain.labeling.rows import label_rows
from domain.labels.consolidation import image_multi_class
from domain.labels.rows import Vote, write_labels
from domain.workflow.states import BuiltManifest, LabelRun
from labelers.label_studio.images import SESSION, WEEK, Images, PresignedImages, StorageImages
from labelers.label_studio.labeler import TITLE_LIMIT, LabelStudioLabeler, Means
from labelers.label_studio.note import note_of
from labelers.label_studio.questions import labeling_config
from labelers.label_studio.votes import worker_id
from labelers.label_studio.webhook import Webhook
from tests.support.builders.runs import any_label_run, any_task
from tests.support.fakes.label_studio import TOKEN, URL, FakeLabelStudio
from tests.support.fakes.store import MemoryStore

RUN = any_label_run(task=any_task(workers_per_object=2, availability_seconds=3600))
ADA, BOB, EVE = 11, 12, 13


class World:
    def __init__(self, images: Images | None = None, token: str = TOKEN, webhook: str = "") -> None:
        self.server = FakeLabelStudio()
        self.store = MemoryStore(objects={f"raw/faces/{name}.jpg": name for name in "abc"})
        self.now = 1_000.0
        self.told: list[tuple[str, str]] = []
        http = LabelStudioHttp(self.server, URL, lambda: token, lambda _: None)  # type: ignore[arg-type]
        self.client = LabelStudio(http)
        self.webhook = Webhook(self.client, lambda: token, webhook)
        means = Means(
            self.store,
            images or PresignedImages(lambda uri, seconds: f"https://s3/{uri.key}?{seconds}", lambda: True),
            self.webhook,
            lambda: self.now,
            lambda name, status: self.told.append((name, status)),
        )
        self.labeler = LabelStudioLabeler(self.client, means, "kempelen-dev-")

    def started(self, run: LabelRun = RUN) -> tuple[str, BuiltManifest]:
        manifest = prepare(run, self.labeler.page(run.task), self.store)
        return self.labeler.start(run, manifest).name, manifest


@pytest.fixture
def world() -> World:
    return World()


def test_it_is_a_labeler(world: World) -> None:
    labeler: Labeler = world.labeler
    assert labeler.name(RUN).startswith("kempelen-dev-label-faces-")


def test_a_job_is_a_project_with_a_task_for_each_object(world: World) -> None:
    name, _ = world.started()
    (project,) = world.server.projects.values()
    assert (project["title"], project["maximum_annotations"], project["is_published"]) == (name, 2, True)
    assert [task["meta"]["source_ref"] for task in world.server.tasks.values()] == [
        f"s3://data-bucket/raw/faces/{name}.jpg" for name in "abc"
    ]
    assert world.server.tasks[2]["data"] == {"image": "https://s3/raw/faces/b.jpg?3600", "number": 1}


def test_a_job_starts_once_and_is_found_again(world: World) -> None:
    _, manifest = world.started()
    assert world.labeler.start(RUN, manifest).created_here
    other = RUN.model_copy(update={"execution": "execution-2"})
    assert not world.labeler.start(other, manifest).created_here
    assert (len(world.server.projects), len(world.server.tasks)) == (1, 3)


def test_a_start_that_died_half_way_is_made_whole(world: World) -> None:
    _, manifest = world.started()
    del world.server.tasks[2]
    world.labeler.start(RUN, manifest)
    assert sorted(task["data"]["number"] for task in world.server.tasks.values()) == [0, 1, 2]


def test_of_two_that_start_at_once_both_take_the_older_project(world: World) -> None:
    first = World()
    first.started()
    theirs = first.server.projects[1]
    found, world.server.request = world.server.request, None  # type: ignore[assignment,method-assign]

    def request(method: str, url: str, **given: Any) -> Any:
        if method == "POST" and url.endswith("/api/projects"):  # theirs was made since we looked
            world.server.projects.setdefault(1, theirs)
        return found(method, url, **given)

    world.server.request = request  # type: ignore[method-assign]
    name, _ = world.started()
    assert [project["title"] == name for project in world.server.projects.values()] == [True, False]
    assert {task["project"] for task in world.server.tasks.values()} == {1}


@pytest.mark.parametrize("description", ["somebody's own", 'kempelen: {"dataset": "faces"}'])
def test_a_project_of_somebody_else_is_a_conflict(world: World, description: str) -> None:
    _, manifest = world.started()
    world.server.projects[1]["description"] = description
    with pytest.raises(LabelingJobConflict, match="rename it"):
        world.labeler.start(RUN, manifest)


def test_a_project_of_another_run_is_a_conflict(world: World) -> None:
    _, manifest = world.started()
    note = note_of(world.server.projects[1])
    world.server.projects[1]["description"] = note.model_copy(update={"run_id": "another"}).written()
    with pytest.raises(LabelingJobConflict, match="another run_id"):
        world.labeler.start(RUN, manifest)


def test_the_longest_names_fit_a_title(world: World) -> None:
    run = any_label_run(dataset="d" * 40, source_prefix="raw/faces/", task=any_task(availability_seconds=60))
    world.labeler._prefix = f"kempelen-{'s' * 12}-"
    name, _ = world.started(run)
    assert len(name) <= TITLE_LIMIT


def test_progress_counts_objects_that_enough_different_people_answered(world: World) -> None:
    name, _ = world.started()
    world.server.annotate(0, ADA, "open")
    world.server.annotate(0, BOB, "shut")
    for _ in range(4):  # the server counts them, and they are one person's
        world.server.annotate(1, ADA, "open")
    progress = world.labeler.progress(name)
    assert (progress.status, progress.finished, progress.labeled, progress.unlabeled) == ("InProgress", False, 1, 2)
    with pytest.raises(NotFound, match="no project nobody"):
        world.labeler.progress("nobody")


def test_it_is_completed_by_the_last_answer_or_by_time(world: World) -> None:
    name, _ = world.started()
    for number in range(3):
        world.server.annotate(number, ADA, "open")
    world.now += 3_599
    assert world.labeler.progress(name).status == "InProgress"
    world.now += 1
    progress = world.labeler.progress(name)
    assert (progress.status, progress.finished, progress.labeled) == ("Completed", True, 0)
    world.now -= 1
    for number in range(3):
        world.server.annotate(number, BOB, "open")
    progress = world.labeler.progress(name)
    assert (progress.status, progress.labeled, progress.unlabeled) == ("Completed", 3, 0)


def test_only_its_own_execution_stops_a_job_and_nothing_is_lost(world: World) -> None:
    name, manifest = world.started()
    world.server.annotate(0, ADA, "open")
    assert not world.labeler.stop(RUN.model_copy(update={"execution": "execution-2"}))
    assert world.labeler.stop(RUN)
    assert world.told == [(name, "Stopped")]
    progress = world.labeler.progress(name)
    assert (progress.status, progress.finished) == ("Stopped", True)
    assert not world.labeler.stop(RUN)
    assert len(world.labeler.result(RUN, name, manifest).votes) == 1
    project = world.server.projects[1]
    assert (project["is_published"], len(world.server.tasks)) == (False, 3)
    assert not any(asked.startswith("DELETE") for asked in world.server.asked)
    world.labeler.start(RUN, manifest)
    assert world.labeler.progress(name).status == "Stopped"


def test_each_person_counts_once_by_the_last_answer_and_a_skip_is_no_vote(world: World) -> None:
    name, manifest = world.started()
    world.server.annotate(0, ADA, "open")
    world.server.annotate(0, ADA, "shut")
    world.server.annotate(0, BOB, None)
    world.server.annotate(1, EVE, "something that is no label")
    world.server.annotate(1, ADA, "open", completed_by=None)
    result = world.labeler.result(RUN, name, manifest)
    (votes,) = result.votes.values()
    assert votes == (Vote(worker=worker_id(URL, ADA), label="shut"),)
    assert result.ignored == 2
    assert result.seconds[worker_id(URL, ADA)] == [1.5, 1.5]


def test_the_same_object_imported_twice_has_its_people_once(world: World) -> None:
    name, manifest = world.started()
    world.server.tasks[9] = {**world.server.tasks[1], "id": 9, "annotations": []}
    world.server.annotate(0, ADA, "open")
    world.server.tasks[9]["annotations"] = [{**world.server.tasks[1]["annotations"][0], "id": 99}]
    (votes,) = world.labeler.result(RUN, name, manifest).votes.values()
    assert len(votes) == 1


def test_all_annotations_are_kept_without_names(world: World) -> None:
    name, manifest = world.started()
    world.server.annotate(0, ADA, "open")
    world.server.annotate(0, BOB, None)
    world.labeler.result(RUN, name, manifest)
    kept = world.store.read(f"labeling/faces/run-1/output/{name}/answers.jsonl")
    rows = [json.loads(line) for line in kept.splitlines()]
    assert [row["was_cancelled"] for row in rows] == [False, True]
    assert rows[0]["result"][0]["value"] == {"choices": ["open"]}
    assert "@example.com" not in kept


def test_the_same_votes_give_the_same_rows_as_in_the_portal(world: World) -> None:
    """As labelers/portal/labeler.py consolidates, which the test beside holds against Ground Truth's output."""
    name, manifest = world.started()
    given = [("open", "open"), ("shut", "open"), ("shut",)]
    for number, labels in enumerate(given):
        for user, label in zip((ADA, BOB), labels, strict=False):
            world.server.annotate(number, user, label)
    labels, votes, answers = RUN.task.labels, {}, {}
    for source, chosen in zip("abc", given, strict=True):
        uri = f"s3://data-bucket/raw/faces/{source}.jpg"
        cast = [Vote(worker=worker_id(URL, user), label=label) for user, label in zip((ADA, BOB), chosen, strict=False)]
        votes[uri] = tuple(sorted(cast, key=lambda vote: vote.worker))
        told = image_multi_class([labels.index(label) for label in chosen], len(labels))
        answers[uri] = Answer(labels[told.index], told.confidence, "human")
    ours = world.labeler.result(RUN, name, manifest)
    assert _written(world, manifest, ours) == _written(world, manifest, LabelingResult(answers, votes))


def _written(world: World, manifest: BuiltManifest, result: LabelingResult) -> str:
    lines = [world.store.read(uri.key).split("\n") for uri in (manifest.manifest_uri, manifest.rejected_uri)]
    read = read_manifest(*lines, world.store.bucket, RUN.source_prefix)
    return write_labels(label_rows(read, result, RUN.task, "Stopped"))


def test_a_long_job_is_read_page_by_page(world: World) -> None:
    name, manifest = world.started()
    world.server.page_limit = 2
    for number in range(3):
        world.server.annotate(number, ADA, "open")
        world.server.annotate(number, BOB, "open")
    assert world.labeler.progress(name).labeled == 3
    assert len(world.labeler.result(RUN, name, manifest).votes) == 3


@pytest.mark.parametrize(("own_key", "longest"), [(True, WEEK), (False, SESSION)])
def test_a_task_that_outlives_its_addresses_is_refused(own_key: bool, longest: int) -> None:
    world = World(PresignedImages(lambda *_: "", lambda: own_key))
    manifest = world.started()[1]
    too_long = any_label_run(task=any_task(availability_seconds=longest + 1))
    with pytest.raises(InvalidInput, match='label_studio_images = "s3"'):
        world.labeler.start(too_long, manifest)
    with pytest.raises(InvalidInput, match="availability_seconds"):
        world.labeler.page(any_label_run(task=any_task(availability_seconds=WEEK + 1)).task)


def test_the_server_may_read_the_bucket_itself() -> None:
    world = World(StorageImages("data-bucket", "eu-west-1"))
    run = any_label_run(task=any_task(availability_seconds=2_592_000))
    _, manifest = world.started(run)
    world.labeler.start(run, manifest)
    (storage,) = world.server.storages
    assert (storage["bucket"], storage["region_name"], storage["presign"]) == ("data-bucket", "eu-west-1", True)
    assert world.server.tasks[1]["data"]["image"] == "s3://data-bucket/raw/faces/a.jpg"


def test_a_server_that_cannot_read_the_bucket_is_told_before_anybody_is_asked() -> None:
    world = World(StorageImages("data-bucket", "eu-west-1"))
    world.server.readable.clear()
    with pytest.raises(RequestRefused, match=r"cannot read s3://data-bucket.*credentials"):
        world.started()
    assert not world.server.tasks


def test_the_checks_say_what_is_wrong(world: World) -> None:
    assert [(check.name, check.ok) for check in world.labeler.checks(RUN.task)] == [
        ("label studio", True),
        ("token", True),
        ("images", True),
    ]
    wrong = World(token="wrong").labeler.checks(RUN.task)
    assert [(check.name, check.ok) for check in wrong] == [("label studio", True), ("token", False)]
    assert "label_studio_secret" in wrong[1].detail
    world.server.answers = [503] * 9
    (check,) = world.labeler.checks(RUN.task)
    assert not check.ok
    assert "label_studio_url" in check.detail


def test_a_stage_where_nobody_labels_says_so(world: World) -> None:
    world.labeler._server.url = ""
    (check,) = world.labeler.checks(RUN.task)
    assert "workforce.enabled" in check.detail
    assert not world.server.asked


def test_a_busy_server_is_not_taken_for_a_finished_job(world: World) -> None:
    name, _ = world.started()
    world.server.answers = [503] * 9
    with pytest.raises(ServiceUnavailable):
        world.labeler.progress(name)


def test_labels_and_questions_are_nothing_but_text() -> None:
    task = any_label_run(task=any_task(question='Is "a" < $b?', labels=["<b>", "a & 'b' \"c\""])).task
    config = labeling_config(task)
    server = FakeLabelStudio()
    assert server._checked({"label_config": config})
    assert "&lt;b&gt;" in config


@pytest.mark.parametrize("told", ["Worth $5, or $text?", "$a", "${b}", "$[0]"])
def test_a_dollar_in_a_question_names_no_field_and_in_a_label_is_refused(told: str) -> None:
    """Label Studio 1.23's pages put a field in for a $ before any of these, anywhere in an attribute's value."""
    task = any_label_run(task=any_task(question=told, labels=["for $", "10 $ or more"])).task
    header = ElementTree.fromstring(labeling_config(task)).find("Header")
    assert header is not None
    shown = header.get("value", "")
    assert not re.search(r"\$[a-z0-9_\[\].{}]", shown)
    assert shown.replace("\u2060", "") == told
    with pytest.raises(InvalidInput, match=r"task.labels: .* has a \$"):
        labeling_config(any_label_run(task=any_task(labels=["fine", f"b {told}"])).task)


def test_full_instructions_stand_below_the_short_ones_and_labels_have_hints() -> None:
    task = any_task(
        instructions="Look.", full_instructions="In <full>", label_descriptions={"open": 'Teeth "show"'},
        availability_seconds=3600,
    )  # fmt: skip
    world, run = World(), any_label_run(task=task)
    world.started(run)
    (project,) = world.server.projects.values()
    assert project["expert_instruction"] == "Look.<br><br>In &lt;full&gt;"
    assert project["show_instruction"]
    assert """<Choice value="open" hint='Teeth "show"'/>""" in project["label_config"]
    assert '<Choice value="shut"/>' in project["label_config"]


def test_pictures_are_refused_before_the_job() -> None:
    examples = [{"image": "s3://data-bucket/instructions/frozen/a.png", "good": True}]
    failed = [
        check for check in World().labeler.checks(any_label_run(task=any_task(examples=examples)).task) if not check.ok
    ]
    assert [check.name for check in failed] == ["examples"]
    assert "full_instructions" in failed[0].detail
