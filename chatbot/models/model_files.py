"""A model's folder: what it says of itself, and its tokenizer and session when they are needed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from chatbot.errors import ModelError
from chatbot.models.onnx import open_session, read_verified
from chatbot.models.token_windows import WindowTokenizer

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

BUILTIN = Path(__file__).parent / "weights" / "embedder"
"""The folder of the model that comes with the package."""
MODEL_FILE = "model.onnx"
TOKENIZER_FILE = "tokenizer.json"
DESCRIPTION_FILE = "MODEL.json"
TOKEN_INPUTS = ("input_ids", "attention_mask", "token_type_ids")
"""What a model may ask for."""
_MAX_TOKENS = 256  # of the sentence-transformers family; what a folder that says nothing gets


@dataclass(frozen=True, kw_only=True)
class ModelFiles:
    """A model's folder. Thread safe."""

    directory: Path
    name: str
    """With the first 12 digits of the model's sha256."""
    max_tokens: int
    """Length of the model's window, special tokens included."""
    dimension: int = 0
    """Numbers in a vector; 0 where the model is no embedder."""
    sha256: str | None = None
    """Of ``model.onnx``; None where nothing is to be checked."""
    tokenizer_sha256: str | None = None
    final: bool = False
    """The graph is in its fastest form: onnxruntime leaves it as it is."""
    tasks: Mapping[str, Any] = field(default_factory=dict)
    """Of a network that reads two texts: what it was trained for, as JSON values."""
    _lock: Lock = field(default_factory=Lock, repr=False, compare=False)

    def tokenizer(self) -> WindowTokenizer:
        """Return the tokenizer, opened on first use.

        Raises:
            ModelError: if it is missing or changed.
        """
        with self._lock:
            return self._tokenizer

    def session(self) -> InferenceSession:
        """Return a session of one thread, opened on first use.

        Raises:
            ModelError: if the weights are missing or changed.
        """
        with self._lock:
            return self._session

    @cached_property
    def _tokenizer(self) -> WindowTokenizer:
        path = self.directory / TOKENIZER_FILE
        return WindowTokenizer(path, sha256=self.tokenizer_sha256, max_tokens=self.max_tokens)

    @cached_property
    def _session(self) -> InferenceSession:
        path = self.directory / MODEL_FILE
        return open_session(path, sha256=self.sha256, threads=1, final=self.final)


def read_model_files(directory: Path, *, needs: str) -> ModelFiles:
    """Return the description of a folder, from its ``MODEL.json``.

    A folder with an embedder may have none: it is a user's own, its model is opened once to see its
    dimension, and its files are not checked.

    Args:
        directory: with ``model.onnx`` and ``tokenizer.json``.
        needs: what the description must have beside what all have: ``dimension`` or ``tasks``.

    Raises:
        ModelError: if files are missing or the description cannot be read.
    """
    path = directory / DESCRIPTION_FILE
    if needs == "dimension" and not path.is_file():
        return _look(directory)
    try:
        data: dict[str, Any] = json.loads(path.read_bytes())
        return ModelFiles(
            directory=directory,
            name=f"{data['name']}@{data['sha256'][:12]}",
            max_tokens=int(data["max_tokens"]),
            sha256=data["sha256"],
            tokenizer_sha256=data["tokenizer_sha256"],
            final=bool(data["final"]),
            **{needs: data[needs]},
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"The description of the model, {path}, cannot be read "
            f"({type(error).__name__}: {error}): install the package again."
        ) from None


def _look(directory: Path) -> ModelFiles:
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
    )
