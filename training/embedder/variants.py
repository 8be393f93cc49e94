"""What other forms of the embedder's graph would cost: ``python -m training.embedder.variants``.

    python -m training.embedder.variants [--model FOLDER] [--runs 50]

The shipped graph beside itself without the attention mask, without the weights' zero points, with
addition and normalisation in one operator, and with onnxruntime's own optimisation; on one thread,
taking turns. Then how its time is divided among the operators.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections import Counter
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import ModelProto, helper

from chatbot.models.model_files import BUILTIN, MODEL_FILE
from training.embedder.bert_graph import MICROSOFT

TOKENS = (14, 34, 160)
"""A short question, a sentence, a paragraph."""


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--model", type=Path, default=BUILTIN)
    parser.add_argument("--runs", type=int, default=50)
    options = parser.parse_args()
    path = options.model / MODEL_FILE
    sessions = {
        "as shipped": opened(onnx.load(path)),
        "without mask": opened(without_mask(onnx.load(path))),
        "without zero points": opened(without_zero_points(onnx.load(path))),
        "one operator to add and normalise": opened(fused_norms(onnx.load(path))),
        "optimised by onnxruntime": opened(onnx.load(path), optimise=True),
    }
    for tokens in TOKENS:
        times = take_turns(sessions, ids_of(tokens), runs=options.runs)
        for name, spent in times.items():
            ratio = times["as shipped"] / spent
            print(f"{tokens} tokens, {name}: {spent:.2f} ms, {ratio:.2f} times as fast")
    for tokens in TOKENS:
        shares = ", ".join(f"{name} {share:.0%}" for name, share in operators(path, ids_of(tokens)))
        print(f"{tokens} tokens: {shares}")


def without_mask(model: ModelProto) -> ModelProto:
    """Leave out the mask, which is all ones where each text runs alone."""
    graph = model.graph
    for node in graph.node:
        if node.op_type == "MultiHeadAttention":
            del node.input[3:]
    nodes = [node for node in graph.node if "attention_mask" not in node.input]
    inputs = [one for one in graph.input if one.name != "attention_mask"]
    del graph.node[:], graph.input[:]
    graph.node.extend(nodes)
    graph.input.extend(inputs)
    return model


def without_zero_points(model: ModelProto) -> ModelProto:
    """Leave out the zero points of the weights, which are all 0."""
    for node in model.graph.node:
        if node.op_type == "DynamicQuantizeMatMul":
            node.input[3] = ""
    return model


def fused_norms(model: ModelProto) -> ModelProto:
    """Add and normalise in one operator."""
    graph = model.graph
    made_by = {name: node for node in graph.node for name in node.output}
    nodes, gone = [], []
    for node in graph.node:
        added = made_by.get(node.input[0]) if node.op_type == "LayerNormalization" else None
        if added is None or added.op_type != "Add":
            nodes.append(node)
            continue
        gone.append(added)
        inputs = [*added.input, *node.input[1:]]
        nodes.append(
            helper.make_node(
                "SkipLayerNormalization", inputs, node.output, domain=MICROSOFT, epsilon=1e-12
            )
        )
    del graph.node[:]
    graph.node.extend(node for node in nodes if not any(node is one for one in gone))
    return model


def opened(model: ModelProto, *, optimise: bool = False) -> onnxruntime.InferenceSession:
    """Open a model on one thread."""
    levels = onnxruntime.GraphOptimizationLevel
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    options.graph_optimization_level = levels.ORT_ENABLE_ALL if optimise else levels.ORT_DISABLE_ALL
    return onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )


def ids_of(tokens: int) -> NDArray[np.int64]:
    """Return a row of random tokens (1, tokens)."""
    return np.random.default_rng(tokens).integers(1000, 20000, (1, tokens), dtype=np.int64)


def take_turns(
    sessions: dict[str, onnxruntime.InferenceSession], ids: NDArray[np.int64], *, runs: int
) -> dict[str, float]:
    """Return the median milliseconds of each."""
    spent: dict[str, list[float]] = {name: [] for name in sessions}
    for _ in range(runs):
        for name, session in sessions.items():
            began = time.perf_counter()
            session.run(None, feeds(session, ids))
            spent[name].append(1000 * (time.perf_counter() - began))
    return {name: statistics.median(times) for name, times in spent.items()}


def feeds(
    session: onnxruntime.InferenceSession, ids: NDArray[np.int64]
) -> dict[str, NDArray[np.int64]]:
    """Return the inputs that a session asks for."""
    known = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
    return {one.name: known[one.name] for one in session.get_inputs()}


def operators(path: Path, ids: NDArray[np.int64]) -> list[tuple[str, float]]:
    """Return the operators that take the most time, and the share of each."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.enable_profiling = True
    with tempfile.TemporaryDirectory() as folder:
        options.profile_file_prefix = str(Path(folder) / "profile")
        session = onnxruntime.InferenceSession(str(path), options)
        for _ in range(30):
            session.run(None, feeds(session, ids))
        events = json.loads(Path(session.end_profiling()).read_text(encoding="utf-8"))
    spent: Counter[str] = Counter()
    for event in events:
        if event.get("cat") == "Node" and event["name"].endswith("kernel_time"):
            spent[event["args"]["op_name"]] += event["dur"]
    return [(name, time_ / spent.total()) for name, time_ in spent.most_common(6)]


if __name__ == "__main__":
    main()
