"""A dry run of "how to add a labeling back end": one folder, one line, and the functions label with it."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import pytest

import labelers
from adapters.environment import Environment
from domain.errors import InvalidSettings
from domain.labeling import port
from labelers import factory
from tests.infra import test_function_environment

BACKEND = '''
from adapters.environment import Environment
from domain.labeling.port import Answer, LabelingResult
from domain.labeling.preflight import Check
from domain.workflow.inputs import CostEstimate
from domain.workflow.states import LabelingJob, LabelingProgress

class PaperLabeler:
    """A clerk who says "open" of everything."""

    max_objects = 100

    def __init__(self, store): self.store = store
    def checks(self, task): return [Check("paper", True, "there is enough")]
    def estimate(self, task, objects): return CostEstimate(usd=0.5 * objects, made_of="the clerk's pay")
    def page(self, task): return f"<h1>{task.question}</h1>"
    def start(self, run, manifest): return LabelingJob(name=f"paper-{run.run_id}", created_here=True)
    def progress(self, job_name): return LabelingProgress(status="Completed", finished=True)
    def stop(self, run): return False
    def result(self, run, job_name, manifest):
        rows = self.store.read(manifest.manifest_uri.key).splitlines()
        import json
        return LabelingResult({json.loads(row)["source-ref"]: Answer("open", 1.0, "human") for row in rows})

class Variables(Environment):
    """It reads nothing of the environment."""

def make(store): return PaperLabeler(store)
'''


@pytest.fixture
def paper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "on_paper"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "backend.py").write_text(BACKEND)
    monkeypatch.setattr(labelers, "__path__", [*labelers.__path__, str(tmp_path)])
    for module in (port, factory):
        monkeypatch.setattr(module, "BACKENDS", (*port.BACKENDS, "on_paper"))
    monkeypatch.setenv("LABELERS", "on_paper")


def test_a_folder_and_a_line_are_a_backend(functions: Any, paper: None) -> None:
    task = {"type": "image-single-label", "question": "Is it?", "labels": ["open", "shut"]}
    given = {"dataset": "faces", "run_id": "run-1", "recipe": "recipes/faces.yaml", "task": task}
    run = functions("validate_input", {"kind": "label", "execution": "e-1", "input": given})
    assert functions("preflight", {"run": run})["checks"][0] == "paper: there is enough"
    manifest = functions("build_manifest", {"run": run})
    assert functions.text("labeling/faces/run-1/template.liquid.html") == "<h1>Is it?</h1>"
    job = functions("start_labeling", {"run": run, "manifest": manifest})
    progress = functions("poll_labeling", {"run": run, "job": job})
    output = functions("collect_labels", {"run": run, "manifest": manifest, "job": job, "progress": progress})
    assert output["counts"] == {"objects": 3, "labeled": 2, "unlabeled": 0, "rejected": 1}
    rows = [json.loads(line) for line in functions.text("labels/faces/run-1/labels.jsonl").splitlines()]
    assert {row["label"] for row in rows if row["status"] == "labeled"} == {"open"}
    assert not functions.sagemaker.jobs


def test_the_stack_gives_its_functions_what_they_read(paper: None) -> None:
    test_function_environment.test_a_function_gets_the_variables_of_the_backend_that_the_stage_has_and_of_no_other(
        "on_paper"
    )


def test_a_backend_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(
        InvalidSettings, match="LABELERS: there is no labeling back end 'fax'; there are ground_truth, portal"
    ):
        factory.make_labeler("fax", ("fax",), store=None)  # type: ignore[arg-type]


def test_every_backend_of_the_list_has_its_module() -> None:
    for name in port.BACKENDS:
        backend = importlib.import_module(f"labelers.{name}.backend")
        assert callable(backend.make)
        assert issubclass(backend.Variables, Environment)
