"""What the use cases need from the outside: interfaces that adapters fulfil, and tests fulfil in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from domain.workflow.inputs import AugmentOutput
from domain.workflow.ledger import Head, Lease, NewestLabels, RunRecord
from domain.workflow.states import AwaitRequest, LabelingProgress


@dataclass(frozen=True, slots=True)
class ListedObject:
    """One object of a bucket listing; `size` in bytes. `etag` stays the same as long as the content does.

    `archived`: it cannot be read before somebody has it restored.
    """

    key: str
    size: int
    etag: str = field(default="", compare=False)
    archived: bool = False


class ObjectStore(Protocol):
    """The data bucket. Texts are UTF-8."""

    @property
    def bucket(self) -> str: ...

    def list_objects(self, prefix: str) -> Iterator[ListedObject]: ...

    def read(self, key: str) -> str: ...

    def read_bytes(self, key: str) -> bytes: ...

    def exists(self, key: str) -> bool: ...

    def find(self, key: str) -> str | None:
        """The text, or None when there is no such object."""
        ...

    def read_all(self, keys: Iterable[str]) -> Iterator[tuple[str, str]]:
        """(key, text) of each key, in the order of `keys`."""
        ...

    def read_all_bytes(self, keys: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """The same of what may be no text."""
        ...

    def lines(self, key: str) -> Iterator[str]:
        """The object line by line, without line ends, fetched as they are needed."""
        ...

    def write(self, key: str, text: str) -> None: ...

    def write_all(self, texts: Iterable[tuple[str, str]]) -> None:
        """Writes (key, text), several at a time."""
        ...

    def write_pieces(self, key: str, pieces: Iterable[str]) -> None:
        """Writes a text of any length that is made piece by piece; the object appears whole or not at all."""
        ...

    def copy(self, source: str, target: str) -> None: ...

    def delete(self, keys: Iterable[str]) -> None: ...


class Executions(Protocol):
    """The executions of one state machine, by their names."""

    def runs(self, name: str) -> bool:
        """Whether it still runs; one that is not known does not."""
        ...

    def wake(self, token: str, progress: LabelingProgress) -> bool:
        """Ends the wait that gave out this token, with how the labeling job ended.

        Whether anything still waited: an execution that ended does not.
        """
        ...


class Ledger(Protocol):
    """Leases and the history of runs. Every write is conditional, so that two runs cannot both win."""

    def acquire(self, dataset: str, run_id: str, execution: str, now: float, seconds: float) -> Lease | None:
        """The lease, or None while another execution holds it. Its holder may come again, which extends it."""
        ...

    def lease(self, dataset: str) -> Lease | None: ...

    def release(self, dataset: str, execution: str) -> bool:
        """Whether this execution held the lease, and now does not."""
        ...

    def run(self, dataset: str, run_id: str) -> RunRecord | None: ...

    def start_run(self, record: RunRecord) -> None: ...

    def fail_run(self, dataset: str, run_id: str, reason: str) -> None:
        """Notes the reason, unless the run is published."""
        ...

    def publish(self, record: RunRecord, token: int, result: AugmentOutput) -> None:
        """Makes the run's version the newest, if `token` still is the lease's; all or nothing.

        Raises:
            LeaseLost: another run has taken the lease over.
        """
        ...

    def keep_backend(self, dataset: str, run_id: str, backend: str) -> str:
        """Where the run labels: `backend`, or the one that was kept first."""
        ...

    def backend(self, dataset: str, run_id: str) -> str | None:
        """Where the run labels, if that was decided."""
        ...

    def head(self, dataset: str) -> Head | None: ...

    def record_labels(self, labels: NewestLabels) -> None:
        """Keeps `labels` as the data set's newest, unless newer ones are known."""
        ...

    def newest_labels(self, dataset: str) -> NewestLabels | None: ...

    def watch(self, request: AwaitRequest) -> None:
        """Keeps who waits for a labeling job, by the job's name; the last one counts."""
        ...

    def watched(self, job: str) -> AwaitRequest | None: ...
