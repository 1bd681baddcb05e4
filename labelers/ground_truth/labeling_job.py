"""A Ground Truth labeling job: start, look, stop, read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from adapters.aws_errors import translated
from domain.errors import AlreadyExists, LabelingJobConflict, NotFound
from domain.jsonlines import load_lines
from domain.labeling.answers import votes_of
from domain.labeling.manifest.input_manifest import object_of
from domain.labeling.port import LabelingResult
from domain.labeling.preflight import Check, only_in_the_portal
from domain.labeling.worker_page import worker_page
from domain.workflow.inputs import CostEstimate, LabelingTask
from domain.workflow.names import job_name, tag_value
from domain.workflow.ports import ObjectStore
from domain.workflow.s3_uri import S3Uri
from domain.workflow.states import BuiltManifest, LabelingJob, LabelingProgress, LabelRun
from labelers.ground_truth.automated import algorithms, check_automated, refuse_too_few
from labelers.ground_truth.built_in_functions import BUILT_IN
from labelers.ground_truth.fee import fee
from labelers.ground_truth.job_output import read_output_manifest
from labelers.ground_truth.preflight import check_region, check_service, check_task_type, check_workteam
from labelers.ground_truth.worker_responses import is_response, read_responses

_OVER = frozenset({"Completed", "Failed", "Stopped"})
_STOPPABLE = frozenset({"Initializing", "InProgress"})
_EXECUTION_TAG = "kempelen:execution"


@dataclass(frozen=True)
class JobSettings:
    """What every labeling job of a stage has in common. `role` is what Ground Truth assumes to read and write S3.

    `automated`: whether the role may run a model; `volume_key` then encrypts the disks of its machines, if given.
    """

    region: str
    workteam: str
    role: str
    job_prefix: str
    stage: str
    automated: bool = False
    volume_key: str = ""


class GroundTruthLabeler:
    """Fulfils `domain.labeling.port.Labeler`."""

    max_objects = 100_000  # https://docs.aws.amazon.com/sagemaker/latest/dg/input-data-limits.html

    def __init__(self, client: Any, store: ObjectStore, settings: JobSettings) -> None:
        self._client = client
        self._store = store
        self._settings = settings

    def checks(self, task: LabelingTask) -> list[Check]:
        """The Region has the built-in functions, the account may use Ground Truth, the workteam exists."""
        region, workteam = self._settings.region, self._settings.workteam
        return [
            check_task_type(task),
            check_region(region),
            check_service(self._client),
            check_workteam(self._client, workteam, region),
            *check_automated(task, allowed=self._settings.automated),
            *only_in_the_portal(task),
        ]

    def estimate(self, task: LabelingTask, objects: int) -> CostEstimate:
        """AWS's fee. Raises InvalidInput: too few objects for automated labeling."""
        refuse_too_few(task, objects)
        return fee(task, objects, self._settings.workteam, self._settings.region)

    def page(self, task: LabelingTask) -> str:
        """Liquid with crowd HTML elements."""
        return worker_page(task)

    def name(self, run: LabelRun) -> str:
        return job_name(self._settings.job_prefix, "label", run.dataset, run.run_id)

    def start(self, run: LabelRun, manifest: BuiltManifest) -> LabelingJob:
        name = self.name(run)
        try:
            with translated(f"create labeling job {name}"):
                self._client.create_labeling_job(**self._request(name, run, manifest))
        except AlreadyExists:
            return self._adopt(name, run, manifest)
        return LabelingJob(name=name, created_here=True)

    def progress(self, job_name: str) -> LabelingProgress:
        job = self._describe(job_name)
        counters = job["LabelCounters"]
        return LabelingProgress(
            status=job["LabelingJobStatus"],
            finished=job["LabelingJobStatus"] in _OVER,
            labeled=counters.get("TotalLabeled", 0),
            unlabeled=counters.get("Unlabeled", 0),
            failed=counters.get("FailedNonRetryableError", 0),
            failure_reason=job.get("FailureReason", ""),
        )

    def stop(self, run: LabelRun) -> bool:
        name = self.name(run)
        try:
            job = self._describe(name)
        except NotFound:
            return False
        mine = _tags(job).get(_EXECUTION_TAG) == tag_value(run.execution)
        if not mine or job["LabelingJobStatus"] not in _STOPPABLE:
            return False
        with translated(f"stop labeling job {name}"):
            self._client.stop_labeling_job(LabelingJobName=name)
        return True

    def result(self, run: LabelRun, job_name: str, manifest: BuiltManifest) -> LabelingResult:
        text = self._store.read(manifest.manifest_uri.key_in(self._store.bucket))
        objects = [object_of(row) for row in load_lines(text, manifest.manifest_uri)]
        files = self._store.read_all(self._response_keys(job_name, manifest))
        choices, unreadable = read_responses(files, run.task, objects)
        workers = {source: len(by_worker) for source, by_worker in choices.items()}
        text = self._output_manifest(job_name, manifest)
        answers, ignored = read_output_manifest(text, run.task, {source for source, _ in objects}, workers)
        votes = {source: votes_of(by_worker) for source, by_worker in choices.items()}
        return LabelingResult(answers, votes, ignored + unreadable)

    def _adopt(self, name: str, run: LabelRun, manifest: BuiltManifest) -> LabelingJob:
        job = self._describe(name)
        theirs = job["InputConfig"]["DataSource"].get("S3DataSource", {}).get("ManifestS3Uri")
        tags = _tags(job)
        same_run = (tags.get("kempelen:dataset"), tags.get("kempelen:run")) == (run.dataset, run.run_id)
        if theirs != manifest.manifest_uri or not same_run:
            raise LabelingJobConflict(
                f"labeling job {name} exists already and is not this run's: its manifest is {theirs}, this run's is "
                f"{manifest.manifest_uri}. Labeling jobs cannot be deleted: start again under another run_id"
            )
        return LabelingJob(name=name, created_here=tags.get(_EXECUTION_TAG) == tag_value(run.execution))

    def _describe(self, name: str) -> dict[str, Any]:
        with translated(f"describe labeling job {name}"):
            job: dict[str, Any] = self._client.describe_labeling_job(LabelingJobName=name)
        return job

    def _output_manifest(self, name: str, manifest: BuiltManifest) -> str:
        """The output manifest's text. A job that ended early may not say where it is, though it wrote one."""
        output = self._describe(name).get("LabelingJobOutput", {}).get("OutputDatasetS3Uri")
        uri = S3Uri(output or f"{self._folder(name, manifest)}manifests/output/output.manifest")
        return self._store.find(uri.key_in(self._store.bucket)) or ""

    def _response_keys(self, name: str, manifest: BuiltManifest) -> Iterator[str]:
        prefix = S3Uri(f"{self._folder(name, manifest)}annotations/worker-response/")
        listed = self._store.list_objects(prefix.key_in(self._store.bucket))
        return (item.key for item in listed if is_response(item.key))

    def _folder(self, name: str, manifest: BuiltManifest) -> str:
        return f"{manifest.output_uri.rstrip('/')}/{name}/"

    def _request(self, name: str, run: LabelRun, manifest: BuiltManifest) -> dict[str, Any]:
        return {
            "LabelingJobName": name,
            "LabelAttributeName": run.task.label_attribute,
            "InputConfig": {"DataSource": {"S3DataSource": {"ManifestS3Uri": manifest.manifest_uri}}},
            "OutputConfig": {"S3OutputPath": manifest.output_uri},
            "RoleArn": self._settings.role,
            "LabelCategoryConfigS3Uri": manifest.categories_uri,
            "HumanTaskConfig": self._human_task(run, manifest),
            **_stopping(run.task),
            **algorithms(run.task, self._settings.region, self._settings.volume_key),
            "Tags": self._tags(run),
        }

    def _human_task(self, run: LabelRun, manifest: BuiltManifest) -> dict[str, Any]:
        task, kind, region = run.task, BUILT_IN[run.task.type], self._settings.region
        return {
            "WorkteamArn": self._settings.workteam,
            "UiConfig": {"UiTemplateS3Uri": manifest.template_uri},
            "PreHumanTaskLambdaArn": kind.pre_annotation_arn(region),
            "AnnotationConsolidationConfig": {"AnnotationConsolidationLambdaArn": kind.consolidation_arn(region)},
            "TaskKeywords": list(task.keywords),
            "TaskTitle": task.title or run.dataset,
            "TaskDescription": task.question,
            "NumberOfHumanWorkersPerDataObject": task.workers_per_object,
            "TaskTimeLimitInSeconds": task.task_time_limit_seconds,
            "TaskAvailabilityLifetimeInSeconds": task.availability_seconds,
            **({"MaxConcurrentTaskCount": task.max_concurrent_tasks} if task.max_concurrent_tasks else {}),
        }

    def _tags(self, run: LabelRun) -> list[dict[str, str]]:
        tags = {
            "project": "kempelen",
            "kempelen:stage": self._settings.stage,
            "kempelen:dataset": run.dataset,
            "kempelen:run": run.run_id,
            _EXECUTION_TAG: tag_value(run.execution),
        }
        return [{"Key": key, "Value": value} for key, value in tags.items()]


def _stopping(task: LabelingTask) -> dict[str, Any]:
    given = {
        "MaxHumanLabeledObjectCount": task.max_labeled_objects,
        "MaxPercentageOfInputDatasetLabeled": task.max_labeled_percent,
    }
    conditions = {name: value for name, value in given.items() if value is not None}
    return {"StoppingConditions": conditions} if conditions else {}


def _tags(job: Mapping[str, Any]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in job.get("Tags", [])}
