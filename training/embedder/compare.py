"""Measures the exported embedder against the original: cosine by text, and speed.

``python -m training.embedder.compare --model DIR --texts FILE...`` where each file is JSON lines
(``.jsonl`` or ``.jsonl.gz``); its strings of 20 characters or more are the texts, a sample of them
for each file. ``--golden FILE`` writes the original's vectors of a few sentences for the tests.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import AutoModel, AutoTokenizer

from chatbot.models.onnx_embedder import OnnxEmbedder
from training.embedder.export import MAX_TOKENS, source_folder

GOLDEN = [
    "Japan has sent 101 vehicles to Ukraine, the Defense Ministry said on Tuesday.",
    "How many vehicles did Japan send to Ukraine?",
    "The committee adjourned without reaching a decision.",
    "what is the capital of australia",
    "Mitochondria convert nutrients into ATP (adenosine triphosphate).",
    "We may share your personal information with third parties, e.g. advertisers.",
    "Ok.",
    "In 1973, OPEC's embargo raised the price of a barrel from US$3 to nearly $12, while shortages "
    "closed filling stations, changed car makers' plans for a decade and brought in speed limits.",
]


def read_texts(path: Path, *, sample: int) -> list[str]:
    """Return up to ``sample`` different strings of a JSON-lines file, always the same ones."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        found = {text for line in lines for text in _strings(json.loads(line))}
    return random.Random(0).sample(sorted(found), min(sample, len(found)))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        if len(value) >= 20:
            yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _strings(item)


def original_vectors(texts: list[str]) -> NDArray[np.float32]:
    """Return the original model's unit vectors: PyTorch, 32-bit floats, one text at a time."""
    folder = source_folder()
    tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder)
    model.eval()
    vectors = []
    with torch.inference_mode():
        for text in texts:
            inputs = tokenizer(text, truncation=True, max_length=MAX_TOKENS, return_tensors="pt")
            mean = model(**inputs).last_hidden_state[0].mean(dim=0)
            vectors.append((mean / mean.norm()).numpy())
    return np.array(vectors, dtype=np.float32)


def main() -> None:
    """Read the command line, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="folder that export.py wrote")
    parser.add_argument("--texts", type=Path, nargs="*", default=[], help="JSON-lines files")
    parser.add_argument("--sample", type=int, default=50, help="texts from each file")
    parser.add_argument("--golden", type=Path, help="file to write the tests' vectors to")
    options = parser.parse_args()
    if options.golden:
        vectors = [[round(float(x), 5) for x in v] for v in original_vectors(GOLDEN)]
        rows = [{"text": t, "vector": v} for t, v in zip(GOLDEN, vectors, strict=True)]
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        options.golden.write_text(lines, encoding="utf-8")
    texts = [text for path in options.texts for text in read_texts(path, sample=options.sample)]
    if not texts:
        return
    embedder = OnnxEmbedder(options.model, threads=1)
    embedded = embedder.embed(texts)
    start = time.process_time()
    embedder.embed(texts)
    seconds = time.process_time() - start
    cosine = (embedded * original_vectors(texts)).sum(axis=1)
    tokens = sum(min(count + 2, MAX_TOKENS) for count in embedder.count_tokens(texts))
    print(f"{embedder.name}: {len(texts)} texts, {tokens / len(texts):.0f} tokens each")
    print(f"cosine: mean {cosine.mean():.4f}, p1 {np.percentile(cosine, 1):.4f}, ", end="")
    print(f"min {cosine.min():.4f}; {tokens / seconds:.0f} tokens per second of one core")


if __name__ == "__main__":
    main()
