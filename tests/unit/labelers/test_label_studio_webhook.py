"""The server's call when somebody has answered: proven, cheap, and told once when it was the last."""

from __future__ import annotations

import pytest

from domain.errors import AccessDenied, RequestRefused
from labelers.label_studio.listener import LabelStudioListener
from labelers.label_studio.webhook import HEADER
from tests.support.fakes.label_studio import TOKEN
from tests.unit.labelers.test_label_studio_job import ADA, BOB, RUN, World

ADDRESS = "https://heard.example.com"


class Heard(World):
    """With a job that has begun, and an ear."""

    def __init__(self) -> None:
        super().__init__(webhook=ADDRESS)
        self.name, self.manifest = self.started()
        self.ends: list[tuple[str, str]] = []
        self.listener = LabelStudioListener(
            self.client, self.labeler, self.webhook, lambda name, status: self.ends.append((name, status))
        )

    def call(self, proof: str | None = None) -> str:
        return self.listener.heard(self.name, self.webhook.proof(self.name) if proof is None else proof)

    def read_all(self) -> int:
        """How often all annotations were read since."""
        return self.server.asked.count("GET /api/tasks")

    def answer(self, *users: int) -> None:
        for user in users:
            for number in range(3):
                self.server.annotate(number, user, "open")


@pytest.fixture
def heard() -> Heard:
    return Heard()


def test_a_job_has_one_webhook_that_tells_nothing_but_the_action(heard: Heard) -> None:
    heard.labeler.start(RUN, heard.manifest)
    (hook,) = heard.server.webhooks.values()
    assert hook["url"] == f"{ADDRESS}/label-studio/{heard.name}"
    assert (hook["project"], hook["send_payload"], hook["send_for_all_actions"]) == (1, False, False)
    assert {"ANNOTATION_CREATED", "ANNOTATION_UPDATED"} <= set(hook["actions"])
    assert hook["headers"] == {HEADER: heard.webhook.proof(heard.name)}
    assert TOKEN not in str(hook)


def test_without_an_address_there_is_none() -> None:
    world = World()
    name, manifest = world.started()
    world.labeler.result(RUN, name, manifest)
    assert not any("webhooks" in asked for asked in world.server.asked)


@pytest.mark.parametrize("proof", ["", "0" * 64, "\u00e9"])
def test_a_stranger_is_refused_before_the_server_is_asked(heard: Heard, proof: str) -> None:
    asked = len(heard.server.asked)
    with pytest.raises(AccessDenied):
        heard.call(proof)
    with pytest.raises(AccessDenied):
        heard.call(heard.webhook.proof("another job"))
    assert len(heard.server.asked) == asked


def test_the_last_answer_is_told_once_and_takes_the_webhook_away(heard: Heard) -> None:
    heard.answer(ADA)
    assert heard.call() == "not over"
    heard.answer(BOB)
    assert heard.call() == "told"
    assert heard.ends == [(heard.name, "Completed")]
    assert not heard.server.webhooks
    assert heard.call() == "told already"
    assert heard.ends == [(heard.name, "Completed")]


def test_a_call_before_the_end_reads_no_annotations(heard: Heard) -> None:
    heard.answer(ADA)
    before, asked = heard.read_all(), len(heard.server.asked)
    for _ in range(10):
        assert heard.call() == "not over"
    assert (heard.read_all(), len(heard.server.asked)) == (before, asked + 10)


def test_one_person_who_answers_again_and_again_does_not_have_all_read_each_time(heard: Heard) -> None:
    heard.answer(ADA, ADA)  # twice by one person: the server counts them as enough
    before = heard.read_all()
    for _ in range(10):
        assert heard.call() == "not over"
    assert heard.read_all() == before + 1
    heard.answer(BOB)
    assert heard.call() == "told"


def test_a_stopped_or_collected_job_is_heard_no_more(heard: Heard) -> None:
    assert heard.labeler.stop(RUN)
    assert not heard.server.webhooks
    other = Heard()
    other.labeler.result(RUN, other.name, other.manifest)
    assert not other.server.webhooks


def test_a_job_that_is_gone_is_nobodys(heard: Heard) -> None:
    heard.server.projects.clear()
    assert heard.call() == "no such job"


def test_a_server_that_may_not_call_is_told_with_what_to_do() -> None:
    world = World(webhook="http://127.0.0.1:9")
    world.server.may_call = False
    with pytest.raises(RequestRefused, match=r"reserved network.*label_studio_webhook = false"):
        world.started()
    assert not world.server.tasks
