"""Write a trained network as int8 ONNX: ``python -m training.truth.export NAME --average FILE``.

``NAME`` is reader, verifier or both. The graph is that of the embedder with segments and the head,
the weights become 7-bit integers in the same way (``training/embedder/quantise.py``); the head
stays in floats. ``--bits 32`` writes the network without rounding, to compare with, ``--bits 4``
one of half the size. Several files are several runs of one network: the mean of their weights is
written. ``--body`` and ``--source`` are those that it was trained with.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from onnx import ModelProto

from chatbot.models.model_files import TOKEN_INPUTS
from training.embedder.bert_graph import Graph, Linear, Lookup, encode, float_linear, float_lookup
from training.embedder.export import source_folder, tokenizer_json
from training.embedder.quantise import (
    IntegerLinear,
    four_bit_linear,
    integer_lookup,
    observed_inputs,
    observed_moments,
)
from training.truth.bodies import BODIES, MINILM, Body
from training.truth.losses import TASKS
from training.truth.network import Weights, to_weights
from training.truth.train import tokenizer
from training.truth.windows import Row, read, tokenise

MAX_TOKENS = 256
WINDOWS = {"reader": 128, "verifier": 160}
"""Tokens of a row in training: rows are cut to it, or measured by it, at run time."""
LARGEST = 80_000_000
"""Bytes of one file: some hosts of packages and repositories refuse larger ones."""
_CALIBRATION = 256


def graph_of(
    weights: Weights, *, linear: Linear, lookup: Lookup, body: Body = MINILM
) -> ModelProto:
    """Return the model: ``logits`` (batch, tokens, OUTPUTS for each task)."""
    graph = Graph()
    x = encode(
        graph, weights, linear=linear, lookup=lookup, max_tokens=MAX_TOKENS,
        segments=body.segments, body=body,
    )  # fmt: skip
    head = graph.node("MatMul", x, graph.constant("head.weight", weights["head.weight"].T))
    logits = graph.node("Add", head, graph.constant("head.bias", weights["head.bias"]))
    inputs = TOKEN_INPUTS if body.segments else TOKEN_INPUTS[:2]
    width = weights["head.weight"].shape[0]
    return graph.model(logits, inputs=inputs, output="logits", width=width, name=body.name)


def integer_model(
    weights: Weights, rows: Sequence[Row], *, nearest: bool = False, body: Body = MINILM
) -> ModelProto:
    """Return the rounded model.

    Args:
        weights: of the network.
        rows: some real inputs: they tell which channels have outliers, and which go together.
        nearest: round each weight for itself; else they make up for each other's rounding.
        body: the shape of the network.
    """

    def made(linear: Linear) -> ModelProto:
        return graph_of(weights, linear=linear, lookup=float_lookup, body=body)

    inputs = list(feeds(rows, body))
    linear = IntegerLinear(
        largest_input=observed_inputs(made, inputs),
        moments=None if nearest else observed_moments(made, inputs),
    )
    return graph_of(weights, linear=linear, lookup=integer_lookup, body=body)


def feeds(rows: Sequence[Row], body: Body) -> Iterator[dict[str, NDArray[np.int64]]]:
    """Yield each row as the inputs of a model."""
    for row in rows:
        ids = np.array([row.ids], dtype=np.int64)
        types = np.zeros_like(ids)
        types[0, row.passage_at :] = 1
        values = (ids, np.ones_like(ids), types)
        yield dict(zip(TOKEN_INPUTS, values[: 3 if body.segments else 2], strict=False))


def mean_of(paths: Sequence[Path]) -> dict[str, torch.Tensor]:
    """Return the mean of the averages that runs have written."""
    states = [torch.load(path, weights_only=True) for path in paths]
    averages = [state.get("average", state) for state in states]
    return {
        name: torch.stack([average[name] for average in averages]).mean(dim=0)
        for name in averages[0]
    }


def main() -> None:
    """Read the command line and export."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("name", choices=sorted(TASKS))
    parser.add_argument(
        "--average", type=Path, required=True, nargs="+", help="average.pt or checkpoint.pt"
    )
    parser.add_argument(
        "--windows", type=Path, required=True, nargs="+", help="windows, for outliers"
    )
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    parser.add_argument("--bits", type=int, choices=(32, 8, 4), default=8)
    parser.add_argument("--nearest", action="store_true", help="round each weight for itself")
    parser.add_argument("--body", choices=sorted(BODIES), default="minilm")
    parser.add_argument("--source", type=Path, help="folder of the published body")
    options = parser.parse_args()
    source, body = options.source or source_folder(), BODIES[options.body]
    model = _model(options, source, body)
    write(model, options.out, source, name=f"{options.name}-{options.body}-{options.bits}")


def _model(options: argparse.Namespace, source: Path, body: Body) -> ModelProto:
    weights = to_weights(mean_of(options.average))
    if options.bits != 8:
        linear, lookup = (
            (float_linear, float_lookup)
            if options.bits == 32
            else (four_bit_linear, integer_lookup)
        )
        return graph_of(weights, linear=linear, lookup=lookup, body=body)
    windows = [window for path in options.windows for window in read(path) if not window.dev]
    windows = random.Random(0).sample(windows, min(_CALIBRATION, len(windows)))
    rows = tokenise(windows, tokenizer(source), max_tokens=MAX_TOKENS, body=body)
    return integer_model(weights, rows, nearest=options.nearest, body=body)


def write(model: ModelProto, out: Path, source: Path, *, name: str) -> None:
    """Write ``model.onnx``, ``tokenizer.json`` and ``MODEL.json``; a calibration is kept.

    A model that is larger than ``LARGEST`` is written in parts, ``model.onnx.1`` and on.
    """
    out.mkdir(parents=True, exist_ok=True)
    data = model.SerializeToString(deterministic=True)
    words = tokenizer_json(source / "tokenizer.json")
    for old in out.glob("model.onnx*"):
        old.unlink()
    if len(data) <= LARGEST:
        (out / "model.onnx").write_bytes(data)
    else:
        for number, at in enumerate(range(0, len(data), LARGEST), 1):
            (out / f"model.onnx.{number}").write_bytes(data[at : at + LARGEST])
    (out / "tokenizer.json").write_bytes(words)
    path = out / "MODEL.json"
    about = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    about |= {
        "name": name,
        "max_tokens": MAX_TOKENS,
        "sha256": hashlib.sha256(data).hexdigest(),
        "tokenizer_sha256": hashlib.sha256(words).hexdigest(),
        "final": True,
    }
    known = about.get("tasks", {})
    about["tasks"] = {
        task: known.get(task, {"window": WINDOWS[task], "fit": {}})
        for task in TASKS[name.partition("-")[0]]
    }
    path.write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(about, indent=2))


if __name__ == "__main__":
    main()
