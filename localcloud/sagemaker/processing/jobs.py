"""CreateProcessingJob, DescribeProcessingJob, StopProcessingJob, DeleteProcessingJob, ListProcessingJobs."""

from __future__ import annotations

from localcloud.sagemaker import clock, outcomes, store, tags
from localcloud.sagemaker.api import Params, operation
from localcloud.sagemaker.container_paths import LOCAL_ROOT
from localcloud.sagemaker.errors import ApiError
from localcloud.sagemaker.processing.run import JobRun
from localcloud.sagemaker.roles import require_assumable
from localcloud.sagemaker.store import LOCK, Record, table

ENDED = ("Completed", "Failed", "Stopped")
_MAX_RUNTIME_SECONDS = 86_400  # AWS's default
_RUNS: dict[str, JobRun] = {}


def find(name: str) -> Record:
    """Job names are unique whatever their case is, so they are found whatever it is."""
    record = table("processing-job").get(name.lower())
    if record is None:
        raise ApiError("ValidationException", f"Could not find requested job with name: {name}")
    return record


@operation("CreateProcessingJob")
def create(params: Params) -> Params:
    name = params["ProcessingJobName"]
    _check_emulated(params)
    _check_paths(params)
    require_assumable(params["RoleArn"])
    with LOCK:
        taken = table("processing-job").get(name.lower())
        if taken:
            message = (
                "Job name must be unique within an AWS account and region, and a job with this name already exists"
            )
            raise ApiError("ResourceInUse", f"{message} ({taken['ProcessingJobArn']})")
        now = clock.now()
        record: Record = {
            "StoppingCondition": {"MaxRuntimeInSeconds": _MAX_RUNTIME_SECONDS},
            **params,
            "ProcessingJobArn": store.arn("processing-job", name.lower()),
            "ProcessingJobStatus": "InProgress",
            "CreationTime": now,
            "LastModifiedTime": now,
        }
        table("processing-job")[name.lower()] = record
        _RUNS[record["ProcessingJobArn"]] = JobRun(record, outcomes.PLAN.draw("CreateProcessingJob", name))
        _RUNS[record["ProcessingJobArn"]].start()
    return {"ProcessingJobArn": record["ProcessingJobArn"]}


def _check_emulated(params: Params) -> None:
    """Say so, rather than run something else than AWS would."""
    cluster = params["ProcessingResources"]["ClusterConfig"]
    inputs = [item.get("S3Input") or {} for item in params.get("ProcessingInputs", [])]
    outputs = params.get("ProcessingOutputConfig", {}).get("Outputs", [])
    refused = {
        "a job without ContainerEntrypoint (there are no images)": not params["AppSpecification"].get(
            "ContainerEntrypoint"
        ),
        "InstancePreferences": "InstancePreferences" in cluster,
        "inputs other than S3Input": not all(inputs),
        "S3InputMode Pipe": any(item.get("S3InputMode") == "Pipe" for item in inputs),
        "S3CompressionType Gzip": any(item.get("S3CompressionType") == "Gzip" for item in inputs),
        "outputs other than S3Output": not all(item.get("S3Output") for item in outputs),
    }
    for what, given in refused.items():
        if given:
            raise ApiError("ValidationException", f"The local cloud does not emulate {what}")
    missing = [member for member in ("InstanceType", "InstanceCount") if member not in cluster]
    if missing:
        raise ApiError("ValidationException", f"ClusterConfig.{missing[0]} is required")


def _check_paths(params: Params) -> None:
    items = [(item["InputName"], item["S3Input"]) for item in params.get("ProcessingInputs", [])]
    items += [
        (item["OutputName"], item["S3Output"]) for item in params.get("ProcessingOutputConfig", {}).get("Outputs", [])
    ]
    seen: set[str] = set()
    for name, item in items:
        path = item.get("LocalPath", "")
        if not path.startswith(LOCAL_ROOT) or ".." in path.split("/"):
            raise ApiError("ValidationException", f"LocalPath of {name} must begin with {LOCAL_ROOT}, not {path!r}")
        if path.rstrip("/") in seen:
            raise ApiError("ValidationException", f"LocalPath {path} is given twice")
        seen.add(path.rstrip("/"))


@operation("DescribeProcessingJob")
def describe(params: Params) -> Params:
    return dict(find(params["ProcessingJobName"]))


@operation("StopProcessingJob")
def stop(params: Params) -> Params:
    with LOCK:
        record = find(params["ProcessingJobName"])
        status = record["ProcessingJobStatus"]
        if status in ENDED:
            message = f"The request was rejected because the processing job is in status {status}."
            raise ApiError("ValidationException", message)
        if status == "InProgress":
            record.update(ProcessingJobStatus="Stopping", LastModifiedTime=clock.now())
            _RUNS[record["ProcessingJobArn"]].stop()
    return {}


@operation("DeleteProcessingJob")
def delete(params: Params) -> Params:
    with LOCK:
        record = find(params["ProcessingJobName"])
        if record["ProcessingJobStatus"] not in ENDED:
            message = f"The processing job is in status {record['ProcessingJobStatus']}: stop it first"
            raise ApiError("ResourceInUse", message)
        del table("processing-job")[record["ProcessingJobName"].lower()]
        _RUNS.pop(record["ProcessingJobArn"], None)
        tags.forget(record["ProcessingJobArn"])
    return {}


@operation("ListProcessingJobs")
def list_jobs(params: Params) -> Params:
    with LOCK:
        records = [dict(record) for record in table("processing-job").values()]
    chosen = [record for record in records if _listed(record, params)]
    fields = {"Name": "ProcessingJobName", "Status": "ProcessingJobStatus"}
    return store.paginate(chosen, params, "ProcessingJobSummaries", sort=fields)


def _listed(record: Record, params: Params) -> bool:
    bounds = [
        params.get(f"{field}After", float("-inf")) < record[field] < params.get(f"{field}Before", float("inf"))
        for field in ("CreationTime", "LastModifiedTime")
    ]
    named = params.get("NameContains", "").lower() in record["ProcessingJobName"].lower()
    return all(bounds) and named and params.get("StatusEquals") in (None, record["ProcessingJobStatus"])
