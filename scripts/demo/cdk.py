"""The real CDK command line, against the local cloud."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scripts.build_assets import write_local_placeholders
from scripts.demo.job import ROOT, DemoError

STAGE = "dev"
# A hung custom resource would hold a deploy for up to an hour; no local step comes near this.
TIMEOUT_SECONDS = 600
LOG_TAIL_LINES = 30


def search_path() -> str:
    """As the Makefile sets it: the project's Python, the CDK command line, and Node where set-up installed it."""
    folders = [Path(sys.executable).parent, ROOT / "node_modules/.bin", ROOT / ".local/node/bin"]
    return os.pathsep.join([*map(str, folders), os.environ.get("PATH", os.defpath)])


class Cdk:
    """Runs `cdk` with the environment of one cloud and keeps the output in `logs`.

    `labeling` and `learning` are settings of these sections, in place of the stage's; `others` those of any others.
    """

    def __init__(
        self,
        environment: Mapping[str, str],
        work: Path,
        logs: Path,
        *,
        labeling: Mapping[str, Any],
        learning: Mapping[str, Any] | None = None,
        others: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:
        self._own = {"labeling": labeling, "learning": learning or {}, **(others or {})}
        # CDK and jsii keep caches of 200 MB in the home folder; a person's own is left alone.
        cache = {"JSII_RUNTIME_PACKAGE_CACHE_ROOT": str(ROOT / ".local/cache/jsii"), "HOME": str(ROOT / ".local/cache")}
        self._environment = {**os.environ, **environment, **cache, "PATH": search_path()}
        self._assembly = work / "cdk.out"
        self._assets = work / "assets"
        self._outputs = work / "outputs.json"
        self._logs = logs

    def synth(self) -> None:
        """Write the templates of all stacks into the work folder."""
        write_local_placeholders(self._assets)
        context = {"stage": STAGE, "assets": str(self._assets)}
        context |= {section: json.dumps(settings) for section, settings in self._own.items()}
        given = [word for name, value in context.items() for word in ("--context", f"{name}={value}")]
        self._run("synth", "--all", "--quiet", *given, "--output", str(self._assembly))

    @property
    def stacks(self) -> int:
        """How many there are to deploy."""
        return len(list(self._assembly.glob("*.template.json")))

    def bootstrap(self) -> None:
        """Create the toolkit stack, as once in every AWS account and Region."""
        account, region = self._environment["CDK_DEFAULT_ACCOUNT"], self._environment["CDK_DEFAULT_REGION"]
        self._run("bootstrap", f"aws://{account}/{region}", app=False)

    def deploy(self) -> dict[str, str]:
        """Deploy all stacks; their outputs, all in one mapping."""
        arguments = ("--all", "--require-approval", "never", "--concurrency", "4", "--outputs-file", str(self._outputs))
        self._run("deploy", *arguments, "--app", str(self._assembly))
        stacks: dict[str, dict[str, str]] = json.loads(self._outputs.read_text())
        return {key: value for outputs in stacks.values() for key, value in outputs.items()}

    def destroy(self) -> None:
        """Destroy all stacks."""
        self._run("destroy", "--all", "--force", "--app", str(self._assembly))

    def _run(self, command: str, *arguments: str, app: bool = True) -> None:
        self._logs.mkdir(parents=True, exist_ok=True)
        log = self._logs / f"cdk-{command}.log"
        folder = ROOT if app else self._logs  # `cdk bootstrap` would synthesize the app that it finds beside it
        with log.open("w") as output:
            try:
                status = subprocess.run(
                    ["cdk", command, *arguments, "--ci", "--no-color", "--progress", "events"],
                    cwd=folder,
                    env=self._environment,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    timeout=TIMEOUT_SECONDS,
                    check=False,
                ).returncode
            except subprocess.TimeoutExpired as error:
                raise DemoError(
                    f"cdk {command} did not end within {TIMEOUT_SECONDS} s; its output is in {log}"
                ) from error
        if status != 0:
            tail = "\n".join(log.read_text().splitlines()[-LOG_TAIL_LINES:])
            raise DemoError(f"cdk {command} failed with status {status}; the whole output is in {log}\n{tail}")
