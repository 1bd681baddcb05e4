"""The kinds of value that payloads are made of, each with its own check."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from domain.text import composed
from domain.workflow.code_file import code_name_problem
from domain.workflow.names import DATASET_PATTERN, RUN_ID_PATTERN
from domain.workflow.object_keys import key_problem
from domain.workflow.s3_uri import S3Uri

Dataset = Annotated[str, StringConstraints(pattern=DATASET_PATTERN)]
RunId = Annotated[str, StringConstraints(pattern=RUN_ID_PATTERN)]
Keyword = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]+( [A-Za-z0-9]+)*$", max_length=30)]
Window = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$")]
LabelAttribute = Annotated[str, StringConstraints(pattern=r"^[a-zA-Z0-9](-*[a-zA-Z0-9])*$", max_length=127)]


def _safe_key(key: str) -> str:
    problem = key_problem(key)
    if problem:
        raise ValueError(f"{key!r} {problem}")
    return key


def _folder(prefix: str) -> str:
    return _safe_key(prefix if prefix.endswith("/") else f"{prefix}/")


def _source_prefix(prefix: str) -> str:
    if not re.match(r"raw/|datasets/[^/]+(/|$)", prefix):
        raise ValueError(
            "images are read only below raw/, or below datasets/<data set>/ of a published version: nothing else is "
            "open to the functions and jobs"
        )
    return _folder(prefix)


def _manifest(key_or_uri: str) -> str:
    key = S3Uri(key_or_uri).key if key_or_uri.startswith("s3://") else key_or_uri
    if not key.startswith(("raw/", "manifests/", "datasets/", "assist/")):  # the last has those of our own rounds
        raise ValueError("manifests are read only below raw/, manifests/ and datasets/: put the file there")
    if not key.endswith((".manifest", ".jsonl", ".csv")):
        raise ValueError("a manifest's name ends in .manifest or .jsonl (JSON Lines) or in .csv")
    _safe_key(key)
    return key_or_uri


def _gold(key_or_uri: str) -> str:
    key = S3Uri(key_or_uri).key if key_or_uri.startswith("s3://") else key_or_uri
    if not key.startswith(("raw/", "manifests/", "datasets/", "labels/")) or not key.endswith((".jsonl", ".csv")):
        raise ValueError(
            "known answers are read only below raw/, manifests/, datasets/ and labels/, from a .jsonl like "
            "labels.jsonl or a .csv with the columns file and label, or file and transcript"
        )
    _safe_key(key)
    return key_or_uri


def _several(given: Any) -> Any:
    return tuple(given) if isinstance(given, (list, tuple)) else (given,)


def _under_recipes(key: str) -> str:
    if not key.startswith("recipes/"):
        raise ValueError("recipes are read only below recipes/: nothing else is open to the functions")
    return _safe_key(key)


def _under_labels(uri: S3Uri) -> S3Uri:
    if not uri.key.startswith("labels/"):
        raise ValueError("labels are read only below labels/ of the data bucket: nothing else is open to the functions")
    return uri


def _under_code(key: str) -> str:
    if not key.startswith("code/"):
        raise ValueError("code is read only below code/: put the file there")
    problem = code_name_problem(key.rsplit("/", 1)[-1])
    if problem:
        raise ValueError(problem)
    return _safe_key(key)


def _under_backgrounds(prefix: str) -> str:
    if not prefix.startswith("backgrounds/"):
        raise ValueError("background clips are read only below backgrounds/: put their folders there")
    return _folder(prefix)


def _free_attribute(name: str) -> str:
    if name == "source" or name.endswith(("-metadata", "-ref")):
        raise ValueError(
            "Ground Truth takes 'source', names ending in '-ref' and names ending in '-metadata' for itself"
        )
    return name


def _one_line(text: str) -> str:
    if re.search(r"[\x00-\x1f\x7f]", text):
        raise ValueError("must be one line without control characters")
    return text


def _plain_title(title: str) -> str:
    if any(ord(character) > 0xFFFD for character in title):
        raise ValueError("Ground Truth takes no characters beyond U+FFFD (such as emoji) in a title")
    return _one_line(title)


def _label(label: str) -> str:
    label = composed(label)
    if label != label.strip() or not label or len(label) > 256 or re.search(r"[\x00-\x1f\x7f]", label):
        raise ValueError(f"{label!r} must have 1 to 256 characters, no control character, no space at its ends")
    return label


def _example_image(image: str) -> str:
    key = S3Uri(image).key if image.startswith("s3://") else image
    if not key.startswith(("instructions/", "raw/")):
        raise ValueError("pictures of examples are read only below instructions/ and raw/: nothing else is shown")
    if not re.fullmatch(r"[A-Za-z0-9 ._/@+=,()-]+", key):
        raise ValueError(f"{key!r} stands in the workers' page: name the file with plain letters, digits and ._@+=,()-")
    _safe_key(key)
    return image


RecipeKey = Annotated[str, StringConstraints(max_length=1024), AfterValidator(_under_recipes)]
# A processing job's argument has at most 256 characters, and the folder of the images stands in one.
SourcePrefix = Annotated[str, StringConstraints(max_length=200), AfterValidator(_source_prefix)]
ManifestKey = Annotated[str, StringConstraints(max_length=1100), AfterValidator(_manifest)]
"""A key of the data bucket, or the URI of one."""
GoldKey = Annotated[str, StringConstraints(max_length=1100), AfterValidator(_gold)]
"""The same."""
Globs = Annotated[
    tuple[Annotated[str, StringConstraints(min_length=1, max_length=1024)], ...],
    Field(min_length=1, max_length=100),
    BeforeValidator(_several),
]
"""One or several, as `fnmatch` has them: `*` is any run of characters, slashes too, `?` one, `[a-z]` one of these."""
CodeKey = Annotated[str, StringConstraints(max_length=512), AfterValidator(_under_code)]
BackgroundsPrefix = Annotated[str, StringConstraints(max_length=512), AfterValidator(_under_backgrounds)]
LabelsUri = Annotated[S3Uri, AfterValidator(_under_labels)]
Label = Annotated[str, AfterValidator(_label)]
Title = Annotated[str, Field(max_length=128), AfterValidator(_plain_title)]
Question = Annotated[str, Field(min_length=1, max_length=255), AfterValidator(_one_line)]
ClaimedAttribute = Annotated[LabelAttribute, AfterValidator(_free_attribute)]
ExampleImage = Annotated[str, StringConstraints(max_length=1024), AfterValidator(_example_image)]
Caption = Annotated[str, StringConstraints(max_length=500), AfterValidator(_one_line)]
