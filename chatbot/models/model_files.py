"""What a folder with a model says of itself: ``MODEL.json``, or what an embedder's files tell."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chatbot.errors import ModelError
from chatbot.models.onnx import read_verified

BUILTIN = Path(__file__).parent / "weights" / "embedder"
"""The folder of the model that comes with the package."""
MODEL_FILE = "model.onnx"
TOKENIZER_FILE = "tokenizer.json"
DESCRIPTION_FILE = "MODEL.json"
TOKEN_INPUTS = ("input_ids", "attention_mask", "token_type_ids")
"""What a model may ask for."""
_MAX_TOKENS = 256  # of the sentence-transformers family; what a folder that says nothing gets


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFiles:
    """An embedding model's folder."""

    directory: Path
    name: str
    """With the first 12 digits of the model's sha256."""
    dimension: int
    max_tokens: int
    """Length of the model's window, special tokens included."""
    sha256: str | None
    """Of ``model.onnx``; None where nothing is to be checked."""
    tokenizer_sha256: str | None
    final: bool
    """The graph is in its fastest form: onnxruntime leaves it as it is."""


def read_model_files(directory: Path) -> ModelFiles:
    """Return the description of a folder.

    ``MODEL.json`` has ``name``, ``dimension``, ``max_tokens``, ``sha256``, ``tokenizer_sha256``
    and ``final``. A folder without one is a user's own: its model is opened once to see its
    dimension, and its files are not checked.

    Raises:
        ModelError: if files are missing or the description cannot be read.
    """
    path = directory / DESCRIPTION_FILE
    if not path.is_file():
        return _look(directory)
    try:
        data: dict[str, Any] = json.loads(path.read_bytes())
        return ModelFiles(
            directory=directory,
            name=f"{data['name']}@{data['sha256'][:12]}",
            dimension=int(data["dimension"]),
            max_tokens=int(data["max_tokens"]),
            sha256=data["sha256"],
            tokenizer_sha256=data["tokenizer_sha256"],
            final=bool(data["final"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"The description of the embedding model, {path}, cannot be read "
            f"({type(error).__name__}: {error})."
        ) from None


def read_description(directory: Path, keys: Sequence[str]) -> dict[str, Any]:
    """Return ``MODEL.json`` of a model that is no embedder.

    Raises:
        ModelError: if it cannot be read or lacks one of the keys.
    """
    path = directory / DESCRIPTION_FILE
    try:
        about: dict[str, Any] = json.loads(path.read_bytes())
        for key in keys:
            about[key]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"The description of the model, {path}, cannot be read "
            f"({type(error).__name__}: {error}): install the package again."
        ) from None
    return about


def _look(directory: Path) -> ModelFiles:
    from chatbot.models.onnx import open_session

    path = directory / MODEL_FILE
    version = hashlib.sha256(read_verified(path, sha256=None)).hexdigest()
    session = open_session(path, sha256=None, threads=1)
    unknown = sorted({declared.name for declared in session.get_inputs()} - set(TOKEN_INPUTS))
    if unknown:
        raise ModelError(
            f"The model {path} needs the inputs {', '.join(unknown)}, but an embedding model gets "
            f"only {', '.join(TOKEN_INPUTS)}."
        )
    shape = session.get_outputs()[0].shape
    if len(shape) != 3 or not isinstance(shape[2], int):
        raise ModelError(
            f"The first output of {path} has the shape {shape}: an embedding model must give token "
            "vectors, [batch, tokens, dimension]."
        )
    return ModelFiles(
        directory=directory,
        name=f"{directory.resolve().name}@{version[:12]}",
        dimension=shape[2],
        max_tokens=_MAX_TOKENS,
        sha256=None,
        tokenizer_sha256=None,
        final=False,
    )
