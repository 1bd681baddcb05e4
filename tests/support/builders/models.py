"""ONNX models of a user's own, with their cards."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any


def mean_color(batch: int | str = "n", side: int = 16, outputs: tuple[str, ...] = ("color",)) -> bytes:
    """A model whose vector is the mean of each channel; all outputs give the same."""
    from onnx import TensorProto, helper

    nodes = [helper.make_node("GlobalAveragePool", ["x"], ["pooled"])]
    nodes += [helper.make_node("Flatten", ["pooled"], [name]) for name in outputs]
    graph = helper.make_graph(
        nodes,
        "mean color",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [batch, 3, side, side])],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, [batch, 3]) for name in outputs],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    return bytes(model.SerializeToString(deterministic=True))


def write_model(file: Path, content: bytes | None = None, **card: Any) -> Path:
    """The model at `file`, and its card beside it; `card` stands in for fields of it, None takes one out."""
    content = mean_color() if content is None else content
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    told = {"side": 16, "mean": 0, "scale": 255, "sha256": hashlib.sha256(content).hexdigest(), **card}
    kept = {name: value for name, value in told.items() if value is not None}
    file.with_suffix(".json").write_text(json.dumps(kept))
    return file
