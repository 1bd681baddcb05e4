"""Environment variables that several functions read, with what they name."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, cached_property

from adapters.clients import client
from adapters.environment import Environment
from adapters.executions import StepFunctionsExecutions
from adapters.ledger import DynamoLedger
from adapters.object_store import S3ObjectStore
from domain.labeling.choice import backend_of
from domain.labeling.port import Labeler
from domain.labeling.watch import Watched
from domain.workflow.states import LabelRun
from labelers.factory import make_labeler


class BucketVariables(Environment):
    data_bucket: str

    @cached_property
    def store(self) -> S3ObjectStore:
        """The data bucket."""
        return S3ObjectStore(client("s3"), self.data_bucket)


class LedgerVariables(Environment):
    ledger_table: str

    @cached_property
    def ledger(self) -> DynamoLedger:
        """Leases and the history of runs."""
        return DynamoLedger(client("dynamodb"), self.ledger_table)


class BackendVariables(Environment):
    """`labelers`: the names of the labeling back ends that the stage has, with commas between."""

    labelers: str

    @property
    def backends(self) -> tuple[str, ...]:
        return tuple(self.labelers.split(","))


class LabelerVariables(BucketVariables, BackendVariables):
    """Each back end reads variables of its own."""

    @cached_property
    def labeler(self) -> Callable[[str], Labeler]:
        """A back end by its name, made once a process."""
        return cache(lambda name: make_labeler(name, self.backends, self.store))

    def labeler_of(self, run: LabelRun) -> Labeler:
        """The back end that the run's job is in."""
        return self.labeler(backend_of(run.backend, self.backends))


class WatchVariables(LabelerVariables, LedgerVariables):
    label_state_machine_arn: str

    @property
    def watched(self) -> Watched:
        """Labeling jobs, and the executions of `label` that wait for them."""
        executions = StepFunctionsExecutions(client("stepfunctions"), self.label_state_machine_arn)
        return Watched(self.labeler_of, self.store, self.ledger, executions)
