from __future__ import annotations

from pathlib import Path

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_lambda as lambda_

from scripts.build_assets import LAYER_PLATFORM, LAYER_PYTHON
from stacks.assets import Assets, AssetsMissingError
from stacks.constructs.shared.python_function import ARCHITECTURE, RUNTIME


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ("augmentation", "domain", "lambdas/start", "labelers", "adapters", "tests", "build/layer"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "code.py").write_text(name)
    (tmp_path / "build/wheelhouse").mkdir()
    (tmp_path / "domain/__pycache__").mkdir()
    (tmp_path / "domain/__pycache__/code.pyc").write_text("bytes")
    (tmp_path / "secret.txt").write_text("secret")
    return tmp_path


def staged(app: App) -> set[str]:
    folder = Path(app.synth().directory)
    roots = [path for path in folder.glob("asset.*") if path.is_dir()]
    return {str(file.relative_to(root)) for root in roots for file in root.rglob("*") if file.is_file()}


def test_missing_folders_are_named_with_the_command_that_makes_them(tmp_path: Path) -> None:
    with pytest.raises(AssetsMissingError, match=r"layer, .*wheelhouse: leave out --context assets"):
        Assets(root=tmp_path, build=tmp_path / "build")


def test_a_stage_that_learns_uploads_the_larger_wheelhouse_and_no_other(project: Path) -> None:
    build = project / "build"
    with pytest.raises(AssetsMissingError, match=r"wheelhouse-learning: leave out --context assets"):
        Assets(root=project, build=build, learning=True)
    for name in ("wheelhouse", "wheelhouse-learning"):
        (build / name).mkdir(exist_ok=True)
        (build / name / "requirements.txt").write_text(name)
    for learning, name in ((False, "wheelhouse"), (True, "wheelhouse-learning")):
        app = App()
        Assets(root=project, build=build, learning=learning).wheelhouse(Stack(app, "one"))
        (folder,) = (path for path in Path(app.synth().directory).glob("asset.*") if path.is_dir())
        assert (folder / "requirements.txt").read_text() == name


def test_functions_get_their_four_folders_and_nothing_else(project: Path) -> None:
    app = App()
    code = Assets(root=project, build=project / "build").lambda_code()
    lambda_.Function(Stack(app, "one"), "Function", code=code, runtime=RUNTIME, handler="lambdas.start.handler")
    assert staged(app) == {"domain/code.py", "lambdas/start/code.py", "labelers/code.py", "adapters/code.py"}


def test_the_job_gets_engine_and_domain_and_nothing_else(project: Path) -> None:
    app = App()
    Assets(root=project, build=project / "build").engine(Stack(app, "one"))
    assert staged(app) == {"augmentation/code.py", "domain/code.py"}


def test_the_same_code_has_the_same_hash_whatever_lies_beside_it(project: Path) -> None:
    assets = Assets(root=project, build=project / "build")
    before = assets.engine(Stack(App(), "one")).asset_hash
    (project / "notes.txt").write_text("not code")
    (project / "domain/__pycache__/other.pyc").write_text("more bytes")
    assert assets.engine(Stack(App(), "one")).asset_hash == before


def test_the_layer_is_built_for_the_functions_runtime_and_processor() -> None:
    assert f"python{LAYER_PYTHON}" == RUNTIME.name
    machines = {"arm64": "aarch64", "x86_64": "x86_64"}
    assert LAYER_PLATFORM.startswith(machines[ARCHITECTURE.name])
