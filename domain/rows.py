"""The rows that flow from the engine to a version and its report, as they stand in JSON files.

A key that some rows lack stands in the second class of a pair: Python 3.10 knows no NotRequired.
"""

from __future__ import annotations

from typing import Any, Literal, TypedDict

GROUP = "group"
"""What a source shares its split with: of a manifest's line, a label row and an output."""


class StepRecord(TypedDict):
    """One step of a chain with the values that were drawn for it; `values` depend on the step."""

    op: str
    values: dict[str, Any]


class BoxRow(TypedDict):
    """A bounding box in whole pixels of the output."""

    label: str
    left: int
    top: int
    width: int
    height: int


class FieldRow(TypedDict):
    """What people found of a field: accept, correct or reject, and the right value, null if it was rejected."""

    verdict: str
    value: Any


class Measures(TypedDict, total=False):
    """What a file itself tells: pixels of images; seconds, frames a second and channels of sound; how many characters a
    text has; the values of a record, as they are written."""

    width: int
    height: int
    seconds: float
    rate: int
    channels: int
    boxes: list[BoxRow]
    boxes_digest: str
    characters: int
    fields: dict[str, Any]


class LabelFields(TypedDict, total=False):
    """What a label row adds to each output of its source."""

    source_ref: str
    confidence: float | None
    method: str | None
    labels: list[str]
    transcript: str
    record: dict[str, FieldRow]


class Grouped(TypedDict, total=False):
    """Where the recipe has groups: which one the source is of."""

    group: str


class Place(TypedDict, total=False):
    """Where an output lies in a shard: the shard's path, and where the member's bytes begin."""

    shard: str
    offset: int
    size: int


class _Output(TypedDict):
    source: str
    path: str
    split: str
    label: str
    export: str
    variant: int
    steps: list[StepRecord]
    seed: int
    sha256: str
    identity: str


class ManifestRow(_Output, Measures, LabelFields, Grouped, Place, total=False):
    """One output: a line of `manifest.jsonl`. `path` is relative to the version's folder, `seed` has 64 bits.

    `version` and what labels tell are added when the version is assembled.
    """

    version: str


class QuarantineRow(TypedDict):
    """One file of the input that is in no output, and why: a line of `quarantine.jsonl`."""

    source: str
    stage: str
    reason: str


class _Fingerprint(TypedDict):
    source: str


class FingerprintRow(_Fingerprint, total=False):
    """The perceptual hash of a picture, 64 hexadecimal digits, and the SHA-256 of its file: of `fingerprints.jsonl`.

    Of what cannot be read, why: such a row is not kept with a version.
    """

    fingerprint: str
    sha256: str
    unreadable: str


class ShownField(TypedDict):
    """A field of a record as the report shows it, values as JSON; `verdict` is empty where nobody was asked."""

    name: str
    value: str
    before: str
    verdict: str


class Picture(TypedDict, total=False):
    """What is shown of a file: a small picture as a data URI, and for sound something to listen to; the beginning of a
    text; a record's first fields, and how many are `hidden`."""

    thumbnail: str
    sound: str
    text: str
    record: list[ShownField]
    hidden: int


class SampleOutput(Measures, Picture, total=False):
    """One output of a sample with its picture."""

    path: str
    seed: int
    sha256: str
    export: str
    variant: int
    steps: list[StepRecord]


class _Sample(TypedDict):
    source: str


class Sample(_Sample, Picture, total=False):
    """A source that the report shows: with label, split and outputs, or `rejected`, with nothing but its picture."""

    rejected: bool
    label: str
    split: str
    outputs: list[SampleOutput]
    transcript: str
    transcript_before: str | None


class Wanted(TypedDict):
    """What a version should come to: no empty split of these, and so many training files of each class."""

    splits: list[str]
    training_outputs: dict[str, int]


class EmbeddingFacts(TypedDict, total=False):
    """The embeddings of a version: the file, the digest of the model and the number of images; or why the recipe asks
    for them and there are none."""

    file: str
    model: str
    count: int
    missing: str


class DoctorFacts(TypedDict):
    """What the doctor found in a version's sources: page and file of it, how many `findings` there are of each kind
    that has any, and which checks were `left_out`, with the reason."""

    page: str
    file: str
    findings: dict[str, int]
    left_out: dict[str, str]


class _PartFacts(TypedDict):
    seed: int
    recipe_sha256: str
    libraries: dict[str, str]


class PartFacts(_PartFacts, total=False):
    """`part.json` of a host. The first four decide the bytes and are the same on all hosts, as are `wanted` and
    `embeddings`; the rest is counted. `doctor` if it was asked."""

    medium: str
    wanted: Wanted
    embeddings: EmbeddingFacts
    doctor: DoctorFacts
    processes: int
    instance_type: str | None
    sources: int
    outputs: int
    quarantined: int
    seconds: float


class ParentFacts(TypedDict):
    """The version that a version adds to."""

    version: str
    uri: str


class _ChangeRow(TypedDict):
    source: str
    change: Literal["new", "corrected", "withdrawn", "gone"]


class ChangeRow(_ChangeRow, total=False):
    """A line of `changes.jsonl`: a source that the version before had not, or had otherwise.

    A corrected one says `what` its label says otherwise, and of a class or a transcript `before` and `after`. Of a
    withdrawn one the labels say now that it has none, and `why`: its earlier files stay. A gone one has no file here.
    """

    what: Literal["class", "transcript", "boxes", "record"]
    before: str
    after: str
    why: str


class RenamedClass(TypedDict):
    """A class that is no more: its sources are of another one now, which others are or were too if it is `merged`."""

    before: str
    after: str
    sources: int
    merged: bool


class SinceFacts(TypedDict):
    """What changed since `version`, in sources and in outputs, that is files."""

    version: str
    new_sources: int
    corrected_sources: int
    withdrawn_sources: int
    gone_sources: int
    renamed_classes: list[RenamedClass]
    kept_outputs: int
    made_again_outputs: int
    added_outputs: int


class SplitFacts(TypedDict):
    """Sources before augmentation and files after it."""

    sources: int
    outputs: int


class ClassFacts(SplitFacts):
    """The same of a class, and of its part in the training split."""

    training_sources: int
    training_outputs: int


class _DatasetFacts(TypedDict):
    dataset: str
    version: str
    uri: str
    run_id: str
    created: str
    parent: ParentFacts | None
    seed: int
    recipe_sha256: str
    libraries: dict[str, str]
    label_attribute: str
    class_index: dict[str, int]
    sources: int
    outputs: int
    new_outputs: int
    quarantined: int
    relabeled: int
    splits: dict[str, SplitFacts]
    exports: dict[str, int]
    classes: dict[str, ClassFacts]


class DatasetFacts(_DatasetFacts, total=False):
    """`dataset.json`: `medium` unless it is image, `box_class_index` only where outputs have boxes, `warnings` if any,
    `embeddings` and `doctor` where there are any.

    `seed_given` and `mode` are those of a run of `augment`, whose own `seed` may derive from the one given, as are
    `code_sha256`, of the file with the custom steps, and `backgrounds_sha256`, of the listing of the clips. `since`
    stands where there is a parent.
    """

    since: SinceFacts
    seed_given: int
    mode: str
    code_sha256: str
    backgrounds_sha256: str
    medium: str
    warnings: list[str]
    embeddings: EmbeddingFacts
    doctor: DoctorFacts
    box_class_index: dict[str, int]
