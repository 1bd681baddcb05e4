"""A run in rounds: what is refused in its first state, and its functions as the state machine calls them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from domain.errors import InvalidInput
from domain.jsonlines import dump_lines
from domain.workflow.assist import Assist
from lambdas.shared import entry
from learning.state import AssistSettings
from tests.support.builders.runs import any_label_input, any_task

PREFIX = "assist/faces/run-1/"


def validated(functions: Any, kind: str = "assist", **fields: Any) -> Any:
    event = {"kind": kind, "execution": "execution-1", "input": any_label_input(**fields)}
    return functions("validate_input", event)


def test_the_settings_that_may_be_chosen_are_those_of_the_rounds() -> None:
    names = set(Assist.model_fields)
    assert names <= set(AssistSettings.__dataclass_fields__)
    assert not any(Assist().chosen), "what is left out has the default of the rounds"
    AssistSettings(**Assist(target=0.9, minimum=12, blind=0).chosen)


@pytest.mark.parametrize(
    ("given", "run"),
    [(True, {}), (False, None), (None, None), ({"target": 0.95, "minimum": 50}, {"target": 0.95, "minimum": 50})],
)
def test_assist_is_a_switch_or_settings(functions: Any, given: Any, run: Any) -> None:
    found = validated(functions, "pipeline", assist=given)["assist"]
    assert (found if found is None else {k: v for k, v in found.items() if v is not None}) == run


def test_the_workflow_of_that_name_assists_without_being_told_to(functions: Any) -> None:
    assert validated(functions)["assist"] is not None


@pytest.mark.parametrize(
    ("kind", "fields", "said"),
    [
        ("label", {"assist": True}, "assist: the workflow label asks people about all at once; start assist or"),
        ("pipeline", {"assist": {"target": 1.5}}, r"assist\.target: .*less than or equal to 0\.9999 \(got 1\.5\)"),
        ("pipeline", {"assist": {"audit": 0}}, r"assist\.audit: .*greater than 0"),
        ("pipeline", {"assist": {"tarjet": 0.9}}, r"assist\.tarjet: there is no such field"),
        ("pipeline", {"assist": "yes"}, r"assist: "),
        ("assist", {"round_of": "run-0"}, "round_of: only a run of the workflow label is a round"),
        (
            "assist",
            {"task": {"type": "text-single-label", "question": "Which?", "labels": ["a", "b"]}},
            "assist: people are asked in rounds for image-single-label only, not for text-single-label yet",
        ),
        ("assist", {"task": any_task(max_labeled_objects=5)}, r"task\.max_labeled_objects: not together with assist"),
        ("assist", {"task": any_task(automated_labeling=True)}, r"task\.automated_labeling: .*take one of the two"),
        ("assist", {"task": any_task(gold="raw/gold.csv")}, r"task\.gold: .*not mixed into rounds yet"),
    ],
)
def test_what_rounds_cannot_be_is_refused_by_name(functions: Any, kind: str, fields: Any, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        validated(functions, kind, **fields)


def test_a_stage_whose_jobs_cannot_learn_refuses_rounds_and_says_what_to_set(
    functions: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEARNING", "false")
    entry.loaded.cache_clear()
    with pytest.raises(InvalidInput, match=r"enabled = true under \[learning\]"):
        validated(functions)
    assert validated(functions, "label")["assist"] is None


def test_a_whole_run_in_rounds_as_the_state_machine_calls_its_functions(functions: Any) -> None:
    run = validated(functions, assist={"target": 0.9})
    run["backend"] = functions("preflight", {"run": run})["backend"]
    event = {"run": run, "manifest": functions("build_manifest", {"run": run})}
    assert functions("next_round", {**event, "number": 0})["outcome"] == "decide"
    decide(functions, 0, ask=["a.jpg"])
    step = functions("next_round", {**event, "number": 0, "decided": True})
    assert (step["outcome"], step["asked"], step["input"]["backend"]) == ("ask", 1, run["backend"])
    people_answer(functions, step["input"])
    assert functions("next_round", {**event, "number": 1})["outcome"] == "decide"
    assert json.loads(functions.text(f"{PREFIX}rounds/1/answers.jsonl")) == {"source": "a.jpg", "label": "open"}
    decide(functions, 1, machine=["B 'b'.PNG"])
    assert functions("next_round", {**event, "number": 1, "decided": True}) == {"outcome": "done"}
    output = functions("collect_rounds", {**event, "number": 1, "job_name": "job-1"})
    assert output["counts"] == {"objects": 3, "labeled": 2, "unlabeled": 0, "rejected": 1}
    assert (output["assist"]["machine"], output["assist"]["person"]) == (1, 1)
    rows = [json.loads(line) for line in functions.text("labels/faces/run-1/labels.jsonl").splitlines()]
    assert {row["source"]: row.get("decided_by") for row in rows} == {
        "a.jpg": None,
        "B 'b'.PNG": "machine",
        "features.csv": None,
    }


def decide(functions: Any, number: int, ask: list[str] = [], machine: list[str] = []) -> None:  # noqa: B006
    """What the Processing job of a round leaves."""
    folder = f"{PREFIX}rounds/{number}/"
    questions = [{"source": one, "suggestion": None, "guess": None, "random": True, "audit": False} for one in ask]
    facts = {"label": "shut", "confidence": 0.97, "model": "m", "threshold": 0.9, "accuracy": 0.95}
    labels = [{"source": one, **facts} for one in machine]
    told = {"asked": len(ask), "machine": len(machine), "unreadable": 0, "settings": {"target": 0.9, "minimum": 200}}
    functions.put(f"{PREFIX}embeddings.npz", "vectors")
    functions.put(f"{folder}state.json", json.dumps({"withdrawn": []}))
    functions.put(f"{folder}summary.json", json.dumps(told))
    for name, rows in (("questions", questions), ("machine", labels)):
        if rows:
            functions.put(f"{folder}{name}.jsonl", dump_lines(rows))


def people_answer(functions: Any, given: dict[str, Any]) -> None:
    """The round's own run of `label`, from its input to its labels; they are not the data set's newest."""
    run = functions("validate_input", {"kind": "label", "execution": "execution-1-r0", "input": given})
    run["backend"] = functions("preflight", {"run": run})["backend"]
    manifest = functions("build_manifest", {"run": run})
    job = functions("start_labeling", {"run": run, "manifest": manifest})
    answer = {"mouth": 0, "mouth-metadata": {"class-name": "open", "confidence": 0.9, "human-annotated": "yes"}}
    row = {**json.loads(functions.text("labeling/faces/run-1-r0/input.manifest")), **answer}
    key = f"labeling/faces/run-1-r0/output/{job['name']}/manifests/output/output.manifest"
    functions.put(key, json.dumps(row))
    functions.sagemaker.jobs[job["name"]] |= {
        "LabelingJobOutput": {"OutputDatasetS3Uri": f"s3://data-bucket/{key}"},
        "LabelingJobStatus": "Completed",
    }
    progress = functions("poll_labeling", {"run": run, "job": job})
    output = functions("collect_labels", {"run": run, "manifest": manifest, "job": job, "progress": progress})
    assert output["counts"]["labeled"] == 1
    newest = entry.loaded(collect_variables()).ledger.newest_labels("faces")
    assert newest is None


def collect_variables() -> Any:
    from lambdas.collect_labels.handler import Variables

    return Variables
