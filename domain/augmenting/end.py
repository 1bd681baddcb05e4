"""What remains to be done when an augmentation run is over, however it went."""

from __future__ import annotations

from domain.workflow.ports import Ledger
from domain.workflow.states import AugmentRun


def end(run: AugmentRun, failure: str | None, ledger: Ledger) -> bool:
    """Notes a failure, then releases the lease; whether this run still held it."""
    if failure is not None:
        ledger.fail_run(run.dataset, run.run_id, failure)
    return ledger.release(run.dataset, run.execution)
