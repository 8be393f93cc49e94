"""Weights become 8-bit integers, in three steps that were each measured (see ../README.md).

Knows the shape of a BERT encoder, not where its weights come from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnx import ModelProto, TensorProto, helper

from training.embedder.bert_graph import (
    MICROSOFT,
    Graph,
    Layer,
    Linear,
    Weights,
    build,
    float_linear,
    float_lookup,
)
from training.embedder.rounding import BLOCK, four_bits, rounding

LARGEST = 63
"""Weights take 7 of 8 bits: on x86 processors without VNNI the sums of products of 8 by 8 bits
overflow 16 bits, and onnxruntime lets them saturate. 7 bits cannot."""
SMOOTHED = ("qkv", "up")
SMOOTHING = 0.6
ROW_SCALED = ("down",)
Made = Callable[[Linear], ModelProto]
"""Builds a model with a way to add multiplications."""
Feeds = Iterable[Mapping[str, NDArray[np.int64]]]
"""Inputs of a model."""
_INTEGER_PRODUCTS = 4
"""``accuracy_level`` of ``MatMulNBits``: activations get 8 bits while it runs."""
_CLS, _SEP, _WORDS = 101, 102, (1000, 30000)


@dataclass(frozen=True, kw_only=True)
class IntegerLinear:
    """Adds multiplications by 7-bit weights; activations get 8 bits while it runs."""

    largest_input: Mapping[str, NDArray[np.float32]]
    """For each layer the largest absolute input of each channel, shape (inputs,)."""
    moments: Mapping[str, NDArray[np.float64]] | None = None
    """For each layer the sum of the products of its inputs, (inputs, inputs): with them each weight
    makes up for the rounding of those before it (``rounding``)."""

    def __call__(self, graph: Graph, x: str, layer: Layer) -> str:
        """Add one layer and return its output."""
        weight = layer.weight.astype(np.float64)
        moment = None if self.moments is None else self.moments[layer.name]
        if layer.kind in SMOOTHED:
            scale = smoothing(self.largest_input[layer.name], weight)
            factor = graph.constant(layer.name + ".smooth", (1 / scale).astype(np.float32))
            x = graph.node("Mul", x, factor)
            weight = weight * scale[:, None]
            moment = None if moment is None else moment / np.outer(scale, scale)
        scale = np.abs(weight).max(axis=0) / LARGEST
        whole = rounding(weight, scale, moment, largest=LARGEST)
        if layer.kind not in ROW_SCALED:
            return self._multiply(graph, x, layer, whole, scale, with_bias=True)
        peak = graph.node(
            "ReduceMax", x, graph.constant(layer.name + ".axis", np.array([-1])), keepdims=1
        )
        floor = graph.constant(layer.name + ".floor", np.array(1e-3, dtype=np.float32))
        peak = graph.node("Max", peak, floor)
        part = graph.node("Div", x, peak)
        product = self._multiply(graph, part, layer, whole, scale, with_bias=False)
        product = graph.node("Mul", product, peak)
        return graph.node("Add", product, graph.constant(layer.name + ".bias", layer.bias))

    def _multiply(
        self,
        graph: Graph,
        x: str,
        layer: Layer,
        whole: NDArray[np.int8],
        scale: NDArray[np.float64],
        *,
        with_bias: bool,
    ) -> str:
        inputs = [
            graph.constant(layer.name + ".weight", whole),
            graph.constant(layer.name + ".scale", scale.astype(np.float32)),
            graph.constant(layer.name + ".zero", np.zeros(whole.shape[1], dtype=np.int8)),
        ]
        if with_bias:
            inputs.append(graph.constant(layer.name + ".bias", layer.bias))
        return graph.node("DynamicQuantizeMatMul", x, *inputs, domain=MICROSOFT)


def four_bit_linear(graph: Graph, x: str, layer: Layer) -> str:
    """Multiply by 4-bit weights, half the size of ``IntegerLinear``'s and slower."""
    inputs, outputs = layer.weight.shape
    whole, scales = four_bits(np.ascontiguousarray(layer.weight.T))
    packed = (whole[:, 0::2] | (whole[:, 1::2] << 4)).reshape(outputs, -1, BLOCK // 2)
    product = graph.node(
        "MatMulNBits", x,
        graph.constant(layer.name + ".weight", packed),
        graph.constant(layer.name + ".scale", scales.reshape(-1)),
        domain=MICROSOFT, K=inputs, N=outputs, bits=4, block_size=BLOCK,
        accuracy_level=_INTEGER_PRODUCTS,
    )  # fmt: skip
    return graph.node("Add", product, graph.constant(layer.name + ".bias", layer.bias))


def integer_lookup(graph: Graph, table: NDArray[np.float32]) -> str:
    """Look words up in an 8-bit table with one scale for each word."""
    scale = np.abs(table).max(axis=1, keepdims=True) / np.float32(127)
    scale[scale == 0] = 1
    whole = np.rint(table / scale).astype(np.int8)
    rows = graph.node("Gather", graph.constant("words", whole), "input_ids")
    scales = graph.node("Gather", graph.constant("words.scale", scale), "input_ids")
    return graph.node("Mul", graph.node("Cast", rows, to=TensorProto.FLOAT), scales)


def smoothing(largest: NDArray[np.float32], weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the factor of each input channel that moves outliers into the weights.

    SmoothQuant (Xiao et al. 2023, arXiv:2211.10438), equation 4. Rounded to powers of two, so
    that scaling is exact and last bits of the calibration do not change the file.
    """
    activation = np.maximum(largest.astype(np.float64), 1e-5)
    weights = np.maximum(np.abs(weight).max(axis=1), 1e-5)
    factor = activation**SMOOTHING / weights ** (1 - SMOOTHING)
    return np.asarray(2.0 ** np.rint(np.log2(factor)))


def largest_inputs(weights: Weights, *, max_tokens: int) -> dict[str, NDArray[np.float32]]:
    """Return the largest absolute input of each channel of each layer, over random tokens.

    The channels with outliers belong to the model, not to the text: 32 rows of random words find
    the same ones as real text does, and need no data.
    """
    random = np.random.default_rng(0)
    rows = (
        np.array([[_CLS, *random.integers(*_WORDS, size=62), _SEP]], dtype=np.int64)
        for _ in range(32)
    )
    feeds = ({"input_ids": ids, "attention_mask": np.ones_like(ids)} for ids in rows)

    def made(linear: Linear) -> ModelProto:
        return build(weights, linear=linear, lookup=float_lookup, max_tokens=max_tokens)

    return observed_inputs(made, feeds)


def observed_inputs(made: Made, feeds: Feeds) -> dict[str, NDArray[np.float32]]:
    """Return the largest absolute input of each channel of each layer, over given inputs."""
    largest: dict[str, NDArray[np.float32]] = {}
    for name, value in _inputs_of_layers(made, feeds):
        peak = np.abs(value).max(axis=0)
        largest[name] = np.maximum(largest.get(name, peak), peak)
    return largest


def observed_moments(made: Made, feeds: Feeds) -> dict[str, NDArray[np.float64]]:
    """Return the sum of the products of the inputs of each layer, (inputs, inputs)."""
    found: dict[str, NDArray[np.float64]] = {}
    for name, value in _inputs_of_layers(made, feeds):
        product = value.T @ value
        found[name] = found[name] + product if name in found else product.astype(np.float64)
    return found


def _inputs_of_layers(made: Made, feeds: Feeds) -> Iterator[tuple[str, NDArray[np.float32]]]:
    """Yield the inputs of each layer, (tokens, inputs), one input of the model after the other."""
    layers: dict[str, str] = {}

    def linear(graph: Graph, x: str, layer: Layer) -> str:
        layers[layer.name] = x
        return float_linear(graph, x, layer)

    model = made(linear)
    for name in dict.fromkeys(layers.values()):
        model.graph.output.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, None))
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model.SerializeToString(), options)
    for inputs in feeds:
        found = session.run(list(layers.values()), dict(inputs))
        for name, value in zip(layers, found, strict=True):
            yield name, value[0]
