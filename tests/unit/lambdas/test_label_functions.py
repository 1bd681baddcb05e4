"""The functions of the label workflow, one after the other as the workflow calls them."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from domain.errors import InvalidInput, InvalidRecipe, PreflightFailed
from tests.support.builders.runs import any_label_input, any_task

METADATA = {"class-name": "open", "confidence": 0.9, "human-annotated": "yes"}


def validated(functions: Any, kind: str = "label", **fields: Any) -> Any:
    event = {"kind": kind, "execution": "execution-1", "input": any_label_input(**fields)}
    return functions("validate_input", event)


def test_a_whole_run_from_the_input_to_the_labels(functions: Any) -> None:
    run = validated(functions)
    assert len(functions("preflight", {"run": run})["checks"]) == 8
    manifest = functions("build_manifest", {"run": run})
    job = functions("start_labeling", {"run": run, "manifest": manifest})
    finish(functions, job["name"], manifest)
    progress = functions("poll_labeling", {"run": run, "job": job})
    assert progress["finished"]
    event = {"run": run, "manifest": manifest, "job": job, "progress": progress}
    output = functions("collect_labels", event)
    assert output["counts"] == {"objects": 3, "labeled": 1, "unlabeled": 1, "rejected": 1}
    assert output["classes"] == {"open": 1, "shut": 0}
    rows = [json.loads(line) for line in functions.text("labels/faces/run-1/labels.jsonl").splitlines()]
    assert {row["source"]: row["status"] for row in rows} == {
        "B 'b'.PNG": "labeled",
        "a.jpg": "unlabeled",
        "features.csv": "rejected",
    }


def finish(functions: Any, name: str, manifest: dict[str, Any]) -> None:
    first = functions.text("labeling/faces/run-1/input.manifest").splitlines()[0]
    row = {**json.loads(first), "mouth": 0, "mouth-metadata": METADATA}
    functions.put(f"labeling/faces/run-1/output/{name}/manifests/output/output.manifest", json.dumps(row))
    uri = f"{manifest['output_uri']}/{name}/manifests/output/output.manifest"
    functions.sagemaker.jobs[name]["LabelingJobOutput"] = {"OutputDatasetS3Uri": uri}
    functions.sagemaker.jobs[name]["LabelingJobStatus"] = "Stopped"


def test_a_second_start_of_the_run_makes_no_second_job(functions: Any) -> None:
    run = validated(functions)
    manifest = functions("build_manifest", {"run": run})
    first = functions("start_labeling", {"run": run, "manifest": manifest})
    again = functions("build_manifest", {"run": {**run, "execution": "execution-2"}})
    second = functions("start_labeling", {"run": {**run, "execution": "execution-2"}, "manifest": again})
    assert (second["name"], second["created_here"]) == (first["name"], False)
    assert len(functions.sagemaker.jobs) == 1


def test_stopping_stops_what_this_execution_made(functions: Any) -> None:
    run = validated(functions)
    job = functions("start_labeling", {"run": run, "manifest": functions("build_manifest", {"run": run})})
    assert functions("stop_labeling", {"run": {**run, "execution": "execution-2"}}) == {"stopped": False}
    assert functions("stop_labeling", {"run": run}) == {"stopped": True}
    assert functions.sagemaker.stopped == [job["name"]]


def event_of(name: str) -> dict[str, Any]:
    """As https://docs.aws.amazon.com/sagemaker/latest/dg/sms-monitor-cloud-watch.html shows it."""
    return {
        "version": "0",
        "id": "111e1111-11d1-111f-b111-1111b11dcb11",
        "detail-type": "SageMaker Ground Truth Labeling Job State Change",
        "source": "aws.sagemaker",
        "account": "123456789012",
        "time": "2018-10-06T12:26:13Z",
        "region": "us-east-1",
        "resources": [f"arn:aws:sagemaker:us-east-1:123456789012:labeling-job/{name}"],
        "detail": {"LabelingJobStatus": "Stopped"},
    }


def stopped_execution(name: str, **fields: Any) -> dict[str, Any]:
    """As https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html shows it, in part."""
    machine = "arn:aws:states:us-east-1:123456789012:stateMachine:kempelen-dev-label"
    detail = {"name": name, "stateMachineArn": machine, "status": "ABORTED", "input": json.dumps(fields)}
    return {"detail-type": "Step Functions Execution Status Change", "source": "aws.states", "detail": detail}


def test_a_stopped_execution_leaves_no_open_job_and_loses_no_label(functions: Any) -> None:
    run = validated(functions)
    manifest = functions("build_manifest", {"run": run})
    job = functions("start_labeling", {"run": run, "manifest": manifest})
    waiting = {"run": run, "manifest": manifest, "job": job, "token": "A" * 600}
    assert functions("await_labeling", waiting) == {"woken": False}
    assert functions("execution_ended", stopped_execution("execution-1", **any_label_input())) == {
        "outcome": "stopping"
    }
    assert functions.sagemaker.stopped == [job["name"]]
    assert functions("labeling_ended", event_of(job["name"])) == {"outcome": "not over"}
    finish(functions, job["name"], manifest)
    assert functions("labeling_ended", event_of(job["name"])) == {"outcome": "labels kept"}
    rows = [json.loads(line) for line in functions.text("labels/faces/run-1/labels.jsonl").splitlines()]
    assert [row["status"] for row in rows].count("labeled") == 1


