"""A run in rounds, in memory: what comes next, what people are asked, and what all rounds come to."""

from __future__ import annotations

import json
from typing import Any

import pytest

from domain.errors import InvalidInput, RoundIncomplete
from domain.jsonlines import dump_lines, load_lines
from domain.labeling.manifest.input_manifest import Manifest, SourceObject
from domain.labeling.manifest.prepare import prepare
from domain.labeling.port import LabelingResult
from domain.labeling.rounds.collect import NOT_ASKED, collect_rounds
from domain.labeling.rounds.figures import given_by
from domain.labeling.rounds.next import next_step
from domain.labeling.rows import label_rows
from domain.labels.rows import LabelRow, Vote, read_labels, write_labels
from domain.workflow.inputs import LabelOutput
from domain.workflow.runs import label_run
from domain.workflow.states import AskRound, CollectRoundsRequest, LabelRun, RoundRequest
from tests.support.builders.runs import any_label_input, any_label_run
from tests.support.fakes.ledger import MemoryLedger
from tests.support.fakes.store import MemoryStore

NAMES = ("a.jpg", "b.jpg", "c.jpg", "d.jpg", "e.jpg")
PREFIX = "assist/faces/run-1/"
REF = "s3://data-bucket/raw/faces/"
SETTINGS = {"target": 0.9, "minimum": 12}


def question(source: str, guess: str | None = None, *, shown: bool = True, audit: bool = False) -> dict[str, Any]:
    suggestion = guess if shown else None
    return {"source": source, "suggestion": suggestion, "random": True, "guess": guess, "audit": audit}


def by_machine(source: str, label: str) -> dict[str, Any]:
    return {"source": source, "label": label, "confidence": 0.98766, "model": "m", "threshold": 0.9, "accuracy": 0.95}


def by_people(source: str, label: str | None, votes: int = 1) -> LabelRow:
    about = {"source": source, "source_ref": REF + source}
    if label is None:
        said = (Vote(worker="w0", label=None),)
        return LabelRow(**about, status="unlabeled", reason="they could not tell", votes=said)
    given = tuple(Vote(worker=f"w{number}", label=label) for number in range(votes))
    return LabelRow(**about, status="labeled", method="human", label=label, labels=(label,), votes=given)


class World:
    """`decide` is the job of a round, `answer` what its run of `label` leaves."""

    def __init__(self, objects: dict[str, str] | None = None, **fields: Any) -> None:
        files = {f"raw/faces/{name}": name for name in NAMES}
        self.store, self.ledger = MemoryStore(objects={**files, **(objects or {})}), MemoryLedger()
        self.run: LabelRun = label_run(any_label_input(assist={"target": 0.9}, **fields), "execution-1", "assist")
        self.built = prepare(self.run, "", self.store)

    def next(self, number: int, *, decided: bool = False) -> Any:
        request = RoundRequest(run=self.run, manifest=self.built, number=number, decided=decided)
        return next_step(request, self.store, "kempelen-dev-")

    def decide(self, number: int, ask: list[dict[str, Any]], machine: list[dict[str, Any]] = [], **files: str) -> None:  # noqa: B006
        folder = f"{PREFIX}rounds/{number}/"
        summary = {"asked": len(ask), "machine": len(machine), "unreadable": len(files), "settings": SETTINGS}
        self.store.write(f"{folder}summary.json", json.dumps(summary))
        self.store.write(f"{folder}state.json", json.dumps({"withdrawn": []}))
        self.store.write(f"{PREFIX}embeddings.npz", "vectors")
        for key, rows in ((f"{folder}questions.jsonl", ask), (f"{folder}machine.jsonl", machine)):
            if rows:
                self.store.write(key, dump_lines(rows))
        for name, text in files.items():
            self.store.write(f"{PREFIX}{name}.jsonl", text)

    def answer(self, number: int, *rows: LabelRow) -> None:
        self.store.write(f"labels/faces/run-1-r{number}/labels.jsonl", write_labels(rows))

    def collect(self, number: int, **fields: Any) -> LabelOutput:
        request = CollectRoundsRequest(run=self.run, manifest=self.built, number=number, job_name="job", **fields)
        return collect_rounds(request, self.store, self.ledger)

    def rows(self, key: str) -> list[dict[str, Any]]:
        return list(load_lines(self.store.read(key), key))

    def labels(self) -> dict[str, LabelRow]:
        return {row.source: row for row in read_labels(self.store.read("labels/faces/run-1/labels.jsonl"))}


