"""One labeling job at work: hands out tasks, consolidates answers in batches, writes the output, keeps the counters."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from botocore.exceptions import ClientError

from localcloud.ground_truth.job import events, inputs, outputs
from localcloud.ground_truth.job.folder import JobFolder
from localcloud.ground_truth.job.input_files import BadInputError
from localcloud.ground_truth.job.role import s3_of_role
from localcloud.ground_truth.job.rules import stopping_condition_met
from localcloud.ground_truth.job.task_pool import Answer, Assignment, TaskPool, Worker
from localcloud.ground_truth.job.task_types import TaskType
from localcloud.ground_truth.members import members_of
from localcloud.sagemaker import clock

CONSOLIDATION_SECONDS = 1.0
DEFAULT_CONCURRENT_TASKS = 1000
_DEFAULT_AVAILABILITY = 30 * 24 * 3600  # private workforces
TERMINAL = ("Completed", "Failed", "Stopped")

_LOG = logging.getLogger(__name__)
# Reading and writing S3 would hold up the clock, so it happens here.
_BACKGROUND = ThreadPoolExecutor(max_workers=4, thread_name_prefix="ground_truth")


class LabelingRun:
    """`record` is what DescribeLabelingJob answers; it changes only under `lock`."""

    def __init__(self, record: dict[str, Any], task_type: TaskType) -> None:
        self.record = record
        self.task_type = task_type
        self.lock = threading.RLock()
        self._writing = threading.RLock()
        self._inputs = inputs.Inputs([], [], "")
        self._pool = TaskPool(0, 1, 1)
        self._folder: JobFolder | None = None
        self._pending: list[int] = []
        self._contents: dict[int, dict[str, Any]] = {}
        self._consolidation_due = False

    # -- life cycle ------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Read the inputs and open the job for workers, or fail it with the reason."""
        self._in_background(self._start)

    def stop(self) -> None:
        """Close the job for workers; what was answered is consolidated before it is Stopped."""
        with self.lock:
            self.record["LabelingJobStatus"] = "Stopping"
            self._touch()
        self._in_background(lambda: self._end("Stopped"))

    def fail(self, reason: str) -> None:
        """End the job as Failed; what was answered until now is written all the same."""
        self._in_background(lambda: self._end("Failed", reason))

    def is_open(self) -> bool:
        return bool(self.record["LabelingJobStatus"] == "InProgress")

    def _start(self) -> None:
        job = self.record
        s3 = s3_of_role(job["RoleArn"], job["LabelingJobName"])
        loaded = inputs.load(job, self.task_type.functions, s3)
        with self.lock:
            if job["LabelingJobStatus"] == "Initializing":
                self._open(loaded, JobFolder(job, s3))
        if self.is_open() and self._pool.done():
            self._end("Completed")

    def _open(self, loaded: inputs.Inputs, folder: JobFolder) -> None:
        task = self.record["HumanTaskConfig"]
        self._inputs = loaded
        self._folder = folder
        self._pool = TaskPool(
            len(loaded.rows),
            task["NumberOfHumanWorkersPerDataObject"],
            task["TaskTimeLimitInSeconds"] * clock.scale(),
            task.get("MaxConcurrentTaskCount", DEFAULT_CONCURRENT_TASKS),
        )
        self._keep_earlier_labels()
        self.record["LabelingJobStatus"] = "InProgress"
        self._count()
        clock.after(task.get("TaskAvailabilityLifetimeInSeconds", _DEFAULT_AVAILABILITY), self._expire)

    def _keep_earlier_labels(self) -> None:
        """A chained job does not ask again for what its manifest has under the same attribute."""
        attribute = self.record["LabelAttributeName"]
        for index, row in enumerate(self._inputs.rows):
            if attribute in row and f"{attribute}-metadata" in row:
                self._contents[index] = {}
                self._pool.close(index)

    def _expire(self) -> None:
        if self.is_open():
            self._in_background(lambda: self._end("Completed"))

    def _end(self, status: str, reason: str | None = None) -> None:
        """Consolidate what is answered, write the last manifest, and be `status`. The first one to end the job wins."""
        with self._writing:
            with self.lock:
                if self.record["LabelingJobStatus"] in TERMINAL:
                    return
                # Its start or its last answer may come first: a job that was told to stop ends as Stopped all the same.
                if self.record["LabelingJobStatus"] == "Stopping" and status == "Completed":
                    status = "Stopped"
                self._pool.keep_earlier_answers()
                self._pending += [index for index in self._pool.answered() if index not in self._contents]
                for index in range(len(self._inputs.rows)):
                    self._pool.close(index)
            if self._folder is not None:
                uri = self._consolidate(self._folder)
                self.record["LabelingJobOutput"] = {"OutputDatasetS3Uri": uri}
            self._finish(status, reason)

    def _finish(self, status: str, reason: str | None = None) -> None:
        with self.lock:
            self.record["LabelingJobStatus"] = status
            if reason:
                self.record["FailureReason"] = reason[:1024]
            self._touch()
        events.job_ended(self.record["LabelingJobArn"], status)

    def _in_background(self, step: Callable[[], None]) -> None:
        _BACKGROUND.submit(self._failing_the_job, step)

    def _failing_the_job(self, step: Callable[[], None]) -> None:
        try:
            step()
        except BadInputError as error:
            self._finish("Failed", str(error))
        except ClientError as error:
            self._finish("Failed", f"ClientError: {error}")
        except Exception as error:  # noqa: BLE001  (whatever went wrong, the job must not hang)
            _LOG.exception("labeling job %s failed", self.record["LabelingJobName"])
            self._finish("Failed", f"InternalServerError: {error}")

    # -- what workers do -------------------------------------------------------------------------------------------

    @property
    def template(self) -> str:
        return self._inputs.template

    def take(self, worker: Worker) -> Assignment | None:
        """The worker's current or next task."""
        with self.lock:
            found = self._pool.take(worker, clock.now()) if self.is_open() else None
        if found is not None or not self.is_open():
            return found
        members = self._members()
        with self.lock:
            again = self._pool.offer_again(members, clock.now())
            return self._pool.take(worker, clock.now()) if again and self.is_open() else None

    def _members(self) -> set[str]:
        return members_of(self.record["HumanTaskConfig"]["WorkteamArn"])

    def assignment(self, task_id: str, worker: Worker) -> Assignment | None:
        """The worker's running assignment of this id."""
        with self.lock:
            return self._pool.lease(task_id, worker, clock.now()) if self.is_open() else None

    def available(self, worker: Worker) -> int:
        """How many tasks the worker could do now."""
        with self.lock:
            return self._pool.available(worker, clock.now()) if self.is_open() else 0

    def task_input(self, assignment: Assignment) -> dict[str, Any]:
        """What the template sees as `task.input`: the built-in PRE- functions give the object and the labels."""
        row = self._inputs.rows[assignment.index]
        return {"taskObject": row.get("source-ref", row.get("source")), "labels": list(self._inputs.labels)}

    def earlier_label(self, assignment: Assignment) -> str | None:
        """What the worker had answered, if the task is to replace that."""
        if assignment.earlier is None:
            return None
        return self.task_type.shown(self.task_type.choice(assignment.earlier.content, self._inputs.labels))

    def submit(self, task_id: str, worker: Worker, content: dict[str, Any]) -> bool:
        """Record an answer; False when the task is not this worker's any more.

        Raises ValueError when the form's value can be no answer of this task type and these labels.
        """
        self.task_type.choice(content, self._inputs.labels)
        with self.lock:
            assignment = self.assignment(task_id, worker)
            if assignment is not None and self._pool.submit(assignment, content, clock.now()):
                self._pool.close(assignment.index)
                self._pending.append(assignment.index)
            if self._pending:
                self._consolidate_soon()
        return assignment is not None

    def undoable(self, worker: Worker) -> bool:
        """Whether the worker's last answer is in no label yet."""
        with self.lock:
            return self.is_open() and self._pool.undoable(worker)

    def undo(self, worker: Worker) -> Assignment | None:
        """The worker's last answer as a task once more; None when it is too late."""
        with self.lock:
            return self._pool.undo(worker, clock.now()) if self.is_open() else None

    def give_back(self, task_id: str, worker: Worker, *, for_good: bool) -> bool:
        """Skip the task, or decline it `for_good`; False when it is not this worker's any more."""
        with self.lock:
            assignment = self.assignment(task_id, worker)
            if assignment is not None:
                give = self._pool.decline if for_good else self._pool.skip
                give(assignment)
        if assignment is not None and for_good:
            self._end_if_nobody_can_go_on()
        return assignment is not None

    def _end_if_nobody_can_go_on(self) -> None:
        """AWS would offer what is left for up to 30 days; here it ends without a label."""
        members = self._members()
        with self.lock:
            over = self.is_open() and self._pool.exhausted(members, clock.now())
        if over:
            self._in_background(lambda: self._end("Completed"))

    # -- consolidation ---------------------------------------------------------------------------------------------

    def _consolidate_soon(self) -> None:
        if not self._consolidation_due:
            self._consolidation_due = True
            delay = 0.0 if self._pool.done() else CONSOLIDATION_SECONDS
            clock.after(delay, lambda: self._in_background(self._consolidate_batch))

    def _consolidate_batch(self) -> None:
        with self._writing:
            self._consolidation_due = False
            if self._folder is None or not self.is_open():
                return
            with self.lock:
                held = self._pool.held(clock.now())
                # An answer that was taken back for good has opened its object again.
                self._pending = [index for index in self._pending if self._pool.closed(index)]
                due = set(self._pending) - held
            if due:
                self._consolidate(self._folder, held)
        if self._pending:
            self._consolidate_soon()
        elif self._pool.done():
            self._end("Completed")
        if self.is_open() and stopping_condition_met(self.record, len(self._contents), len(self._inputs.rows)):
            self.stop()

    def _consolidate(self, folder: JobFolder, held: Collection[int] = ()) -> str:
        """Turn the finished objects into labels, but for those held; write all that Ground Truth writes.

        Gives the output manifest's URI.
        """
        with self.lock:
            batch = {index: self._pool.answers(index) for index in sorted(set(self._pending).difference(held))}
            self._pending = [index for index in self._pending if index in held]
            self._pool.settle(batch)
        contents = {index: self._label(answers) for index, answers in batch.items()}
        if batch:
            folder.write_batch(batch, self._inputs.rows, contents)
        with self.lock:
            self._contents.update(contents)
            self._count()
            manifest = outputs.manifest(self._inputs.rows, self._contents)
        folder.write(outputs.INTERMEDIATE_MANIFEST, manifest)
        return folder.write(outputs.OUTPUT_MANIFEST, manifest)

    def _label(self, answers: list[Answer]) -> dict[str, Any]:
        return outputs.label_content(
            self.record["LabelAttributeName"],
            self.task_type.label([answer.content for answer in answers], self._inputs.labels),
            job=self.record["LabelingJobName"],
            task_type=self.task_type,
            created=clock.now(),
        )

    def _count(self) -> None:
        labeled = len(self._contents)
        self.record["LabelCounters"] = {
            "TotalLabeled": labeled,
            "HumanLabeled": labeled,
            "MachineLabeled": 0,
            "FailedNonRetryableError": 0,
            "Unlabeled": len(self._inputs.rows) - labeled,
        }
        self._touch()

    def _touch(self) -> None:
        self.record["LastModifiedTime"] = clock.now()