def test_an_execution_that_never_began_has_no_job_to_stop(functions: Any) -> None:
    assert functions("execution_ended", stopped_execution("execution-1", dataset="NO")) == {"outcome": "never began"}


def test_the_pipelines_validation_is_the_labels(functions: Any) -> None:
    assert validated(functions, "pipeline") == validated(functions, "label")


RECIPE = """
name: any
classes: {{{label}: {{b: {{variants: 2}}}}}}
steps: [{{export: plain}}, {{branch: b, steps: [{{export: x}}]}}]
"""


def test_a_recipe_may_name_classes_that_the_task_has_labels_for_alone(functions: Any) -> None:
    functions.put("recipes/faces.yaml", RECIPE.format(label="open"))
    assert validated(functions)["recipe"].endswith("/faces.yaml")
    functions.put("recipes/faces.yaml", RECIPE.format(label="opne"))
    said = r"faces\.yaml:3:11: the recipe names the class 'opne', which is no label of the task; did you mean 'open'"
    with pytest.raises(InvalidRecipe, match=said):
        validated(functions)


def test_a_recipe_may_name_the_classes_that_answers_of_the_type_have_besides(functions: Any) -> None:
    functions.put("recipes/faces.yaml", RECIPE.format(label="no object"))
    boxes = {"type": "image-bounding-box", "question": "Where is the mouth?", "labels": ["mouth"]}
    assert validated(functions, task=boxes)["recipe"].endswith("/faces.yaml")
    with pytest.raises(InvalidRecipe, match="names the class 'no object'"):
        validated(functions, task={**boxes, "type": "image-single-label", "labels": ["mouth", "none"]})


def test_the_recipe_that_was_checked_is_the_one_that_will_run(functions: Any) -> None:
    before = functions.text("recipes/faces.yaml")
    run = validated(functions, "pipeline")
    functions.put("recipes/faces.yaml", RECIPE.format(label="shut"))
    assert functions.text(run["recipe"]) == before
    assert run["recipe"] == validated(functions, "label", recipe=run["recipe"])["recipe"]
    assert validated(functions, "pipeline")["recipe"] != run["recipe"]


def test_a_recipe_for_sound_is_refused_for_images(functions: Any) -> None:
    functions.put("recipes/faces.yaml", "name: any\nsteps:\n- export: x\n- {op: gain, db: [1, 2]}\n- export: loud\n")
    said = r"faces\.yaml:4:3: this is a recipe for sound, but the task asks about images"
    with pytest.raises(InvalidRecipe, match=said):
        validated(functions)
    functions.put(
        "recipes/faces.yaml", "name: any\nmedia: audio\nsplits: {train: 1, val: 0, test: 0}\nsteps: [{export: x}]"
    )
    with pytest.raises(InvalidRecipe, match=r"faces\.yaml:2:1: this is a recipe for sound"):
        validated(functions)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("seed", "7", "seed: Input should be a valid integer"),
        ("seed", True, "seed: Input should be a valid integer"),
        ("instances", "2", "instances: Input should be a valid integer"),
        ("instances", 1.5, "instances: "),
    ],
)
def test_text_and_truth_are_no_numbers(functions: Any, field: str, value: Any, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        validated(functions, **{field: value})


def test_one_label_written_in_two_ways_is_one_label(functions: Any) -> None:
    task = any_label_input()["task"]
    with pytest.raises(InvalidInput, match="labels must differ by more than case"):
        validated(functions, task={**task, "labels": ["caf\u00e9", "cafe\u0301"]})
    run = validated(functions, task={**task, "labels": ["cafe\u0301", "bar"]})
    assert run["task"]["labels"] == ["caf\u00e9", "bar"]


def test_a_malformed_input_names_the_field(functions: Any) -> None:
    with pytest.raises(InvalidInput, match="instances: "):
        validated(functions, instances=0)


def test_a_recipe_that_is_not_there_is_refused_before_anybody_labels(functions: Any) -> None:
    with pytest.raises(InvalidInput, match=r"recipe: there is no s3://data-bucket/recipes/none\.yaml; upload"):
        validated(functions, recipe="recipes/none.yaml")


NOISE = """
name: speech
steps:
  - export: clean
  - branch: noisy
    steps:
      - one_of: [{steps: []}, {steps: [{op: background_noise, folder: street}]}]
      - export: noisy
splits: {train: 1, val: 0, test: 0}
"""
CUSTOM = """
name: faces
steps:
  - export: plain
  - branch: varied
    steps:
      - one_of: [{steps: []}, {steps: [{custom: "my_steps:tint"}]}]
      - export: tinted
"""


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("name: [", r"s3://data-bucket/recipes/bad\.yaml:1:8: not valid YAML: "),
        ("- a", r"bad\.yaml:1:1: a recipe is a mapping with `name` and `steps`, not a list"),
        ("", r"bad\.yaml:1:1: a recipe is a mapping with `name` and `steps`, not nothing"),
        ("name: faces\nsteps: []\n", r"bad\.yaml:2:1: steps: "),
        ("name: faces\nsteps:\n  - spin: 3\n", r"bad\.yaml:3:5: steps\[0\]: a node needs "),
        (CUSTOM, r"bad\.yaml:\d+:\d+: my_steps:tint is code of your own, and the run brings none"),
        (NOISE, r"bad\.yaml:\d+:\d+: background_noise reads the folder street, and the run brings no clips"),
        ("#" * 300_000, "a recipe has at most 262,144"),
    ],
)
def test_a_bad_recipe_is_refused_with_its_place(text: str, complaint: str, functions: Any) -> None:
    functions.put("recipes/bad.yaml", text)
    with pytest.raises(InvalidRecipe, match=complaint):
        validated(functions, recipe="recipes/bad.yaml")


