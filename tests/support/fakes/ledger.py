"""The ledger in memory; its own contract is tested beside DynamoDB's."""

from __future__ import annotations

from domain.errors import LeaseLost
from domain.workflow.inputs import AugmentOutput
from domain.workflow.ledger import Head, Lease, NewestLabels, RunRecord
from domain.workflow.states import AwaitRequest


class MemoryLedger:
    def __init__(self) -> None:
        self.leases: dict[str, Lease] = {}
        self.tokens: dict[str, int] = {}
        self.runs: dict[tuple[str, str], RunRecord] = {}
        self.heads: dict[str, Head] = {}
        self.labels: dict[str, NewestLabels] = {}
        self.watches: dict[str, AwaitRequest] = {}
        self.backends: dict[tuple[str, str], str] = {}

    def acquire(self, dataset: str, run_id: str, execution: str, now: float, seconds: float) -> Lease | None:
        held = self.leases.get(dataset)
        mine = held is not None and held.execution == execution
        if held is not None and not mine and held.held_until >= now:
            return None
        token = held.token if held is not None and mine else self.tokens.get(dataset, 0) + 1
        self.tokens[dataset] = token
        self.leases[dataset] = Lease(
            dataset=dataset, run_id=run_id, execution=execution, token=token, held_until=now + seconds
        )
        return self.leases[dataset]

    def lease(self, dataset: str) -> Lease | None:
        return self.leases.get(dataset)

    def release(self, dataset: str, execution: str) -> bool:
        held = self.leases.get(dataset)
        if held is None or held.execution != execution:
            return False
        del self.leases[dataset]
        return True

    def run(self, dataset: str, run_id: str) -> RunRecord | None:
        return self.runs.get((dataset, run_id))

    def start_run(self, record: RunRecord) -> None:
        known = self.run(record.dataset, record.run_id)
        if known is None or known.result is None:
            self.runs[record.dataset, record.run_id] = record

    def fail_run(self, dataset: str, run_id: str, reason: str) -> None:
        record = self.run(dataset, run_id)
        if record is not None:
            self.start_run(record.model_copy(update={"failure": reason}))

    def publish(self, record: RunRecord, token: int, result: AugmentOutput) -> None:
        held, head = self.leases.get(record.dataset), self.heads.get(record.dataset)
        if held is None or held.token != token or (head is not None and head.number >= record.number):
            raise LeaseLost(f"version {record.version} was not published")
        done = record.model_copy(update={"result": result, "failure": ""})
        self.heads[record.dataset] = Head(
            dataset=record.dataset, number=record.number, version=record.version, run_id=record.run_id
        )
        self.runs[record.dataset, record.run_id] = done

    def keep_backend(self, dataset: str, run_id: str, backend: str) -> str:
        return self.backends.setdefault((dataset, run_id), backend)

    def backend(self, dataset: str, run_id: str) -> str | None:
        return self.backends.get((dataset, run_id))

    def head(self, dataset: str) -> Head | None:
        return self.heads.get(dataset)

    def record_labels(self, labels: NewestLabels) -> None:
        known = self.labels.get(labels.dataset)
        if known is None or known.collected <= labels.collected:
            self.labels[labels.dataset] = labels

    def newest_labels(self, dataset: str) -> NewestLabels | None:
        return self.labels.get(dataset)

    def watch(self, request: AwaitRequest) -> None:
        self.watches[request.job.name.lower()] = request

    def watched(self, job: str) -> AwaitRequest | None:
        return self.watches.get(job.lower())
