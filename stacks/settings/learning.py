"""What the Processing job is to know of learning: embeddings of images, the doctor, suggestions."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from stacks.settings.section import Section

ModelKey = Annotated[str, Field(pattern=r"^models/([A-Za-z0-9._-]+/)*[A-Za-z0-9._-]+\.onnx$", max_length=200)]


class LearningSettings(Section):
    """`enabled = true` adds the packages of requirements/learning.txt to what the Processing job installs: onnxruntime,
    scikit-learn and the weights of a small network. Without them a version has no embeddings, and the doctor leaves
    out what it needs them for.

    `model`: the key of an ONNX model of your own below models/ of the data bucket, instead of that network. Beside it
    lies a JSON file of the same name, which says what the model takes (docs/embeddings.md).
    """

    enabled: bool = False
    model: ModelKey | None = None

    @model_validator(mode="after")
    def _a_model_is_run(self) -> LearningSettings:
        if self.model and not self.enabled:
            raise ValueError("model needs enabled = true: without it the job has nothing that could run a model")
        return self