def test_a_recipe_that_is_no_text_is_refused(functions: Any) -> None:
    functions.s3.put_object(Bucket="data-bucket", Key="recipes/bad.yaml", Body=b"\xff\xfe\x00")
    with pytest.raises(InvalidRecipe, match="not UTF-8 text"):
        validated(functions, recipe="recipes/bad.yaml")


def test_the_preflight_holds_all_of_a_run_against_what_it_may_cost(functions: Any) -> None:
    run = {**validated(functions), "max_cost": 0.1}
    with pytest.raises(PreflightFailed, match=r"1 of 9 checks failed: \(1\) cost: max_cost: .* \$0\.10 may be spent"):
        functions("preflight", {"run": run})
    checks = functions("preflight", {"run": {**run, "max_cost": 10}})["checks"]
    assert any(line.startswith("cost: about $0.") for line in checks)


def test_the_preflight_tells_all_that_is_wrong_at_once(functions: Any) -> None:
    run = validated(functions, source_prefix="raw/nothing/")
    functions.s3.delete_bucket_cors(Bucket="data-bucket")
    functions.sagemaker.workteams = set()
    functions.sagemaker.refuse["ListLabelingJobs"] = ("AccessDeniedException", "not available to new customers")
    with pytest.raises(PreflightFailed) as caught:
        functions("preflight", {"run": run})
    message = str(caught.value)
    assert message.startswith("4 of 8 checks failed: ")
    for part in ("closed to new customers", "workteam", "no CORS rule", "s3://data-bucket/raw/nothing/ is empty"):
        assert part in message


def test_a_bucket_in_another_region_is_told(functions: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    run = validated(functions)
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    with pytest.raises(PreflightFailed, match="data-bucket is in us-east-1, the labeling job would be in eu-west-1"):
        functions("preflight", {"run": run})


def test_an_event_that_does_not_fit_is_an_invalid_input(functions: Any) -> None:
    with pytest.raises(InvalidInput, match="manifest: is required"):
        functions("start_labeling", {"run": validated(functions)})


def test_the_logs_carry_the_run_id(functions: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from lambdas.validate_input.handler import logger

    written = io.StringIO()
    monkeypatch.setattr(logger.registered_handler, "stream", written)
    validated(functions)
    [line] = [json.loads(line) for line in written.getvalue().splitlines()]
    assert (line["run_id"], line["dataset"]) == ("run-1", "faces")


def test_metrics_count_what_was_rejected(functions: Any, capsys: pytest.CaptureFixture[str]) -> None:
    functions("build_manifest", {"run": validated(functions)})
    metrics = [json.loads(line) for line in capsys.readouterr().out.splitlines() if '"_aws"' in line]
    assert metrics[-1]["ObjectsRejected"] == [1.0]
    assert metrics[-1]["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "Kempelen"


MIXED = "name: m\nsteps:\n  - export: plain\n  - branch: b\n    steps: [{cutmix: {}}, {export: mixed}]\n"


@pytest.mark.parametrize(
    ("task_type", "instances", "said"),
    [
        ("image-multi-label", 1, "asks for boxes or several labels"),
        ("image-bounding-box", 1, "asks for boxes or several labels"),
        ("image-single-label", 2, "say `instances: 1`"),
        ("image-single-label", 1, None),
    ],
)
def test_pairs_are_refused_before_anybody_labels_where_there_are_none(
    task_type: str, instances: int, said: str | None, functions: Any
) -> None:
    functions.put("recipes/mixed.yaml", MIXED)
    given = {"recipe": "recipes/mixed.yaml", "instances": instances, "task": any_task(type=task_type)}
    if said is None:
        assert validated(functions, kind="pipeline", **given)["recipe"].startswith("recipes/frozen/")
        return
    with pytest.raises(InvalidRecipe, match=said) as refused:
        validated(functions, kind="pipeline", **given)
    assert "mixed.yaml:5:13: " in str(refused.value)
