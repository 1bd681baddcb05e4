"""What is uploaded: the Lambda functions' code and layer, the engine's code, the Processing job's wheelhouse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from aws_cdk import IgnoreMode
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3_assets as s3_assets
from constructs import Construct

ROOT = Path(__file__).resolve().parent.parent
LAMBDA_FOLDERS = ("adapters", "domain", "labelers", "lambdas", "portal")
ENGINE_FOLDERS = ("augmentation", "domain", "learning")


class AssetsMissingError(Exception):
    """The folder of `--context assets=` lacks some. The text is for the person who typed the command."""


@dataclass(frozen=True)
class Assets:
    """`build` holds what scripts/build_assets.py makes: layer/ and wheelhouse/, or with `learning` instead of that the
    larger wheelhouse-learning/."""

    root: Path
    build: Path
    learning: bool = False

    def __post_init__(self) -> None:
        missing = [str(self.build / name) for name in ("layer", self._wheels) if not (self.build / name).is_dir()]
        if missing:
            raise AssetsMissingError(
                f"missing {', '.join(missing)}: leave out --context assets=<folder> and they are made, or make them by "
                "`python -m scripts.build_assets --stage <stage> --target <folder>`"
            )

    @property
    def _wheels(self) -> str:
        return "wheelhouse-learning" if self.learning else "wheelhouse"

    def lambda_code(self) -> lambda_.Code:
        """One asset for all functions, so that a handler's dotted path is the same on AWS, in tests and on a laptop."""
        return lambda_.Code.from_asset(str(self.root), exclude=_all_but(LAMBDA_FOLDERS), ignore_mode=IgnoreMode.GIT)

    def layer_code(self) -> lambda_.Code:
        return lambda_.Code.from_asset(str(self.build / "layer"))

    def engine(self, scope: Construct) -> s3_assets.Asset:
        return s3_assets.Asset(
            scope, "Engine", path=str(self.root), exclude=_all_but(ENGINE_FOLDERS), ignore_mode=IgnoreMode.GIT
        )

    def wheelhouse(self, scope: Construct) -> s3_assets.Asset:
        return s3_assets.Asset(scope, "Wheelhouse", path=str(self.build / self._wheels))


def _all_but(folders: Sequence[str]) -> list[str]:
    return ["/*", *(f"!/{folder}" for folder in folders), "__pycache__", "*.pyc"]
