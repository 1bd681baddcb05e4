"""Code and background clips are refused before anybody labels, and frozen when a run begins."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from domain.errors import InvalidInput, InvalidRecipe
from lambdas.shared import entry
from tests.support.builders.runs import any_augment_input, any_label_input, any_task

STEPS = "def tint(image, rng):\n    return image\n"
SPLITS = "splits: {train: 1, val: 0, test: 0}\n"
CUSTOM = f'name: faces\nsteps:\n  - {{custom: "my_steps:tint"}}\n  - export: plain\n{SPLITS}'
NOISE = f"name: clips\nsteps:\n  - {{op: background_noise, folder: street}}\n  - export: noisy\n{SPLITS}"


@pytest.fixture
def allowing(functions: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("CUSTOM_CODE", "true")
    entry.loaded.cache_clear()
    functions.put("recipes/custom.yaml", CUSTOM)
    functions.put("recipes/noise.yaml", NOISE)
    functions.put("code/my_steps.py", STEPS)
    functions.put("backgrounds/city/street/1.wav", "one")
    return functions


def validated(functions: Any, kind: str = "augment", **fields: Any) -> Any:
    given = any_augment_input(**fields) if kind == "augment" else any_label_input(**fields)
    return functions("validate_input", {"kind": kind, "execution": "e-1", "input": given})


@pytest.mark.parametrize("kind", ["augment", "label", "pipeline"])
def test_code_that_was_checked_is_frozen_under_its_digest(kind: str, allowing: Any) -> None:
    run = validated(allowing, kind, recipe="recipes/custom.yaml", code="code/my_steps.py")
    assert run["code"] == f"code/frozen/{hashlib.sha256(STEPS.encode()).hexdigest()[:16]}/my_steps.py"
    allowing.put("code/my_steps.py", "raise SystemExit")
    assert allowing.text(run["code"]) == STEPS
    assert validated(allowing, kind, recipe=run["recipe"], code=run["code"])["code"] == run["code"]


def test_a_stage_that_allows_none_refuses_code_and_says_where_that_is_set(functions: Any) -> None:
    with pytest.raises(InvalidInput, match=r"^code: this stage runs no code of yours\. .* custom_code = true"):
        validated(functions, code="code/my_steps.py")


def test_clips_need_no_leave(functions: Any) -> None:
    functions.put("recipes/noise.yaml", NOISE)
    functions.put("backgrounds/city/street/1.wav", "one")
    run = validated(functions, recipe="recipes/noise.yaml", backgrounds="backgrounds/city")
    assert run["backgrounds"] == "backgrounds/city/"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"code": "code/other.py"}, r"^code: there is no s3://data-bucket/code/other\.py; upload the file first"),
        ({"code": "raw/my_steps.py"}, r"^code: code is read only below code/"),
        ({"code": "code/../my_steps.py"}, r"^code: .* has a '\.' or '\.\.' segment"),
        ({"code": "code/my_steps.zip"}, r"^code: 'my_steps\.zip' is neither a \.py file nor a wheel"),
        (
            {"code": "code/s-1-cp312-cp312-linux_x86_64.whl"},
            r"^code: .* is for cp312-cp312, and the job has Python 3\.10",
        ),
        (
            {"code": "code/other_steps.py"},
            r"^code: .*/other_steps\.py has no module 'my_steps', which .* my_steps:tint",
        ),
        (
            {"code": "code/older/my_steps.py"},
            r"^code: .*/my_steps\.py has no 'tint', which the custom step my_steps:tint",
        ),
        ({"code": "code/broken/my_steps.py"}, r"^code: .*/my_steps\.py is no Python 3\.10: line 1"),
        ({"code": "code/my_steps.py", "recipe": "recipes/faces.yaml"}, r"^code: recipe 'faces' has no custom step"),
        ({"code": 7}, r"^code: Input should be a valid string"),
        (
            {"code": "code/my_steps.py", "backgrounds": "backgrounds/city"},
            r"^backgrounds: recipe 'faces' has no backgr",
        ),
        ({"recipe": "recipes/noise.yaml", "backgrounds": "raw/city"}, r"^backgrounds: background clips are read only"),
        ({"recipe": "recipes/noise.yaml", "backgrounds": "backgrounds/x"}, r"^backgrounds: .*/x/street/ holds no clip"),
        (
            {"recipe": "recipes/noise.yaml", "backgrounds": "backgrounds/odd"},
            r"^backgrounds: .*/a\.txt is no clip by its",
        ),
        ({"recipe": "recipes/noise.yaml", "backgrounds": "backgrounds/void"}, r"^backgrounds: .*/a\.wav is empty"),
        (
            {"recipe": "recipes/above.yaml", "backgrounds": "backgrounds/city"},
            r"^backgrounds: .* '\.\./street' has a '\.'",
        ),
    ],
)
def test_what_cannot_work_is_refused_by_the_name_of_its_field(fields: Any, said: str, allowing: Any) -> None:
    allowing.put("code/other_steps.py", STEPS)
    allowing.put("code/older/my_steps.py", "def tin(): pass")
    allowing.put("code/broken/my_steps.py", "def tint(:")
    allowing.put("backgrounds/odd/street/a.txt", "text")
    allowing.put("backgrounds/void/street/a.wav", "")
    allowing.put("recipes/above.yaml", NOISE.replace("street", "../street"))
    with pytest.raises(InvalidInput, match=said):
        validated(allowing, **{"recipe": "recipes/custom.yaml", **fields})


@pytest.mark.parametrize(
    ("recipe", "said"),
    [
        (
            "custom",
            r"custom\.yaml:3:\d+: my_steps:tint is code of your own, and the run brings none; give it as `code`",
        ),
        ("noise", r"noise\.yaml:3:\d+: background_noise reads the folder street, and the run brings no clips; give"),
    ],
)
def test_a_recipe_whose_needs_are_not_brought_is_refused_with_its_place(recipe: str, said: str, allowing: Any) -> None:
    with pytest.raises(InvalidRecipe, match=said):
        validated(allowing, "pipeline", recipe=f"recipes/{recipe}.yaml", task=any_task())
