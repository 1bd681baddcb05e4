"""Where a labeling job writes: `<S3OutputPath>/<job>/` with the rights of the job's role."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from localcloud.ground_truth.job import outputs
from localcloud.ground_truth.job.role import bucket_and_key
from localcloud.ground_truth.job.task_pool import Answer
from localcloud.sagemaker import clock


class JobFolder:
    """Writes one job's files; not thread-safe, the job's run writes from one thread at a time."""

    def __init__(self, job: Mapping[str, Any], s3: Any) -> None:
        self._root = f"{job['OutputConfig']['S3OutputPath'].rstrip('/')}/{job['LabelingJobName']}"
        key = job["OutputConfig"].get("KmsKeyId")
        self._encryption = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": key} if key else {}
        self._s3 = s3
        self._stamp = 0.0

    def write(self, path: str, text: str) -> str:
        """The S3 URI of what was written."""
        uri = f"{self._root}/{path}"
        bucket, key = bucket_and_key(uri)
        self._s3.put_object(Bucket=bucket, Key=key, Body=text.encode(), **self._encryption)
        return uri

    def write_batch(
        self,
        batch: Mapping[int, Sequence[Answer]],
        rows: Sequence[Mapping[str, Any]],
        contents: Mapping[int, Mapping[str, Any]],
    ) -> None:
        """Worker responses, and what the consolidation function read and answered, all of one time stamp."""
        # Files are named by the second; two batches within one second must not share a name.
        self._stamp = max(clock.now(), self._stamp + 1)
        stamp = outputs.file_stamp(self._stamp)
        for index, answers in batch.items():
            self.write(outputs.worker_response_path(index, stamp), outputs.worker_response(answers))
        self.write(outputs.consolidation_path("request", stamp), outputs.consolidation_request(batch, rows))
        self.write(outputs.consolidation_path("response", stamp), outputs.consolidation_response(contents))
