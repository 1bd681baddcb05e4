"""Names derived from a run: the same run always gets the same names, so that doing it twice is seen."""

from __future__ import annotations

import hashlib
import re

RUN_ID_PATTERN = r"^[A-Za-z0-9]([A-Za-z0-9-]{0,38}[A-Za-z0-9])?$"
DATASET_PATTERN = r"^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$"
# docs.aws.amazon.com/sagemaker/latest/APIReference/API_Tag.html, whose letters, spaces and digits are any alphabet's.
TAG_PATTERN, NO_TAG_PATTERN = r"[\w .:/=+\-@]{0,256}", r"[^\w .:/=+\-@]"
WORKERS = "workers.json"
"""Beside `labels.jsonl`, of runs with a consensus or known answers."""
ASSISTED = "assist.json"
"""Beside `labels.jsonl`, of runs in rounds."""
JOB_NAME_LIMIT = 63  # labeling and processing jobs alike, botocore's model of SageMaker
_ROOM_FOR_ATTEMPT = len("-21")  # the augment workflow numbers the jobs that it makes again

_RUN_ID_LIMIT = 40
_DIGEST_LENGTH = 8


def digest(*parts: str) -> str:
    """64 hex digits that differ whenever any part, or where one part ends, differs."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def run_id_from_execution(execution_name: str) -> str:
    """The execution's name where it is a run id already, else a readable short form made unique by a digest."""
    if re.fullmatch(RUN_ID_PATTERN, execution_name, flags=re.ASCII):
        return execution_name
    readable = re.sub(r"[^A-Za-z0-9]+", "-", execution_name).strip("-")
    readable = readable[: _RUN_ID_LIMIT - _DIGEST_LENGTH - 1].strip("-") or "run"
    return f"{readable}-{digest(execution_name)[:_DIGEST_LENGTH]}"


def tag_value(text: str) -> str:
    """The text as the value of a tag: an execution's name may break their pattern, by `!` for example."""
    if re.fullmatch(TAG_PATTERN, text):
        return text
    return f"{re.sub(NO_TAG_PATTERN, '-', text)[: 256 - _DIGEST_LENGTH - 1]}-{digest(text)[:_DIGEST_LENGTH]}"


def run_id_from_window(window: str) -> str:
    """The run id of one tick of a schedule: `2026-11-22T10:15:00Z` becomes `20261122T101500Z`."""
    return re.sub(r"[^0-9A-Za-z]", "", window)[:_RUN_ID_LIMIT]


def job_name(
    prefix: str, kind: str, dataset: str, *identity: str, limit: int = JOB_NAME_LIMIT - _ROOM_FOR_ATTEMPT
) -> str:
    """At most `limit` characters. `identity` (run id and the like) is hashed, because case does not tell two jobs
    apart."""
    tail = digest(dataset, *identity)[:_DIGEST_LENGTH]
    head = f"{prefix}{kind}-"
    room = limit - len(head) - len(tail) - 1
    return f"{head}{dataset[:room].strip('-')}-{tail}"


def version_name(number: int, run_id: str) -> str:
    """`v0001-3fa9c1`: the number orders versions, the digest keeps two runs' outputs apart whatever happens."""
    return f"v{number:04d}-{digest(run_id)[:6]}"


def labeling_prefix(dataset: str, run_id: str) -> str:
    return f"labeling/{dataset}/{run_id}/"


def run_file_key(dataset: str, run_id: str) -> str:
    return f"{labeling_prefix(dataset, run_id)}run.json"


def reused_key(dataset: str, run_id: str) -> str:
    return f"{labeling_prefix(dataset, run_id)}reused.jsonl"


def gold_key(dataset: str, run_id: str) -> str:
    return f"{labeling_prefix(dataset, run_id)}gold.jsonl"


def etags_key(dataset: str, run_id: str) -> str:
    return f"{labeling_prefix(dataset, run_id)}etags.jsonl"


def labels_key(dataset: str, run_id: str) -> str:
    return f"labels/{dataset}/{run_id}/labels.jsonl"


def workers_key(dataset: str, run_id: str) -> str:
    return f"labels/{dataset}/{run_id}/{WORKERS}"


def assisted_key(dataset: str, run_id: str) -> str:
    return f"labels/{dataset}/{run_id}/{ASSISTED}"


def assist_prefix(dataset: str, run_id: str) -> str:
    return f"assist/{dataset}/{run_id}/"


def round_prefix(dataset: str, run_id: str, number: int) -> str:
    return f"{assist_prefix(dataset, run_id)}rounds/{number}/"


def kept_embeddings_key(dataset: str) -> str:
    """Of the data set's newest run in rounds: what has the same bytes is not embedded again."""
    return f"assist/{dataset}/embeddings.npz"


def round_run_id(run_id: str, number: int) -> str:
    """The run of `label` in which people answer a round: `demo-1-r0`; a long one is cut and told apart by a digest."""
    tail = f"-r{number}"
    if len(run_id) + len(tail) <= _RUN_ID_LIMIT:
        return f"{run_id}{tail}"
    room = _RUN_ID_LIMIT - _DIGEST_LENGTH - 1 - len(tail)
    return f"{run_id[:room].strip('-')}-{digest(run_id)[:_DIGEST_LENGTH]}{tail}"


def augmenting_prefix(dataset: str, run_id: str) -> str:
    return f"augmenting/{dataset}/{run_id}/"


def version_prefix(dataset: str, version: str) -> str:
    return f"datasets/{dataset}/{version}/"


PORTAL_SOURCE, PORTAL_EVENT = "kempelen.portal", "Kempelen Labeling Job State Change"
"""The event that tells of the end of a job whose back end has none of its own: our portal, or a Label Studio server."""


def portal_job_resource(job: str) -> str:
    """What the event calls the job."""
    return f"labeling-job/{job}"
