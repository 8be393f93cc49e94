"""A model's folder: what it says of itself, and its tokenizer and session when they are needed."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from chatbot.errors import ModelError
from chatbot.models.token_windows import WindowTokenizer

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

BUILTIN = Path(__file__).parent / "weights" / "embedder"
"""The folder of the embedder that comes with the package."""
MODEL_FILE = "model.onnx"
TOKENIZER_FILE = "tokenizer.json"
DESCRIPTION_FILE = "MODEL.json"
TOKEN_INPUTS = ("input_ids", "attention_mask", "token_type_ids")
"""What a model may ask for."""
_MAX_TOKENS = 256  # of the sentence-transformers family; what a folder that says nothing gets
_REINSTALL = "install the package again"
_Row = TypeVar("_Row")


@dataclass(frozen=True, kw_only=True)
class ModelFiles:
    """A model's folder. Thread safe.

    A file that is missing or changed is a ModelError when it is opened: on first use.
    """

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
        """Return the tokenizer."""
        with self._lock:
            return self._tokenizer

    def session(self) -> InferenceSession:
        """Return a session of one thread."""
        with self._lock:
            return self._session

    @cached_property
    def _tokenizer(self) -> WindowTokenizer:
        path = self.directory / TOKENIZER_FILE
        data = _read_verified(path, sha256=self.tokenizer_sha256)
        return WindowTokenizer(path, data, max_tokens=self.max_tokens)

    @cached_property
    def _session(self) -> InferenceSession:
        path = self.directory / MODEL_FILE
        return open_session(path, sha256=self.sha256, final=self.final)


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
            f"({type(error).__name__}: {error}): {_REINSTALL}."
        ) from None


def _look(directory: Path) -> ModelFiles:
    path = directory / MODEL_FILE
    version = hashlib.sha256(_read_verified(path, sha256=None)).hexdigest()
    session = open_session(path, sha256=None)
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


def open_session(path: Path, *, sha256: str | None, final: bool = False) -> InferenceSession:
    """Open a session of one thread on the CPU that logs errors only.

    The file is read once: the bytes that were hashed are the bytes that run.

    Args:
        path: the ``.onnx`` file.
        sha256: what its content must hash to; None takes the file as it is.
        final: the graph is already in its fastest form, so that onnxruntime leaves it as it is.

    Raises:
        ModelError: if the file is missing, changed or no model that onnxruntime can run.
    """
    data = _read_verified(path, sha256=sha256)
    import onnxruntime
    from onnxruntime.capi import onnxruntime_pybind11_state as raised

    onnxruntime.disable_telemetry_events()  # Windows builds have some
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    if final:
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    try:
        return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    except (
        raised.Fail,
        raised.InvalidArgument,
        raised.InvalidGraph,
        raised.InvalidProtobuf,
        raised.NotImplemented,
    ) as error:
        reason = str(error).strip().partition("\n")[0].rstrip(". ")[:200] or type(error).__name__
        raise ModelError(f"onnxruntime cannot run the model file {path}: {reason}.") from None


def _read_verified(path: Path, *, sha256: str | None) -> bytes:
    """Return the bytes of a file; one too large for some hosts lies in parts, ``NAME.1`` and on."""
    try:
        parts = () if path.exists() else sorted(path.parent.glob(f"{path.name}.[0-9]"))
        data = b"".join(part.read_bytes() for part in parts or [path])
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ModelError(
            f"The model file {path} cannot be read ({reason}): {_REINSTALL}."
        ) from None
    if sha256 is not None and hashlib.sha256(data).hexdigest() != sha256:
        raise ModelError(
            f"The model file {path} is not the one this version was made with "
            f"(its sha256 differs): {_REINSTALL}."
        )
    return data


class RowThreads:
    """Runs rows beside each other, each alone.

    Measured faster than several threads for one operator, and no thread waits for the others.
    """

    def __init__(self, threads: int | None, *, name: str) -> None:
        """Make the threads; None takes all cores."""
        self._threads = threads or available_cores()
        self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix=name)

    def run(
        self, work: Callable[[_Row], None], rows: Sequence[_Row], *, length: Callable[[_Row], int]
    ) -> None:
        """Do the work for each row, the longest first: none is left alone at the end."""
        if self._threads == 1 or len(rows) < 2:
            for row in rows:
                work(row)
        else:
            list(self._pool.map(work, sorted(rows, key=length, reverse=True)))


def available_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1


@cache
def common_words() -> frozenset[str]:
    """Return the some 20,000 English words that the built-in tokenizer keeps in one piece.

    They are in lower case, and tell a misspelt word from one that just is not in the documents.
    """
    data = json.loads((BUILTIN / TOKENIZER_FILE).read_text(encoding="utf-8"))
    return frozenset(word for word in data["model"]["vocab"] if word.isalpha())
