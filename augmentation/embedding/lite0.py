"""EfficientNet-Lite0 up to its pooled features, as an ONNX model, built of its weights.

The architecture: https://github.com/tensorflow/tpu/tree/master/models/official/efficientnet/lite (Tan and Le,
"EfficientNet", 2019, without squeeze-and-excite, with ReLU6). Batch norms are folded into the convolutions before them.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from augmentation.embedding.weights import Weights

SIDE, FEATURES = 224, 1280
MEAN, SCALE = 127.0, 128.0
INPUT, OUTPUT = "x", "embedding"
_EPSILON = 1e-3  # of the batch norms
_STEM = 32


class _Stage(NamedTuple):
    """Blocks in a row; the first has the stride."""

    expand: int
    stride: int
    blocks: int
    width: int


_STAGES = (
    _Stage(1, 1, 1, 16),
    _Stage(6, 2, 2, 24),
    _Stage(6, 2, 2, 40),
    _Stage(6, 2, 3, 80),
    _Stage(6, 1, 3, 112),
    _Stage(6, 2, 4, 192),
    _Stage(6, 1, 1, 320),
)


def build(weights: Weights) -> bytes:
    """The model: n x 3 x 224 x 224 values, RGB as (value - MEAN) / SCALE, become n x 1280 features."""
    from onnx import TensorProto, helper

    graph = _Graph(weights)
    graph.network()
    made = helper.make_graph(
        graph.nodes,
        "efficientnet-lite0",
        [helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, ["n", 3, SIDE, SIDE])],
        [helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, ["n", FEATURES])],
        graph.constants,
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    return bytes(model.SerializeToString(deterministic=True))


class _Graph:
    """Nodes and constants. A method adds a part to what `source` gives, and returns the name of what it gives."""

    def __init__(self, weights: Weights) -> None:
        from onnx import helper, numpy_helper

        self._weights, self._made, self._array = weights, helper.make_node, numpy_helper.from_array
        self.nodes: list[Any] = []
        self.constants = [self._array(np.asarray(value, np.float32), name) for name, value in (("0", 0), ("6", 6))]

    def network(self) -> None:
        last, number, channels = self._convolution(INPUT, "_conv_stem", "_bn0", 2), 0, _STEM
        for stage in _STAGES:
            for block in range(stage.blocks):
                last = self._block(last, f"_blocks.{number}.", stage, channels, stage.stride if block == 0 else 1)
                channels, number = stage.width, number + 1
        head = self._convolution(last, "_conv_head", "_bn1")
        self._node("Flatten", [self._node("GlobalAveragePool", [head], "pooled")], OUTPUT)

    def _block(self, source: str, name: str, stage: _Stage, channels: int, stride: int) -> str:
        """An inverted residual."""
        last = source
        if stage.expand > 1:
            last = self._convolution(last, f"{name}_expand_conv", f"{name}_bn0")
        groups = channels * stage.expand
        last = self._convolution(last, f"{name}_depthwise_conv", f"{name}_bn1", stride, groups)
        last = self._convolution(last, f"{name}_project_conv", f"{name}_bn2", linear=True)
        if channels == stage.width and stride == 1:
            return self._node("Add", [last, source], f"{name}sum")
        return last

    def _convolution(
        self, source: str, name: str, norm: str, stride: int = 1, groups: int = 1, *, linear: bool = False
    ) -> str:
        kernel = self._weights[f"{name}.weight"]
        weight, bias, mean, variance = (
            self._weights[f"{norm}.{part}"] for part in ("weight", "bias", "running_mean", "running_var")
        )
        gain = weight / np.sqrt(variance + np.float32(_EPSILON))
        inputs = [
            source,
            self._constant(name, kernel * gain[:, None, None, None]),
            self._constant(f"{name}.b", bias - mean * gain),
        ]
        how = {"strides": [stride] * 2, "group": groups, "auto_pad": "SAME_UPPER", "kernel_shape": kernel.shape[2:]}
        out = self._node("Conv", inputs, f"{name}.out", **how)
        return out if linear else self._node("Clip", [out, "0", "6"], f"{name}.relu6")

    def _constant(self, name: str, value: Any) -> str:
        self.constants.append(self._array(np.ascontiguousarray(value), name))
        return name

    def _node(self, kind: str, inputs: list[str], output: str, **attributes: Any) -> str:
        self.nodes.append(self._made(kind, inputs, [output], **attributes))
        return output