def test_the_first_round_is_a_job_that_gets_all_images_and_no_answers() -> None:
    world = World()
    step = world.next(0)
    assert step.outcome == "decide"
    assert [(one.name, one.uri, one.type) for one in step.inputs] == [
        ("config", f"s3://data-bucket/{PREFIX}", "S3Prefix"),
        ("images", f"s3://data-bucket/{PREFIX}input.manifest", "ManifestFile"),
    ]
    assert step.run_arguments[:3] == ["assist", "--input", "/opt/ml/processing/input/images/raw/faces"]
    assert [row["source"] for row in world.rows(f"{PREFIX}objects.jsonl")] == list(NAMES)
    listed = json.loads(world.store.read(f"{PREFIX}input.manifest"))
    assert listed == [{"prefix": "s3://data-bucket/"}, *(f"raw/faces/{name}" for name in NAMES)]
    given = json.loads(world.store.read(f"{PREFIX}assist.json"))
    assert given == {"labels": ["open", "shut"], "seed": 0, "settings": {"target": 0.9}, "embedding": None}
    assert not world.store.exists(f"{PREFIX}rounds/0/answers.jsonl"), "an empty object is no input of a job"


def test_a_second_look_gives_the_same_and_writes_nothing_again() -> None:
    world = World()
    first, written = world.next(0), len(world.store.written)
    assert (world.next(0), len(world.store.written)) == (first, written)


def test_each_round_has_a_job_of_its_own_and_another_run_has_others() -> None:
    world, other = World(), World(run_id="run-2")
    names = {world.next(0).job_name, world.next(1).job_name, other.next(0).job_name}
    assert len(names) == 3
    assert all(name.startswith("kempelen-dev-assist-faces-") and len(name) <= 63 for name in names)
    assert [one.name for one in world.next(1).inputs] == ["config"]


def test_what_was_decided_is_asked_with_the_suggestions_that_may_be_seen() -> None:
    world = World()
    world.next(0)
    world.decide(0, [question("a.jpg", "open"), question("d.jpg", "shut", shown=False)])
    step = world.next(0, decided=True)
    assert isinstance(step, AskRound)
    assert step.asked == 2
    assert world.rows(f"{PREFIX}rounds/0/ask.jsonl") == [
        {"source-ref": f"{REF}a.jpg", "suggestion": "open"},
        {"source-ref": f"{REF}d.jpg"},
    ]
    assert (step.input.run_id, step.input.round_of, step.input.assist) == ("run-1-r0", "run-1", None)
    assert step.input.manifest == f"s3://data-bucket/{PREFIX}rounds/0/ask.jsonl"
    assert (step.input.task, step.input.seed) == (world.run.task, world.run.seed)


def test_the_input_of_a_round_is_a_run_of_label_over_what_was_decided_alone() -> None:
    world = World()
    world.next(0)
    world.decide(0, [question("b.jpg", "open")])
    step = world.next(0)
    run = label_run(step.input.model_dump(mode="json"), "e")
    built = prepare(run, "", world.store)
    assert (built.objects, built.accepted) == (1, 1)
    assert world.rows("labeling/faces/run-1-r0/input.manifest") == [{"source-ref": f"{REF}b.jpg", "suggestion": "open"}]


def test_what_the_runs_own_manifest_says_stays_but_for_its_suggestions() -> None:
    lines = dump_lines([{"file": "a.jpg", "group": "cat-1", "suggestion": "open"}, {"file": "b.jpg", "group": "cat-2"}])
    world = World({"manifests/mine.jsonl": lines}, manifest="manifests/mine.jsonl")
    world.next(0)
    world.decide(0, [question("a.jpg", "shut", shown=False), question("b.jpg", "shut")])
    world.next(0)
    assert world.rows(f"{PREFIX}rounds/0/ask.jsonl") == [
        {"source-ref": f"{REF}a.jpg", "group": "cat-1"},
        {"source-ref": f"{REF}b.jpg", "group": "cat-2", "suggestion": "shut"},
    ]


