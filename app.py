"""The CDK app: settings -> stacks -> templates. `cdk deploy --all -c stage=dev` (the default stage)."""

from __future__ import annotations

import json
import os
import sys
from importlib.util import find_spec
from pathlib import Path

# cdk.json runs whichever python3 is first on the PATH.
if sys.version_info < (3, 11) or find_spec("aws_cdk") is None:
    sys.exit(
        f"kempelen: {sys.executable} is not a Python >= 3.11 with what requirements.txt names. Activate one, "
        "for example: python3 -m venv .venv && . .venv/bin/activate && pip install -r requirements.txt"
    )

from aws_cdk import App, Environment, Validations
from cdk_nag import AwsSolutionsChecks

from domain.workforce.model import REFUSED
from labelers.ground_truth.built_in_functions import ACCOUNTS
from scripts.build_assets import BuildError, ensure
from stacks.assets import Assets, AssetsMissingError
from stacks.constructs.studio.place import Place
from stacks.constructs.workflow.definition import WorkflowError
from stacks.deployment import meet_demands
from stacks.naming import Names
from stacks.network_stack import NetworkStack
from stacks.portal_stack import PortalStack
from stacks.processing_image import UnknownRegionError
from stacks.regions import check_region
from stacks.settings import Settings
from stacks.settings.loading import SECTIONS, SettingsError, load_settings
from stacks.settings.studio import NONE
from stacks.storage_stack import StorageStack
from stacks.studio_stack import StudioStack
from stacks.tagging import tag_everything
from stacks.workflow_stack import Foundations, WorkflowStack
from stacks.workforce_stack import WorkforceStack

ROOT = Path(__file__).resolve().parent


def build(app: App, settings: Settings, assets: Assets) -> None:
    meet_demands(app, settings.deployment)
    name = Names(settings.stage).stack
    region = os.environ.get("CDK_DEFAULT_REGION", "us-east-1")
    check_region(region, settings, ground_truth=ACCOUNTS)
    env = Environment(account=os.environ.get("CDK_DEFAULT_ACCOUNT"), region=region)
    storage, own_place = _ground(app, settings, assets, env)
    studio = _studio(app, settings, assets, storage, own_place, env)
    workteam = settings.workforce.workteam_arn or (REFUSED if settings.own_workteam else None)
    portal = None
    own_workteam = settings.own_workteam and region in ACCOUNTS
    if settings.in_portal:
        portal = PortalStack(
            app,
            name("portal"),
            settings=settings,
            assets=assets,
            storage=storage,
            beside_workforce=own_workteam,
            env=env,
        )
    if own_workteam:
        workforce = WorkforceStack(
            app, name("workforce"), settings=settings, assets=assets, storage=storage, portal=portal, env=env
        )
        if studio:
            # Destroyed first: its teardown stops labeling jobs, which hold the workteam.
            studio.add_stack_dependency(workforce)
        workteam = workforce.workteam_arn
    foundations = Foundations(storage, studio.own if studio else None, workteam, portal)
    workflow = WorkflowStack(app, name("workflow"), settings=settings, assets=assets, foundations=foundations, env=env)
    for other in filter(None, (studio, portal, workflow)):
        other.add_stack_dependency(storage)  # which refuses what a stage cannot change, also when it owns no bucket
    tag_everything(app, settings.stage)


def _ground(app: App, settings: Settings, assets: Assets, env: Environment) -> tuple[StorageStack, Place | None]:
    """What all else stands on: the storage, and the network, where the stage has one of its own."""
    name = Names(settings.stage).stack
    if not settings.own_network:
        return StorageStack(app, name("storage"), settings=settings, assets=assets, env=env), None
    network = NetworkStack(app, name("network"), settings=settings, assets=assets, env=env)
    storage = StorageStack(app, name("storage"), settings=settings, assets=assets, env=env)
    storage.add_stack_dependency(network)  # the network is destroyed last: who else lives in it keeps nothing but it
    return storage, network.place


def _studio(
    app: App, settings: Settings, assets: Assets, storage: StorageStack, place: Place | None, env: Environment
) -> StudioStack | None:
    if settings.studio.domain == NONE:
        return None
    name = Names(settings.stage).stack("studio")
    return StudioStack(app, name, settings=settings, assets=assets, storage=storage, place=place, env=env)


def main() -> None:
    app = App()
    stage = app.node.try_get_context("stage") or "dev"
    given = app.node.try_get_context("assets")
    own = {name: json.loads(app.node.try_get_context(name) or "{}") for name in SECTIONS}
    settings = load_settings(stage, **own)
    if not given:  # docs/decisions/assets-without-docker.md: why here, and not as CDK's bundling
        ensure(ROOT / "build", learning=settings.learning.enabled)
    build(app, settings, Assets(root=ROOT, build=ROOT / (given or "build"), learning=settings.learning.enabled))
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    app.synth()


if __name__ == "__main__":
    try:
        main()
    except (AssetsMissingError, BuildError, SettingsError, UnknownRegionError, WorkflowError) as error:
        sys.exit(f"kempelen: {error}")
