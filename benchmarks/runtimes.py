"""What runs the embedding network fastest: onnxruntime or OpenVINO, one text alone or in batches.

    python -m benchmarks.runtimes --data dev_visible.jsonl.gz [--paragraphs 40]

OpenVINO is no dependency: it is tried where it is installed (``pip install openvino``). One thread
each, in turns; the least processor time of some rounds counts, which is about the same on a machine
that has other work to do. Cosines are those to the vectors of onnxruntime, each text alone.
"""

from __future__ import annotations

import argparse
import gzip
import importlib
import json
import time
from collections.abc import Callable, Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from chatbot.models.model_files import MODEL_FILE, TOKENIZER_FILE

FOLDER = Path(__file__).parent.parent / "chatbot" / "models" / "weights" / "embedder"
MOST_TOKENS = 256
Floats = NDArray[np.float32]
Run = Callable[[dict[str, NDArray[np.int64]]], Floats]
"""From padded tokens and their mask to token vectors (texts, tokens, dimension)."""


def main() -> None:
    """Read the command line, run in turns and print a row for each way."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="SQuAD rows, .jsonl.gz")
    parser.add_argument("--paragraphs", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=4)
    options = parser.parse_args()
    texts = _tokens(options.data, options.paragraphs)
    runs: dict[str, Run] = {"onnxruntime": _onnxruntime()}
    if find_spec("openvino"):
        runs["OpenVINO"] = _openvino()
    ways = {
        f"{name}, {f'batches of {size}' if size > 1 else 'one by one'}": partial(
            embedded, run, texts, size
        )
        for name, run in runs.items()
        for size in (1, 8, 16)
    }
    vectors = {name: way() for name, way in ways.items()}
    alone = next(iter(vectors.values()))
    least = dict.fromkeys(ways, float("inf"))
    for _ in range(options.rounds):
        for name, way in ways.items():
            began = time.process_time()
            way()
            least[name] = min(least[name], time.process_time() - began)
    print(f"{len(texts)} paragraphs of {np.mean([len(one) for one in texts]):.0f} tokens")
    for name, seconds in least.items():
        cosine = float(np.vecdot(vectors[name], alone).min())
        print(f"{name:28} {len(texts) / seconds:6.1f} paragraphs a second, cosine >= {cosine:.4f}")


def _tokens(path: Path, count: int) -> list[list[int]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = (json.loads(line) for line in lines)
        found = list(dict.fromkeys(row.get("context") or row["paragraph"] for row in rows))[:count]
    tokenizer = Tokenizer.from_file(str(FOLDER / TOKENIZER_FILE))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MOST_TOKENS)
    return [tokenizer.encode(text).ids for text in found]


def _onnxruntime() -> Run:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        str(FOLDER / MODEL_FILE), options, providers=["CPUExecutionProvider"]
    )
    return lambda inputs: session.run(None, inputs)[0]


def _openvino() -> Run:
    openvino: Any = importlib.import_module("openvino")
    wanted = {"INFERENCE_NUM_THREADS": 1, "PERFORMANCE_HINT": "LATENCY"}
    compiled = openvino.Core().compile_model(str(FOLDER / MODEL_FILE), "CPU", wanted)
    request = compiled.create_infer_request()

    def run(inputs: dict[str, NDArray[np.int64]]) -> Floats:
        request.infer(inputs)
        return np.array(request.get_output_tensor(0).data, dtype=np.float32)

    return run


def embedded(run: Run, texts: Sequence[list[int]], size: int) -> Floats:
    """Return the unit vectors (n, dimension) of texts, of about equal length in a batch."""
    order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
    found: dict[int, Floats] = {}
    for first in range(0, len(order), size):
        batch = order[first : first + size]
        width = max(len(texts[at]) for at in batch)
        ids = np.zeros((len(batch), width), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, at in enumerate(batch):
            ids[row, : len(texts[at])] = texts[at]
            mask[row, : len(texts[at])] = 1
        tokens = run({"input_ids": ids, "attention_mask": mask})
        sums = (tokens * mask[..., None]).sum(axis=1)
        found |= dict(zip(batch, sums, strict=True))
    rows = np.stack([found[at] for at in range(len(texts))])
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


if __name__ == "__main__":
    main()
