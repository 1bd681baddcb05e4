"""The CDK command line as a person types it: a copy of the tree, an empty home folder, no make, no folder of assets."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

from localcloud.client.process import PROJECT, LocalCloud

pytestmark = pytest.mark.long
NO_INDEX = dict.fromkeys(("UV_DEFAULT_INDEX", "PIP_INDEX_URL", "http_proxy", "https_proxy"), "http://127.0.0.1:9")
TELLS_OF_AWS = ("AWS_", "CDK_", "NODE_PATH")


class Shell:
    """A person's shell in the copy, with an activated environment, and Node's `cdk` on the PATH."""

    def __init__(self, folder: Path, cloud: LocalCloud) -> None:
        self.tree, self._home, self.cloud = folder / "clone", folder / "home", cloud
        self._home.mkdir()
        copy_of_tree(self.tree)

    def cdk(self, *arguments: str, cloud: bool = True, **variables: str) -> subprocess.CompletedProcess[str]:
        places = [str(Path(sys.executable).parent), str(PROJECT / "node_modules/.bin"), os.environ["PATH"]]
        own = {name: value for name, value in os.environ.items() if not name.startswith(TELLS_OF_AWS)}
        environment = {**own, "HOME": str(self._home), "PATH": os.pathsep.join(places), **variables}
        environment |= self.cloud.environment() if cloud else {"AWS_EC2_METADATA_DISABLED": "true"}
        return subprocess.run(
            ["cdk", *arguments, "--no-notices"],
            cwd=self.tree,
            env=environment,
            capture_output=True,
            text=True,
            timeout=580,
            check=False,
        )

    def verify(self) -> str:
        """The report of `verify_account` on this account."""
        own = {**os.environ, **self.cloud.environment()}
        command = [sys.executable, "-m", "scripts.verify_account", "--out", str(self._home / "report.md")]
        done = subprocess.run(command, cwd=self.tree, env=own, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode in (0, 1), done.stderr
        return (self._home / "report.md").read_text()

    def code_of(self, function: str) -> str:
        keys = {"aws_access_key_id": "local", "aws_secret_access_key": "local"}
        client = boto3.client("lambda", endpoint_url=self.cloud.endpoint, region_name="us-east-1", **keys)
        return str(client.get_function(FunctionName=function)["Configuration"]["CodeSha256"])


def copy_of_tree(target: Path) -> None:
    """What git knows and what is about to be committed: no build/, no .venv, no cdk.out."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        if (PROJECT / name).is_file() and not (PROJECT / name).is_symlink():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(PROJECT / name, target / name)


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    folder = tmp_path_factory.mktemp("typed")
    with LocalCloud(folder / "cloud", time_scale=0.2) as cloud:
        yield Shell(folder, cloud)


def test_an_index_out_of_reach_is_one_line_that_says_what_to_do(shell: Shell) -> None:
    failed = shell.cdk("ls", cloud=False, UV_HTTP_RETRIES="0", UV_NO_CACHE="1", **NO_INDEX)
    assert failed.returncode != 0
    (line,) = [line for line in failed.stderr.splitlines() if "could not make layer" in line]
    assert line.startswith("kempelen: could not make layer: error")
    assert "run the same command again" in line
    assert "Traceback" not in failed.stderr


def test_synth_needs_neither_credentials_nor_a_region_nor_make(shell: Shell) -> None:
    """Whatever failed before it."""
    done = shell.cdk("synth", "--quiet", cloud=False)
    assert done.returncode == 0, done.stderr
    for name in ("layer", "wheelhouse"):
        assert f"kempelen: making build/{name}" in done.stderr
        assert any((shell.tree / "build" / name).iterdir())
    again = shell.cdk("ls", "-c", "stage=prod", cloud=False, **NO_INDEX)
    assert again.returncode == 0, again.stderr
    assert "kempelen-prod-workflow" in again.stdout.split()
    assert "making" not in again.stderr


def test_deploy_all_diff_hotswap_and_destroy_all(shell: Shell) -> None:
    assert shell.cdk("bootstrap", "aws://000000000000/us-east-1").returncode == 0
    before = shell.cloud.inventory()
    deployed = shell.cdk("deploy", "--all", "--require-approval", "never")
    assert deployed.returncode == 0, deployed.stdout + deployed.stderr
    same = shell.cdk("diff", "--fail", "--context", "stage=dev")
    assert same.returncode == 0, same.stdout + same.stderr
    report = shell.verify()
    assert "| ok | stack kempelen-dev-workflow | CREATE_COMPLETE. " in report
    assert "PipelineStateMachineArn = arn:aws:states:us-east-1:<account>:" in report
    assert "| ok | bootstrap | /cdk-bootstrap/hnb659fds/version is " in report
    assert "000000000000" not in report

    layer = (shell.tree / "build/layer").stat().st_mtime_ns
    old = shell.code_of("kempelen-dev-poll-labeling")
    handler = shell.tree / "lambdas/poll_labeling/handler.py"
    handler.write_text(handler.read_text() + "\n# changed\n")
    swapped = shell.cdk("deploy", "kempelen-dev-workflow", "--exclusively", "--hotswap")  # what `cdk watch` runs
    assert swapped.returncode == 0, swapped.stdout + swapped.stderr
    assert "hotswapped" in swapped.stdout + swapped.stderr
    assert shell.code_of("kempelen-dev-poll-labeling") != old
    assert (shell.tree / "build/layer").stat().st_mtime_ns == layer

    destroyed = shell.cdk("destroy", "--all", "--force")
    assert destroyed.returncode == 0, destroyed.stdout + destroyed.stderr
    assert [one for one in shell.cloud.inventory() if one not in before] == []
