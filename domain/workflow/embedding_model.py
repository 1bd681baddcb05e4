"""A user's own embedding model: an ONNX file below models/ of the data bucket, and beside it a JSON file, its card.

The card says what the file cannot: `side` of the square that the model takes, in pixels; `mean` and `scale` of its
input, (value - mean) / scale of values from 0 to 255, one number or one for each of red, green, blue; `output`, which
of several is the embedding; `sha256` of the ONNX file.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from domain.errors import InvalidInput
from domain.workflow.ports import ObjectStore

LIMIT_BYTES = 500 * 1024**2
"""Each process of a job holds the model in memory."""
FOLDER = "model/"


class ModelCard(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    side: int = Field(ge=16, le=1024)
    mean: tuple[float, ...] = (0.0,)
    scale: tuple[float, ...] = (1.0,)
    output: str = Field(default="", max_length=200)
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]

    @field_validator("mean", "scale", mode="before")
    @classmethod
    def _one_is_enough(cls, given: Any) -> Any:
        return [given] if isinstance(given, (int, float)) else given

    @field_validator("mean", "scale")
    @classmethod
    def _one_or_three(cls, given: tuple[float, ...]) -> tuple[float, ...]:
        if len(given) not in (1, 3):
            raise ValueError(f"one number or three, for red, green and blue, not {len(given)}")
        return given

    @field_validator("scale")
    @classmethod
    def _divides(cls, given: tuple[float, ...]) -> tuple[float, ...]:
        if not all(given):
            raise ValueError("values are divided by it, so it cannot be 0")
        return given


def card_name(model: str) -> str:
    """The name of the card of an ONNX file: `ours.json` of `ours.onnx`."""
    return f"{model.removesuffix('.onnx')}.json"


def read_card(text: str, name: str) -> ModelCard:
    """The card in `text`; `name` says in an error which file is wrong.

    Raises:
        InvalidInput: it is no JSON, or a field is missing or wrong; the message names all of them.
    """
    try:
        return ModelCard.model_validate_json(text)
    except ValidationError as error:
        told = [
            f"{'.'.join(map(str, one['loc'])) or 'the file'}: {one['msg'].removeprefix('Value error, ')}"
            for one in error.errors()
        ]
        raise InvalidInput(
            f"{name}: {'; '.join(told)}. The card of a model is like "
            '{"side": 224, "mean": [123.7, 116.3, 103.5], "scale": [58.4, 57.1, 57.4], "sha256": "<of the .onnx file>"}'
        ) from error


def freeze_model(key: str, target: str, store: ObjectStore) -> str:
    """Copies model and card to `target`, where a job's inputs lie; returns the model's place relative to it.

    The job compares the SHA-256 of what it gets with the card's, by which the copies' folder is named.

    Raises:
        InvalidInput: one of the two is not there, the model is too large or archived, or the card is wrong.
    """
    where = f"s3://{store.bucket}/"
    found = {item.key: item for item in store.list_objects(key.removesuffix("onnx"))}
    for wanted in (key, card_name(key)):
        if wanted not in found:
            raise InvalidInput(f"the setting learning.model: there is no {where}{wanted}; upload the file first")
        if found[wanted].archived:
            raise InvalidInput(f"the setting learning.model: {where}{wanted} lies in an archive; restore it first")
    if found[key].size > LIMIT_BYTES:
        raise InvalidInput(
            f"the setting learning.model: {where}{key} has {found[key].size:,} bytes; at most {LIMIT_BYTES:,} are taken"
        )
    card = read_card(store.read(card_name(key)), f"the setting learning.model: {where}{card_name(key)}")
    place = f"{FOLDER}{card.sha256[:16]}/{key.rsplit('/', 1)[-1]}"
    for name, copy in ((key, place), (card_name(key), card_name(place))):
        store.copy(name, f"{target}{copy}")
    return place
