"""A BERT encoder as an ONNX graph, written node by node in the form that runs fastest here.

Writing it, instead of tracing PyTorch, keeps the file the same byte for byte whatever the versions
of torch and its exporter, and lets query, key and value share one multiplication.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, TensorProto, helper, numpy_helper

from training.truth.bodies import MINILM, Body, distance_buckets

Weights = Mapping[str, NDArray[np.float32]]
OPSET, IR_VERSION = 20, 9
MICROSOFT = "com.microsoft"


class Graph:
    """Collects nodes and constants; every output gets a name from its position."""

    def __init__(self) -> None:
        self.nodes: list[object] = []
        self.constants: list[TensorProto] = []

    def constant(self, name: str, value: NDArray) -> str:
        """Add a constant and return its name."""
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, op: str, *inputs: str, domain: str = "", **attributes: object) -> str:
        """Add a node with one output and return the output's name."""
        return self.nodes_out(op, *inputs, outputs=1, domain=domain, **attributes)[0]

    def nodes_out(
        self, op: str, *inputs: str, outputs: int, domain: str = "", **attributes: object
    ) -> list[str]:
        """Add a node with several outputs and return their names."""
        names = [f"{op}_{len(self.nodes)}_{number}" for number in range(outputs)]
        self.nodes.append(helper.make_node(op, inputs, names, domain=domain, **attributes))
        return names

    def model(
        self,
        last: str,
        *,
        inputs: Sequence[str] = ("input_ids", "attention_mask"),
        output: str = "last_hidden_state",
        width: int = MINILM.width,
        name: str = MINILM.name,
    ) -> ModelProto:
        """Return the finished model, with ``last`` (batch, tokens, width) as its output."""
        self.nodes.append(helper.make_node("Identity", [last], [output]))
        shape = ["batch", "tokens"]
        graph = helper.make_graph(
            self.nodes,
            name,
            [helper.make_tensor_value_info(name, TensorProto.INT64, shape) for name in inputs],
            [helper.make_tensor_value_info(output, TensorProto.FLOAT, [*shape, width])],
            self.constants,
        )
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION)


@dataclass(frozen=True, kw_only=True)
class Layer:
    """One multiplication by weights: ``y = x @ weight + bias``."""

    name: str
    kind: str
    """``qkv``, ``out``, ``up`` or ``down``."""
    weight: NDArray[np.float32]
    """Shape (inputs, outputs)."""
    bias: NDArray[np.float32]


Linear = Callable[[Graph, str, Layer], str]
Lookup = Callable[[Graph, NDArray[np.float32]], str]


def build(weights: Weights, *, linear: Linear, lookup: Lookup, max_tokens: int) -> ModelProto:
    """Return the encoder.

    Args:
        weights: the tensors of ``model.safetensors``.
        linear: adds one multiplication by weights to the graph.
        lookup: adds the lookup of ``input_ids`` in the table of word vectors.
        max_tokens: longest row that the position vectors are kept for.
    """
    graph = Graph()
    return graph.model(encode(graph, weights, linear=linear, lookup=lookup, max_tokens=max_tokens))


def encode(
    graph: Graph,
    weights: Weights,
    *,
    linear: Linear,
    lookup: Lookup,
    max_tokens: int,
    segments: bool = False,
    body: Body = MINILM,
) -> str:
    """Add the encoder to a graph and return its last states; see ``build``.

    Args:
        graph: takes the nodes.
        weights: the tensors.
        linear: adds one multiplication by weights.
        lookup: adds the lookup of words.
        max_tokens: longest row.
        segments: tokens are of two types, told by the input ``token_type_ids``.
        body: the shape of the encoder.
    """
    x = _embeddings(graph, weights, lookup, max_tokens, segments=segments, body=body)
    mask = graph.node("Cast", "attention_mask", to=TensorProto.INT32)
    far = _distances(graph, weights, max_tokens, body) if body.buckets else ""
    for number in range(body.layers):
        prefix = f"encoder.layer.{number}."
        attention = prefix + "attention."
        qkv = linear(graph, x, _qkv(weights, attention))
        query, key, value = graph.nodes_out("Split", qkv, outputs=3, axis=-1, num_outputs=3)
        inputs = (query, key, value, "", mask, *([far] if far else []))
        context = graph.node("MultiHeadAttention", *inputs, domain=MICROSOFT, num_heads=body.heads)
        mixed = linear(graph, context, _layer(weights, attention + "output.dense", "out"))
        x = graph.node("Add", mixed, x)
        x = _norm(graph, weights, attention + "output.LayerNorm", x, body)
        wide = linear(graph, x, _layer(weights, prefix + "intermediate.dense", "up"))
        wide = graph.node("Gelu", wide)
        narrow = linear(graph, wide, _layer(weights, prefix + "output.dense", "down"))
        x = _norm(graph, weights, prefix + "output.LayerNorm", graph.node("Add", narrow, x), body)
    return x