def test_the_next_round_knows_all_answers_so_far_those_that_nobody_could_give_too() -> None:
    world = World()
    world.decide(0, [question("a.jpg"), question("b.jpg")])
    world.answer(0, by_people("a.jpg", "open"), by_people("b.jpg", None))
    world.decide(1, [question("c.jpg", "shut")])
    world.answer(1, by_people("c.jpg", "shut"))
    world.next(2)
    assert world.rows(f"{PREFIX}rounds/2/answers.jsonl") == [
        {"source": "a.jpg", "label": "open"},
        {"source": "b.jpg", "label": None},
        {"source": "c.jpg", "label": "shut"},
    ]


def earlier_run(world: World, *rows: LabelRow, run_id: str = "before", **fields: Any) -> None:
    run = any_label_run(run_id=run_id, **fields)
    prepare(run, "", world.store)
    world.store.write(f"labels/faces/{run_id}/labels.jsonl", write_labels(rows))


def again(world: World, run_id: str = "run-2", **fields: Any) -> World:
    """Another run over the same bucket."""
    return World(world.store.objects, run_id=run_id, **fields)


def test_labels_of_earlier_runs_are_answers_from_the_start_and_are_not_asked_again() -> None:
    world = World()
    earlier_run(world, by_people("b.jpg", "shut"))
    other = again(world)
    other.next(0)
    assert other.built.reused == 1
    assert other.rows("assist/faces/run-2/rounds/0/answers.jsonl") == [{"source": "b.jpg", "label": "shut"}]
    assert len(other.rows("assist/faces/run-2/objects.jsonl")) == 5


def test_relabel_asks_about_all_again() -> None:
    world = World()
    earlier_run(world, by_people("b.jpg", "shut"))
    task = {**any_label_input()["task"], "relabel": True}
    other = again(world, task=task)
    other.next(0)
    assert other.built.reused == 0
    assert not other.store.exists("assist/faces/run-2/rounds/0/answers.jsonl")


def test_a_label_of_the_machine_is_no_answer_of_people() -> None:
    world = World()
    world.decide(0, [question("a.jpg")], [by_machine("b.jpg", "open")])
    world.answer(0, by_people("a.jpg", "shut"))
    world.decide(1, [], [by_machine("b.jpg", "open")])
    world.collect(1)
    assert world.labels()["b.jpg"].method == "machine"
    other = again(world)
    other.next(0)
    assert other.rows("assist/faces/run-2/rounds/0/answers.jsonl") == [{"source": "a.jpg", "label": "shut"}]


def test_people_and_the_machine_label_each_object_once_and_each_row_says_who() -> None:
    world = World()
    world.decide(0, [question("a.jpg"), question("b.jpg")])
    world.answer(0, by_people("a.jpg", "open", votes=3), by_people("b.jpg", None))
    machine = [by_machine("d.jpg", "open"), by_machine("a.jpg", "shut")]
    world.decide(1, [], machine, unreadable=dump_lines([{"source": "e.jpg", "reason": "it is cut off"}]))
    output = world.collect(1)
    rows = world.labels()
    assert rows["a.jpg"].label == "open", "what a person said stands"
    assert (rows["d.jpg"].method, rows["d.jpg"].decided_by, rows["d.jpg"].confidence) == ("machine", "machine", 0.9876)
    assert rows["d.jpg"].machine.model_dump() == {"model": "m", "threshold": 0.9, "accuracy": 0.95, "round": 1}
    assert (rows["e.jpg"].status, rows["e.jpg"].reason) == ("rejected", "cannot be read: it is cut off")
    assert (rows["c.jpg"].status, rows["c.jpg"].reason) == ("unlabeled", NOT_ASKED)
    assert output.counts.model_dump() == {"objects": 5, "labeled": 2, "unlabeled": 2, "rejected": 1}
    assert output.classes == {"open": 2, "shut": 0}
    assert output.job_status == "Completed"
    assert (output.assist.person, output.assist.consensus, output.assist.machine) == (0, 1, 1)
    assert world.ledger.newest_labels("faces").run_id == "run-1"


