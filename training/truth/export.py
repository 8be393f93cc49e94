"""Write a trained network as int8 ONNX: ``python -m training.truth.export NAME --average FILE``.

``NAME`` is reader or verifier. The graph is that of the embedder with segments and the head, the
weights become 7-bit integers in the same way (``training/embedder/quantise.py``); the head stays
in floats. ``--float`` writes the network without rounding, to compare with. Several files are
several runs of one network: the mean of their weights is written.
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

from training.embedder.bert_graph import Graph, Linear, Lookup, encode, float_linear, float_lookup
from training.embedder.export import source_folder, tokenizer_json
from training.embedder.quantise import (
    IntegerLinear,
    integer_lookup,
    observed_inputs,
    observed_moments,
)
from training.truth.network import OUTPUTS, Weights, to_weights
from training.truth.train import tokenizer
from training.truth.windows import Row, read, tokenise

MAX_TOKENS = 256
INPUTS = ("input_ids", "attention_mask", "token_type_ids")
WINDOWS = {"reader": 128, "verifier": 160}
"""Tokens of a row in training: rows are cut to it, or measured by it, at run time."""
_CALIBRATION = 256


def graph_of(weights: Weights, *, linear: Linear, lookup: Lookup) -> ModelProto:
    """Return the model: ``logits`` (batch, tokens, OUTPUTS)."""
    graph = Graph()
    x = encode(graph, weights, linear=linear, lookup=lookup, max_tokens=MAX_TOKENS, segments=True)
    head = graph.node("MatMul", x, graph.constant("head.weight", weights["head.weight"].T))
    logits = graph.node("Add", head, graph.constant("head.bias", weights["head.bias"]))
    return graph.model(logits, inputs=INPUTS, output="logits", width=OUTPUTS)


def integer_model(weights: Weights, rows: Sequence[Row], *, nearest: bool = False) -> ModelProto:
    """Return the rounded model.

    Args:
        weights: of the network.
        rows: some real inputs: they tell which channels have outliers, and which go together.
        nearest: round each weight for itself; else they make up for each other's rounding.
    """

    def made(linear: Linear) -> ModelProto:
        return graph_of(weights, linear=linear, lookup=float_lookup)

    linear = IntegerLinear(
        largest_input=observed_inputs(made, feeds(rows)),
        moments=None if nearest else observed_moments(made, feeds(rows)),
    )
    return graph_of(weights, linear=linear, lookup=integer_lookup)


def feeds(rows: Sequence[Row]) -> Iterator[dict[str, NDArray[np.int64]]]:
    """Yield each row as the inputs of a model."""
    for row in rows:
        ids = np.array([row.ids], dtype=np.int64)
        types = np.zeros_like(ids)
        types[0, row.passage_at :] = 1
        yield {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": types}


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
    parser.add_argument("name", choices=("reader", "verifier"))
    parser.add_argument(
        "--average", type=Path, required=True, nargs="+", help="average.pt or checkpoint.pt"
    )
    parser.add_argument("--windows", type=Path, required=True, help="windows, for outliers")
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    parser.add_argument("--float", action="store_true", help="do not round")
    parser.add_argument("--nearest", action="store_true", help="round each weight for itself")
    options = parser.parse_args()
    weights = to_weights(mean_of(options.average))
    if options.float:
        model = graph_of(weights, linear=float_linear, lookup=float_lookup)
    else:
        windows = [window for window in read(options.windows) if not window.dev]
        windows = random.Random(0).sample(windows, min(_CALIBRATION, len(windows)))
        rows = tokenise(windows, tokenizer(source_folder()), max_tokens=MAX_TOKENS)
        model = integer_model(weights, rows, nearest=options.nearest)
    write(
        model, options.out, name=f"{options.name}-minilm-l6-{'float' if options.float else 'int8'}"
    )


def write(model: ModelProto, out: Path, *, name: str) -> None:
    """Write ``model.onnx``, ``tokenizer.json`` and ``MODEL.json``; a calibration is kept."""
    out.mkdir(parents=True, exist_ok=True)
    data = model.SerializeToString(deterministic=True)
    words = tokenizer_json(source_folder() / "tokenizer.json")
    (out / "model.onnx").write_bytes(data)
    (out / "tokenizer.json").write_bytes(words)
    path = out / "MODEL.json"
    about = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    about |= {
        "name": name,
        "max_tokens": MAX_TOKENS,
        "sha256": hashlib.sha256(data).hexdigest(),
        "tokenizer_sha256": hashlib.sha256(words).hexdigest(),
        "final": True,
        "window": WINDOWS[name.partition("-")[0]],
    }
    about.setdefault("fit", {})
    path.write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(about, indent=2))


if __name__ == "__main__":
    main()
