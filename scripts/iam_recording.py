"""Records what IAM is asked during the main job: `python -m scripts.iam_recording OUT [BACKEND]`.

The demo, and before everything is taken down again a tick of its schedule and an augmentation on three instances. OUT
gets `requests.jsonl` and `deployment.json` (see `localcloud.iam`), and in `run/` what the demo leaves, the templates in
`run/cdk.out`.
"""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from localcloud.client.process import IAM, RECORD_IAM, LocalCloudError
from scripts.demo.clients import Clients
from scripts.demo.executions import Executions
from scripts.demo.job import DEFAULT_RECIPE, FACES, DemoError, drawn_job
from scripts.demo.labeling_jobs import IN_THE_CLOUD, known_backend
from scripts.demo.run import RUN_ID, Demo

PATIENCE_SECONDS = 600
INSTANCES = 3


class MainJobs(Demo):
    """The demo, and what else the stage does by roles of its own."""

    def _tear_down(self, clients: Clients, outputs: dict[str, str], summary: dict[str, Any]) -> None:
        with self.stations.station("A schedule's tick") as station:
            station.say(str(self._tick(clients, outputs)))
        with self.stations.station(f"Augment on {INSTANCES} instances") as station:
            station.say(str(self._augment(clients, outputs, summary)))
        super()._tear_down(clients, outputs, summary)

    def _tick(self, clients: Clients, outputs: dict[str, str]) -> str:
        """The deployed schedule, fired once: same target, role and group. How its execution ended."""
        group, machine = outputs["ScheduleGroupName"], outputs["AugmentStateMachineArn"]
        deployed = clients.scheduler.list_schedules(GroupName=group)["Schedules"][0]
        target = clients.scheduler.get_schedule(GroupName=group, Name=deployed["Name"])["Target"]
        executions = Executions(clients.states)
        before = len(executions.of(machine))
        soon = datetime.now(UTC) + timedelta(seconds=2)
        clients.scheduler.create_schedule(
            Name="tick",
            GroupName=group,
            ScheduleExpression=f"at({soon:%Y-%m-%dT%H:%M:%S})",
            FlexibleTimeWindow={"Mode": "OFF"},
            Target=target,
            ActionAfterCompletion="DELETE",
        )
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            ran = executions.of(machine)[before:]
            if ran and ran[-1]["status"] != "RUNNING":
                return _succeeded(ran[-1]["name"], ran[-1]["status"])
            time.sleep(1)
        raise DemoError(f"the schedule's tick did not end within {PATIENCE_SECONDS} s: does its role let it start one?")

    def _augment(self, clients: Clients, outputs: dict[str, str], summary: dict[str, Any]) -> str:
        """Once more, with variants of a seed of their own, on so many instances at a time."""
        recipe = f"recipes/{self._job.recipe.name}"
        labels = f"s3://{outputs['DataBucketName']}/labels/{self._job.dataset}/{RUN_ID}/labels.jsonl"
        payload = {"dataset": self._job.dataset, "labels_uri": labels, "recipe": recipe, "instances": INSTANCES}
        executions = Executions(clients.states)
        arn = executions.start(outputs["AugmentStateMachineArn"], "three-instances", {**payload, "seed": 8})
        result = executions.wait(arn)
        summary["instances"] = INSTANCES
        return f"{result['outcome']}: {result.get('version', '')}"


def _succeeded(name: str, status: str) -> str:
    if status != "SUCCEEDED":
        raise DemoError(f"{name}, which the schedule started, ended {status}")
    return name


def record(
    out: Annotated[Path, typer.Argument(help="A new folder.")],
    backend: Annotated[str, typer.Argument(help=f"Where people label: {' or '.join(IN_THE_CLOUD)}.")] = "ground_truth",
    assist: Annotated[bool, typer.Option(envvar="ASSIST", help="Ask in rounds; a model labels the rest.")] = False,
    own_key: Annotated[bool, typer.Option(help="With an encryption key of the stage's own.")] = False,
    enforce: Annotated[bool, typer.Option(help="Refuse what the policies do not allow, too.")] = True,
) -> None:
    """Run the main jobs on a local cloud that writes down what IAM is asked."""
    console, run = Console(), out / "run"
    try:
        chosen = known_backend(backend, IN_THE_CLOUD)
        run.mkdir(parents=True)
        os.environ |= {RECORD_IAM: str(out), **({IAM: "1"} if enforce else {})}
        job = drawn_job(run / "input", DEFAULT_RECIPE, human=False, count=FACES)
        jobs = MainJobs(console, run, job, human=False, backend=chosen, assist=assist)
        jobs.storage = {"own_key": own_key}
        jobs.run()
    except (DemoError, LocalCloudError, OSError) as error:
        console.print(f"[bold red]No recording.[/] {escape(str(error))}", highlight=False, soft_wrap=True)
        raise typer.Exit(1) from error


if __name__ == "__main__":
    typer.run(record)
