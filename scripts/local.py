"""`make local`: the local cloud with the deployed stacks, until Ctrl-C."""

from __future__ import annotations

import shlex
import time

import typer
from rich.console import Console
from rich.markup import escape

from localcloud.client.process import LocalCloud, LocalCloudError
from scripts.demo.cdk import Cdk
from scripts.demo.console import Stations
from scripts.demo.job import ROOT, DemoError

WORK = ROOT / ".local/cloud"
# What any AWS client needs to find the local cloud; the rest of its environment is for the CDK command line.
EXPORTED = ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION", "AWS_DEFAULT_REGION")


def local() -> None:
    """Start the local cloud, deploy the five stacks, print how to reach them, and stay up until Ctrl-C."""
    console = Console()
    stations = Stations(console)
    try:
        with LocalCloud(WORK / "state") as cloud:
            cdk = Cdk(cloud.environment(), WORK, WORK / "logs")
            with stations.station("Bootstrap"):
                cdk.bootstrap()
            with stations.station("Synthesize"):
                cdk.synth()
            with stations.station("Deploy (cdk deploy --all)"):
                outputs = cdk.deploy()
            show(console, cloud, outputs)
            while True:
                time.sleep(3600)
    except KeyboardInterrupt:
        console.print("\nThe local cloud is gone, and all that was in it.")
    except (DemoError, LocalCloudError) as error:
        console.print(f"[bold red]Failed.[/] {escape(str(error))}", highlight=False, soft_wrap=True)
        raise typer.Exit(1) from error


def show(console: Console, cloud: LocalCloud, outputs: dict[str, str]) -> None:
    """Print the exports, the portal and the stacks' outputs."""
    console.print("\nPaste this into another terminal; then the AWS CLI, boto3 and cdk work on the local cloud:\n")
    environment = cloud.environment()
    for name in EXPORTED:
        console.print(f"export {name}={shlex.quote(environment[name])}", highlight=False, soft_wrap=True)
    console.print(f"\nWorker portal: {cloud.portal}\n", highlight=False)
    for name, value in sorted(outputs.items()):
        if not name.startswith("Export"):
            console.print(f"{name:<24} {value}", highlight=False, soft_wrap=True)
    console.print("\nCtrl-C ends it.")


if __name__ == "__main__":
    typer.run(local)
