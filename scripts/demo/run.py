"""The stations of the demo, in order."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from rich.console import Console

from domain.labels.rows import read_labels
from domain.text import counted
from localcloud.client.forms import IMAGE_SINGLE_LABEL, Form
from localcloud.client.process import LocalCloud
from scripts.demo import label_studio
from scripts.demo.cdk import STAGE, Cdk
from scripts.demo.clients import Clients
from scripts.demo.console import Station, Stations
from scripts.demo.data_set import download_version, has_object, read_text, upload
from scripts.demo.executions import Executions
from scripts.demo.failure import with_files
from scripts.demo.job import TASK, DemoError, Job
from scripts.demo.labeling import HumanLabeling, People, PortalPeople, ScriptedLabeling
from scripts.demo.labeling_jobs import LabelingJobs, labeling_jobs
from scripts.demo.leftovers import leftovers
from scripts.demo.rounds import assist_input, figures, in_words
from scripts.demo.studio import use_studio
from scripts.demo.summary import summarize_run, write_summary
from scripts.label_studio_server import LabelStudioServer

RUN_ID = "demo-1"
LABELS = "labels.jsonl"
INSTANCES = 2
# Apps, domains and jobs change their states in a fifth of the local cloud's time; a person gets the whole of it.
TIME_SCALE = 0.2
SEED = 7


class Demo:
    """One run of the main job, from an empty local cloud to an empty local cloud."""

    _noun = "image"

    def __init__(
        self, console: Console, work: Path, job: Job, *, human: bool, backend: str, assist: bool = False
    ) -> None:
        self.stations = Stations(console)
        self._console = console
        self._work = work
        self._job = job
        self._human = human
        self._backend = backend
        self._assist = assist
        self._server: LabelStudioServer | None = None

    def run(self) -> None:
        """Run every station; raises DemoError at the first that fails, or when something is left over."""
        began = time.monotonic()
        files = counted(len(self._job.files), "file")
        self._say(f"[bold]Kempelen[/]: {files} of {self._job.images}, {self._job.question!r}\n")
        with ExitStack() as running:
            labeling = {"backend": self._backend}
            if self._backend == label_studio.BACKEND:
                self._server = running.enter_context(LabelStudioServer(self._work / "label-studio"))
                labeling |= label_studio.settings_of(self._server)
            scale = None if self._human else TIME_SCALE
            cloud = running.enter_context(LocalCloud(self._work / "cloud", time_scale=scale))
            learning = {"enabled": self._assist}
            cdk = Cdk(cloud.environment(), self._work, self._work / "logs", labeling=labeling, learning=learning)
            summary = self._on(cloud, cdk)
        self.stations.seconds["total"] = round(time.monotonic() - began, 2)
        summary["seconds"] = self.stations.seconds
        file = write_summary(self._work, summary)
        made: dict[str, Any] = {
            "Report": summary["report"],
            "Data set": self._work / "dataset",
            "Labels": self._work / LABELS,
        }
        if "assist" in summary:
            self._say(f"\n{in_words(summary['assist'])}")
        self._say("\n" + "\n".join(f"{name:<8} {place}" for name, place in [*made.items(), ("Summary", file)]))
        if summary["leftovers"]:
            raise DemoError("Left over after teardown and destroy:\n" + "\n".join(map(str, summary["leftovers"])))
        self._say(f"[green]Nothing is left over.[/] {self.stations.seconds['total']:.0f} s in all.")

    def _on(self, cloud: LocalCloud, cdk: Cdk) -> dict[str, Any]:
        """Everything between the cloud's start and its end; the summary."""
        with self.stations.station("Bootstrap, synthesize") as station:
            with ThreadPoolExecutor() as pool:
                for step in [pool.submit(cdk.bootstrap), pool.submit(cdk.synth)]:
                    step.result()
            station.say(f"local cloud at {cloud.endpoint}")
        clients = Clients(cloud)
        if self._server:
            clients.secrets.create_secret(Name=label_studio.SECRET, SecretString=self._server.token)
        empty = cloud.inventory()
        with self.stations.station("Deploy (cdk deploy --all)", "deploy") as station:
            outputs = cdk.deploy()
            station.say(f"{cdk.stacks} stacks, {len(cloud.inventory()) - len(empty)} resources")
        if self._server:
            with self.stations.station("Wait for Label Studio") as station:
                self._server.wait()
                station.say(f"at {self._server.url}")
        try:
            summary = self._label_and_augment(cloud, clients, outputs)
        except DemoError as error:
            raise with_files(error, clients.s3, self._work / "failure") from error
        self._tear_down(clients, outputs, summary)
        with self.stations.station("Destroy (cdk destroy --all)", "destroy"):
            cdk.destroy()
        with self.stations.station("Look for left-overs") as station:
            summary["leftovers"] = leftovers(empty, cloud.inventory())
            station.say(f"{len(summary['leftovers'])} left besides the CDK toolkit")
        return summary

    def _label_and_augment(self, cloud: LocalCloud, clients: Clients, outputs: dict[str, str]) -> dict[str, Any]:
        """Upload, run the pipeline, fetch what it published."""
        job = self._job
        recipe = self._upload(clients, outputs)
        labeling = self._labeling(cloud, clients, outputs, job.answers or {}, IMAGE_SINGLE_LABEL)
        task = {"type": TASK, "question": job.question, "labels": list(job.labels)}
        payload: dict[str, Any] = {"dataset": job.dataset, "task": task, "recipe": recipe}
        if self._assist:
            payload["assist"] = assist_input(len(job.files))
        return self._run_pipeline(clients, outputs, labeling, payload)

    def _upload(self, clients: Clients, outputs: dict[str, str]) -> str:
        """The recipe's key."""
        job, bucket = self._job, outputs["DataBucketName"]
        with self.stations.station("Upload") as station:
            recipe = upload(clients.s3, bucket, job)
            station.say(f"{counted(len(job.files), 'file')} to s3://{bucket}/raw/{job.dataset}/")
        return recipe

    def _labeling(
        self, cloud: LocalCloud, clients: Clients, outputs: dict[str, str], answers: dict[str, Any], form: Form
    ) -> ScriptedLabeling | HumanLabeling:
        jobs: LabelingJobs
        people: People
        if self._server:
            jobs = label_studio.LabelStudioJobs(self._server, clients.events)
            people = label_studio.LabelStudioPeople(self._server)
        else:
            jobs = labeling_jobs(self._backend, clients, outputs, cloud.portal)
            people = PortalPeople(clients.cognito, outputs["UserPoolId"], jobs.addresses, form)
        return HumanLabeling(jobs, people.sign_in()) if self._human else ScriptedLabeling(jobs, people.workers(answers))

    def _run_pipeline(
        self,
        clients: Clients,
        outputs: dict[str, str],
        labeling: ScriptedLabeling | HumanLabeling,
        payload: dict[str, Any],
    ) -> dict[str, Any]:
        """Label, augment, fetch; the summary."""
        executions = Executions(clients.states)
        terms: dict[str, Any] = {"title": payload["dataset"], "workers_per_object": labeling.workers_per_object}
        if self._server:
            terms["availability_seconds"] = label_studio.AVAILABLE_SECONDS
        common = {"run_id": RUN_ID, "seed": SEED, "instances": INSTANCES}
        payload = {**common, **payload, "task": {**payload["task"], **terms}}
        pipeline = executions.start(outputs["PipelineStateMachineArn"], RUN_ID, payload)
        with self.stations.station("Label", "label") as station, labeling:
            self._wait_for_labels(executions, outputs, labeling, pipeline, station)
        self._keep_labels(clients, outputs, payload["dataset"])
        with self.stations.station("Augment", "augment") as station:
            result = executions.wait(pipeline)
            augmented = result["augment"]
            station.say(self._published(augmented))
        with self.stations.station("Fetch the published version"):
            download_version(clients.s3, augmented["uri"], self._work / "dataset")
            rows = read_labels(read_text(clients.s3, result["label"]["labels_uri"]))
        names = ("Pipeline", *(["Assist"] if self._assist else []), "Label", "Augment")
        machines = [outputs[f"{name}StateMachineArn"] for name in names]
        ran = [execution for machine in machines for execution in executions.of(machine)]
        summary = summarize_run(rows, augmented, ran, self._work / "dataset/report.html")
        if self._assist:
            summary["assist"] = figures(result["label"]["assist"], rows, self._job.answers)
        return {**summary, "backend": result["label"]["backend"]}

    def _published(self, augmented: dict[str, Any]) -> str:
        files = counted(augmented["outputs"], self._noun)
        return f"{augmented['version']}: {files}, {augmented['quarantined']} quarantined"

    def _keep_labels(self, clients: Clients, outputs: dict[str, str], dataset: str) -> None:
        """What people answered is kept at once: what comes next may fail, and the local cloud forgets everything."""
        key = f"labels/{dataset}/{RUN_ID}/labels.jsonl"
        if has_object(clients.s3, outputs["DataBucketName"], key):
            text = read_text(clients.s3, f"s3://{outputs['DataBucketName']}/{key}")
            (self._work / LABELS).write_text(text, encoding="utf-8")

    def _wait_for_labels(
        self,
        executions: Executions,
        outputs: dict[str, str],
        labeling: ScriptedLabeling | HumanLabeling,
        pipeline: str,
        station: Station,
    ) -> None:
        """Show the counters until the execution has ended that asks people."""
        machine = outputs["AssistStateMachineArn" if self._assist else "LabelStateMachineArn"]
        while executions.status(pipeline) == "RUNNING":
            ran = executions.of(machine)
            station.say(f"{'newest round: ' if self._assist else ''}{labeling.progress()}")
            if ran and ran[-1]["status"] != "RUNNING":
                return
            time.sleep(0.25)

    def _tear_down(self, clients: Clients, outputs: dict[str, str], summary: dict[str, Any]) -> None:
        """Use Studio as people do, then let the teardown state machine remove it all."""
        with self.stations.station("Use Studio") as station:
            station.say(", ".join(use_studio(clients.sagemaker, outputs["DomainId"], outputs["UserProfileName"])))
        executions = Executions(clients.states)
        with self.stations.station("Teardown (state machine)", "teardown") as station:
            arn = executions.start(outputs["TeardownStateMachineArn"], RUN_ID, {"confirm": STAGE})
            deleted = executions.wait(arn)["deleted"]
            station.say(f"{len(deleted)} removed, in order")
        summary["executions"] += executions.of(outputs["TeardownStateMachineArn"])

    def _say(self, text: str) -> None:
        self._console.print(text, highlight=False, soft_wrap=True)
