"""How far the embedder is from what the machine could do with 8-bit integers.

    python -m benchmarks.int8_limit --data dev_visible.jsonl.gz [--out FOLDER]

The limit: the rate of one large product of 8-bit matrices by onnxruntime on all cores, best of
many. The embedder: the integer operations that its multiplications by weights need for the tokens
of the texts, over the time it takes for them, tokenising and pooling included; median of several
runs, for sentences as they are asked and for paragraphs as they are added. What it does in floats
(attention, normalisation) counts as time and not as work.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime

from benchmarks.texts import first_paragraphs
from chatbot import Settings
from chatbot.documents import sentence_spans
from chatbot.models.embedders import load_embedder
from chatbot.models.model_files import available_cores

LAYERS, WIDTH, WIDE = 6, 384, 1536
OPERATIONS = 2 * LAYERS * (4 * WIDTH * WIDTH + 2 * WIDTH * WIDE)
"""Of one token: query, key, value and output, and the two large ones, a product and a sum each."""
ROWS, INNER, COLUMNS = 2048, 2048, 2048
_UINT8, _INT8, _INT32 = 2, 3, 6


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="SQuAD rows, .jsonl.gz")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--out", type=Path, default=Path("build/bench"))
    options = parser.parse_args()
    paragraphs = list(first_paragraphs(options.data, 200))
    sentences = [text[s.start : s.end] for text in paragraphs for s in sentence_spans(text)]
    embedder = load_embedder(Settings())
    found: dict[str, dict[str, float]] = {}
    peaks = [peak()]
    for name, texts in (("sentences", sentences[:800]), ("paragraphs", paragraphs)):
        tokens = sum(count + 2 for count in embedder.count_tokens(texts))
        embedder.embed(texts[:20])
        rates = []
        for _ in range(options.runs):
            seconds = timed(lambda texts=texts: embedder.embed(texts))  # type: ignore[misc]
            peaks.append(peak())
            rates.append(tokens * OPERATIONS / seconds)
        rate = statistics.median(rates)
        found[name] = {
            "texts_a_second": rate / (tokens * OPERATIONS / len(texts)),
            "tokens_a_text": tokens / len(texts),
            "giga_operations": rate / 1e9,
        }
    best = max(peaks)
    for name, one in found.items():
        one["share"] = one["giga_operations"] * 1e9 / best
        print(
            f"{name}: {one['texts_a_second']:.0f} a second of {one['tokens_a_text']:.0f} tokens, "
            f"{one['giga_operations']:.0f} of {best / 1e9:.0f} giga operations a second: "
            f"{one['share']:.0%} (target: 60 %)"
        )
    options.out.mkdir(parents=True, exist_ok=True)
    report = {"peak_giga_operations": best / 1e9, "cores": available_cores(), **found}
    (options.out / "int8_limit.json").write_text(json.dumps(report, indent=1), encoding="utf-8")


def peak() -> float:
    """Return the operations a second of one large product of 8-bit matrices, best of ten."""
    chance = np.random.default_rng(0)
    left = chance.integers(0, 255, (ROWS, INNER), dtype=np.uint8)
    right = chance.integers(-63, 63, (INNER, COLUMNS), dtype=np.int8)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = available_cores()
    session = onnxruntime.InferenceSession(
        product_model(right), options, providers=["CPUExecutionProvider"]
    )
    best = min(timed(lambda: session.run(None, {"left": left})) for _ in range(10))
    return 2 * ROWS * INNER * COLUMNS / best


def timed(work: Callable[[], object]) -> float:
    """Return how many seconds it took."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def product_model(right: np.ndarray) -> bytes:
    """Return an ONNX file with one MatMulInteger node, written by hand: no package is needed."""
    weight = (
        b"".join(_number(1, size) for size in right.shape)
        + _number(2, _INT8)
        + _part(8, b"right")
        + _part(9, right.tobytes())
    )
    node = _part(1, b"left") + _part(1, b"right") + _part(2, b"out") + _part(4, b"MatMulInteger")
    graph = (
        _part(1, node)
        + _part(2, b"product")
        + _part(5, weight)
        + _part(11, _value(b"left", _UINT8, (ROWS, INNER)))
        + _part(12, _value(b"out", _INT32, (ROWS, COLUMNS)))
    )
    return _number(1, 9) + _part(7, graph) + _part(8, _number(2, 20))


def _value(name: bytes, kind: int, shape: tuple[int, ...]) -> bytes:
    sizes = b"".join(_part(1, _number(1, size)) for size in shape)
    return _part(1, name) + _part(2, _part(1, _number(1, kind) + _part(2, sizes)))


def _number(field: int, value: int) -> bytes:
    """Return one number of a protocol buffer message."""
    return _varint(field << 3) + _varint(value)


def _part(field: int, data: bytes) -> bytes:
    """Return one string or inner message of a protocol buffer message."""
    return _varint(field << 3 | 2) + _varint(len(data)) + data


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


if __name__ == "__main__":
    main()
