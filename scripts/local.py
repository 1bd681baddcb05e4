"""`make local`: the local cloud with the deployed stacks, until Ctrl-C."""

from __future__ import annotations

import shlex
import time
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from localcloud.client.process import LocalCloud, LocalCloudError
from localcloud.client.scripted_workers import set_passwords
from scripts.demo.cdk import Cdk
from scripts.demo.clients import Clients
from scripts.demo.console import Stations
from scripts.demo.job import ROOT, DemoError
from scripts.demo.labeling import new_password
from scripts.demo.labeling_jobs import IN_THE_CLOUD, known_backend

WORK = ROOT / ".local/cloud"
# What any AWS client needs to find the local cloud; the rest of its environment is for the CDK command line.
EXPORTED = ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION", "AWS_DEFAULT_REGION")


def local(
    keep: Annotated[bool, typer.Option(help="Begin with what the last one kept, and keep it again.")] = False,
    backend: Annotated[
        str, typer.Option(envvar="BACKEND", help=f"Where people label: {' or '.join(IN_THE_CLOUD)}.")
    ] = "",
) -> None:
    """Start the local cloud, deploy the stacks, print how to reach them, and stay up until Ctrl-C."""
    console = Console()
    stations = Stations(console)
    try:
        with LocalCloud(WORK / "state", keep=keep) as cloud:
            cdk = Cdk(
                cloud.environment(), WORK, WORK / "logs", labeling={"backend": known_backend(backend, IN_THE_CLOUD)}
            )
            with stations.station("Bootstrap"):
                cdk.bootstrap()
            with stations.station("Synthesize"):
                cdk.synth()
            with stations.station("Deploy (cdk deploy --all)"):
                outputs = cdk.deploy()
            show(console, cloud, outputs, sign_ins(Clients(cloud).cognito, outputs["UserPoolId"]))
            console.print(
                f"\nCtrl-C ends it{', and keeps what is in it' if keep else ', and all that is in it is gone then'}."
            )
            while True:
                time.sleep(3600)
    except KeyboardInterrupt:
        what = "What was in it begins again with `make local KEEP=1`." if keep else "All that was in it is gone too."
        console.print(f"\nThe local cloud is gone. {what}", highlight=False)
    except (DemoError, LocalCloudError) as error:
        console.print(f"[bold red]Failed.[/] {escape(str(error))}", highlight=False, soft_wrap=True)
        raise typer.Exit(1) from error


def sign_ins(cognito: Any, user_pool: str) -> dict[str, str]:
    """A password for every worker who was invited, by e-mail address: no mail leaves this machine."""
    pages = cognito.get_paginator("list_users").paginate(UserPoolId=user_pool)
    users = [user for page in pages for user in page["Users"]]
    named = [{item["Name"]: item["Value"] for item in user["Attributes"]} for user in users]
    passwords = {attributes["email"]: new_password() for attributes in named}
    for email, password in passwords.items():
        set_passwords(cognito, user_pool, [email], password)
    return passwords


def show(console: Console, cloud: LocalCloud, outputs: dict[str, str], passwords: dict[str, str]) -> None:
    """Print the exports, the portal with its sign-ins, and the stacks' outputs."""
    console.print(
        "\nPaste this into another terminal; then the AWS CLI, boto3 and cdk work on the local cloud:\n",
        soft_wrap=True,
    )
    environment = cloud.environment()
    for name in EXPORTED:
        console.print(f"export {name}={shlex.quote(environment[name])}", highlight=False, soft_wrap=True)
    portals = [outputs["PortalAddress"]] if "TaskTableName" in outputs else []
    portals += [cloud.portal] if "WorkteamArn" in outputs else []
    console.print(f"\nWorker portal: {', or of Ground Truth '.join(portals)}", highlight=False)
    for email, password in sorted(passwords.items()):
        console.print(f"  {escape(email)}  {escape(password)}", highlight=False, soft_wrap=True)
    console.print()
    for name, value in sorted(outputs.items()):
        if not name.startswith("Export"):
            console.print(f"{name:<24} {value}", highlight=False, soft_wrap=True)


if __name__ == "__main__":
    typer.run(local)