def test_of_a_run_that_was_stopped_no_label_of_the_machine_is_used() -> None:
    world = World()
    world.decide(0, [question("a.jpg"), question("c.jpg")], [by_machine("b.jpg", "open")])
    world.answer(0, by_people("a.jpg", "open"))
    output = world.collect(0, stopped=True)
    assert (output.job_status, output.counts.labeled, output.counts.unlabeled) == ("Stopped", 1, 4)
    assert output.assist.stopped
    assert world.labels()["b.jpg"].reason == NOT_ASKED


def test_collecting_twice_gives_the_same() -> None:
    world = World()
    world.decide(0, [question("a.jpg")])
    world.answer(0, by_people("a.jpg", "open"))
    world.decide(1, [], [by_machine("b.jpg", "open")])
    first, text = world.collect(1), world.store.read("labels/faces/run-1/labels.jsonl")
    assert world.collect(1) == first
    assert world.store.read("labels/faces/run-1/labels.jsonl") == text


def test_figures_tell_suggested_blind_and_audited_answers_apart() -> None:
    world = World()
    asked = [
        question("a.jpg", "open"),
        question("b.jpg", "open", audit=True),
        question("c.jpg", "shut", shown=False),
        question("d.jpg", "shut", shown=False, audit=True),
    ]
    world.decide(0, asked)
    told = {"a.jpg": "open", "b.jpg": "shut", "c.jpg": "shut", "d.jpg": None}
    world.answer(0, *(by_people(name, label) for name, label in told.items()))
    world.decide(1, [], [by_machine("e.jpg", "open")])
    found = world.collect(1).assist
    shares = [(share.hits, share.of) for share in (found.suggested, found.blind, found.audit)]
    assert shares == [(1, 2), (1, 1), (0, 1)]
    assert (found.rounds, found.asked, found.target, found.minimum) == (1, 4, 0.9, 12)
    assert (found.accuracy, found.threshold, found.model) == (0.95, 0.9, "m")
    kept = json.loads(world.store.read("labels/faces/run-1/assist.json"))
    assert kept == found.model_dump(mode="json")


def test_embeddings_of_a_run_are_at_hand_for_the_next_one() -> None:
    world = World()
    world.decide(0, [])
    world.collect(0)
    other = again(world)
    other.next(0)
    assert other.store.read("assist/faces/run-2/earlier.npz") == "vectors"


def test_nothing_is_asked_of_nobody() -> None:
    world = World()
    world.decide(0, [])
    assert world.next(0).outcome == "done"


@pytest.mark.parametrize("missing", ["rounds/0/questions.jsonl", "rounds/0/state.json", "embeddings.npz"])
def test_a_job_that_left_half_of_its_files_has_decided_nothing(missing: str) -> None:
    world = World()
    world.next(0)
    world.decide(0, [question("a.jpg")])
    del world.store.objects[f"{PREFIX}{missing}"]
    assert world.next(0).outcome == "decide"
    with pytest.raises(RoundIncomplete, match="round 0 has ended, and its files are not in s3://data-bucket/assist"):
        world.next(0, decided=True)


def test_a_plain_run_and_a_run_in_rounds_do_not_share_an_id() -> None:
    world = World()
    with pytest.raises(InvalidInput, match="run_id: 'run-1' was used before"):
        prepare(any_label_run(), "", world.store)


def test_where_every_object_has_a_label_there_is_no_round() -> None:
    world = World()
    earlier_run(world, *(by_people(name, "open") for name in NAMES))
    other = again(world)
    assert other.next(0).outcome == "done"
    output = other.collect(0)
    assert (output.counts.labeled, output.reused, output.assist) == (5, 5, None)


def unanswered(source: str, status: str) -> LabelRow:
    item = SourceObject(source, REF + source)
    [row] = label_rows(Manifest([item]), LabelingResult(), any_label_run().task, status)
    return row