def float_lookup(graph: Graph, table: NDArray[np.float32]) -> str:
    """Look words up in a float table."""
    return graph.node("Gather", graph.constant("words", table), "input_ids")


def float_linear(graph: Graph, x: str, layer: Layer) -> str:
    """Multiply by float weights."""
    product = graph.node("MatMul", x, graph.constant(layer.name + ".weight", layer.weight))
    return graph.node("Add", product, graph.constant(layer.name + ".bias", layer.bias))


def _embeddings(
    graph: Graph,
    weights: Weights,
    lookup: Lookup,
    max_tokens: int,
    *,
    segments: bool,
    body: Body,
) -> str:
    words = lookup(graph, weights["embeddings.word_embeddings.weight"])
    at = body.first_position
    positions = weights["embeddings.position_embeddings.weight"][at : at + max_tokens]
    if body.segments:
        # The vector of type 0 goes into the position vectors; type 1 adds the difference.
        types = weights["embeddings.token_type_embeddings.weight"]
        positions = positions + types[0]
        if segments:
            difference = graph.constant("types", np.stack([0 * types[0], types[1] - types[0]]))
            words = graph.node("Add", words, graph.node("Gather", difference, "token_type_ids"))
    begin = graph.constant("begin", np.array([0], dtype=np.int64))
    position = graph.node("Slice", graph.constant("positions", positions), begin, _length(graph))
    x = graph.node("Add", words, position)
    return _norm(graph, weights, "embeddings.LayerNorm", x, body)


def _length(graph: Graph) -> str:
    """Return the number of tokens of a row, (1,)."""
    axis = graph.constant(f"tokens_axis_{len(graph.nodes)}", np.array([1], dtype=np.int64))
    return graph.node("Gather", graph.node("Shape", "input_ids"), axis)


def _distances(graph: Graph, weights: Weights, max_tokens: int, body: Body) -> str:
    """Return what is added to attention by distance: (1, heads, tokens, tokens)."""
    biases = weights["encoder.relative_attention_bias.weight"]
    far = biases[distance_buckets(max_tokens, body.buckets)].transpose(2, 0, 1)[None]
    length = _length(graph)
    ends = graph.node("Concat", length, length, axis=0)
    begin = graph.constant("begin_both", np.array([0, 0], dtype=np.int64))
    axes = graph.constant("axes_both", np.array([2, 3], dtype=np.int64))
    return graph.node("Slice", graph.constant("distances", far), begin, ends, axes)


def _norm(graph: Graph, weights: Weights, name: str, x: str, body: Body) -> str:
    scale = graph.constant(name + ".weight", weights[name + ".weight"])
    bias = graph.constant(name + ".bias", weights[name + ".bias"])
    return graph.node("LayerNormalization", x, scale, bias, axis=-1, epsilon=body.epsilon)


def _layer(weights: Weights, name: str, kind: str) -> Layer:
    weight, bias = weights[name + ".weight"].T, weights[name + ".bias"]
    return Layer(name=name, kind=kind, weight=weight, bias=bias)


def _qkv(weights: Weights, attention: str) -> Layer:
    names = [f"{attention}self.{part}" for part in ("query", "key", "value")]
    return Layer(
        name=attention + "qkv",
        kind="qkv",
        weight=np.concatenate([weights[name + ".weight"] for name in names]).T,
        bias=np.concatenate([weights[name + ".bias"] for name in names]),
    )
