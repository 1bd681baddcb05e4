"""What a run with embeddings or with the doctor gives its job: the model, the earlier version's vectors, the words."""

from __future__ import annotations

from domain.workflow.embedding_model import freeze_model
from domain.workflow.ledger import RunRecord
from domain.workflow.names import augmenting_prefix, version_prefix
from domain.workflow.ports import ObjectStore
from domain.workflow.states import AugmentRun

EMBEDDINGS = "embeddings.npz"
_CONFIG = "/opt/ml/processing/input/config"


def freeze_learned(record: RunRecord, run: AugmentRun, model: str, store: ObjectStore) -> RunRecord:
    """Copies them, where the run wants any, and notes the model's place; `model` is the key of the stage's own ONNX
    model, empty where it has none.

    Raises:
        InvalidInput: the model or its card is not there or is wrong.
    """
    if not run.embeddings and run.doctor == "off":
        return record
    target = augmenting_prefix(record.dataset, record.run_id)
    if record.parent is not None:
        kept = f"{version_prefix(record.dataset, record.parent)}{EMBEDDINGS}"
        if store.exists(kept):  # only a version whose recipe asked for them
            store.copy(kept, f"{target}{EMBEDDINGS}")
    if not model:
        return record
    return record.model_copy(update={"embedding_model": freeze_model(model, target, store)})


def words_of_run(record: RunRecord, run: AugmentRun, *, embedded: bool) -> list[str]:
    """For the engine's `run`; `embedded`: a job before has left embeddings beside the fingerprints."""
    given = ["--embeddings", f"{_CONFIG}/fingerprints"] if embedded and run.embeddings else []
    doctor = ["--doctor"] if run.doctor == "report" else []
    return [*given, *doctor, *_model(record)]


def words_of_fingerprint(record: RunRecord, run: AugmentRun, store: ObjectStore) -> list[str]:
    """For the engine's `fingerprint`, of the job that comes before."""
    if not run.embeddings:
        return []
    there = store.exists(f"{augmenting_prefix(record.dataset, record.run_id)}{EMBEDDINGS}")
    return ["--embed", *(["--earlier-embeddings", f"{_CONFIG}/{EMBEDDINGS}"] if there else []), *_model(record)]


def _model(record: RunRecord) -> list[str]:
    return ["--embedding", f"{_CONFIG}/{record.embedding_model}"] if record.embedding_model else []