@pytest.mark.parametrize("status", ["Stopped", "Failed"])
def test_a_run_that_was_killed_goes_on_with_what_people_had_not_answered(status: str) -> None:
    world = World()
    world.decide(0, [question("a.jpg"), question("b.jpg")])
    assert world.next(0).outcome == "ask"
    world.answer(0, by_people("a.jpg", "open"), unanswered("b.jpg", status))
    assert world.next(0).outcome == "answered"
    assert world.next(1).outcome == "decide"
    assert world.rows(f"{PREFIX}rounds/1/answers.jsonl") == [{"source": "a.jpg", "label": "open"}]
    world.decide(1, [question("b.jpg")])
    world.answer(1, by_people("b.jpg", "shut"))
    world.decide(2, [])
    world.collect(2)
    assert {name: row.label for name, row in world.labels().items() if row.label} == {"a.jpg": "open", "b.jpg": "shut"}


def test_what_nobody_said_anything_of_is_asked_once_more_and_then_left_alone() -> None:
    """The team may have been away while the job's time ran out; what all decline must not be asked for ever."""
    world = World()
    for number, known in enumerate(([], [], [{"source": "a.jpg", "label": None}])):
        world.next(number)
        assert world.store.find(f"{PREFIX}rounds/{number}/answers.jsonl") == (dump_lines(known) if known else None)
        world.decide(number, [question("a.jpg")])
        world.answer(number, unanswered("a.jpg", "Completed"))


def test_what_nobody_said_anything_of_the_machine_may_label() -> None:
    world = World()
    world.decide(0, [question("a.jpg"), question("b.jpg")])
    world.answer(0, unanswered("a.jpg", "Completed"), unanswered("b.jpg", "Completed"))
    world.decide(1, [], [by_machine("a.jpg", "open")])
    world.collect(1)
    assert world.labels()["a.jpg"].decided_by == "machine"
    assert world.labels()["b.jpg"].reason == "the job completed without a label for it; 0 of 3 workers had answered"


def test_a_question_asked_twice_counts_once_as_it_was_answered() -> None:
    world = World()
    world.decide(0, [question("a.jpg", "open")])
    world.answer(0, unanswered("a.jpg", "Stopped"))
    world.decide(1, [question("a.jpg", "shut")])
    world.answer(1, by_people("a.jpg", "shut"))
    world.decide(2, [])
    told = world.collect(2).assist
    assert told is not None
    assert (told.asked, told.suggested.hits, told.suggested.of) == (1, 1, 1)


@pytest.mark.parametrize(
    ("votes", "decided_by", "who"),
    [
        ((True,), "dawid_skene", "person"),
        ((True, False), None, "person"),
        ((True, True), None, "consensus"),
        ((), "gold", "consensus"),
        ((True, True), "reviewer", "person"),
    ],
)
def test_one_persons_answer_is_no_consensus(votes: tuple[bool, ...], decided_by: Any, who: str) -> None:
    given = tuple(Vote(worker=f"w{number}", label="open", counted=counted) for number, counted in enumerate(votes))
    assert given_by(by_people("a.jpg", "open").model_copy(update={"votes": given, "decided_by": decided_by})) == who


def test_an_answer_stands_above_a_later_job_that_was_stopped() -> None:
    world = World()
    world.decide(0, [question("a.jpg")])
    world.answer(0, by_people("a.jpg", "open"))
    world.decide(1, [question("a.jpg")])
    world.answer(1, unanswered("a.jpg", "Stopped"))
    world.collect(1, stopped=True)
    assert world.labels()["a.jpg"].label == "open"


def test_a_stages_own_model_is_copied_to_the_run_and_named_there() -> None:
    card = {"side": 16, "sha256": "0" * 64}
    world = World({"models/ours.onnx": "onnx", "models/ours.json": json.dumps(card)})
    request = RoundRequest(run=world.run, manifest=world.built, number=0)
    next_step(request, world.store, "kempelen-dev-", "models/ours.onnx")
    place = json.loads(world.store.read(f"{PREFIX}assist.json"))["embedding"]
    assert world.store.read(f"{PREFIX}{place}") == "onnx"
    with pytest.raises(InvalidInput, match=r"learning\.model: there is no s3://data-bucket/models/gone\.onnx"):
        next_step(request.model_copy(update={"run": World(run_id="run-9").run}), world.store, "k-", "models/gone.onnx")
