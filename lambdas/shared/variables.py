"""Environment variables that several functions read, with what they name."""

from __future__ import annotations

from functools import cached_property

from adapters.clients import client
from adapters.environment import Environment
from adapters.executions import StepFunctionsExecutions
from adapters.ledger import DynamoLedger
from adapters.object_store import S3ObjectStore
from domain.labeling.port import Labeler
from domain.labeling.watch import Watched
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


class LabelerVariables(BucketVariables):
    """`labeler` is the setting; the back end reads variables of its own."""

    labeler: str

    @cached_property
    def back_end(self) -> Labeler:
        """The labeling back end of the stage."""
        return make_labeler(self.labeler, self.store)


class WatchVariables(LabelerVariables, LedgerVariables):
    label_state_machine_arn: str

    @property
    def watched(self) -> Watched:
        """Labeling jobs, and the executions of `label` that wait for them."""
        executions = StepFunctionsExecutions(client("stepfunctions"), self.label_state_machine_arn)
        return Watched(self.back_end, self.store, self.ledger, executions)
