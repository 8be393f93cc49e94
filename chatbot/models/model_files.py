"""A network's folder: what it says of itself, its tokenizer, and runs of the network."""

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

import numpy as np
from numpy.typing import NDArray

from chatbot.errors import ModelError
from chatbot.models.tokenizing import TextTokenizer
from chatbot.types.json_values import from_json

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

Floats = NDArray[np.float32]
Made = TypeVar("Made")

BUILTIN = Path(__file__).parent / "weights" / "embedder"
"""The folder of the embedder that comes with the package."""
MODEL_FILE = "model.onnx"
TOKENIZER_FILE = "tokenizer.json"
TOKEN_INPUTS = ("input_ids", "attention_mask", "token_type_ids")
"""What a network may ask for."""
_MAX_TOKENS = 256  # of the sentence-transformers family; what a folder that says nothing gets
_REINSTALL = "install the package again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What a folder says of its network, in ``MODEL.json``."""

    name: str
    sha256: str
    """Of ``model.onnx``."""
    tokenizer_sha256: str | None
    """None where it is not to be checked."""
    max_tokens: int
    """Length of the network's window, special tokens included."""
    final: bool
    """The graph is in its fastest form: onnxruntime leaves it as it is."""
    dimension: int = 0
    """Numbers in a vector; 0 where the network is no embedder."""
    tasks: Mapping[str, Any] = field(default_factory=dict)
    """Of a network that reads two texts: what it was trained for, as JSON values."""

    @property
    def version(self) -> str:
        """The name with the first 12 digits of the network's sha256."""
        return f"{self.name}@{self.sha256[:12]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One input of a network."""

    ids: list[int]
    """Token ids, special tokens included."""
    second: int
    """The number of the first token of a second text; that of all tokens where there is none."""


class ModelFiles:
    """A folder with ``model.onnx``, ``tokenizer.json`` and ``MODEL.json``. Thread safe.

    A file that is missing or changed is a ModelError when it is opened: on first use.
    """

    def __init__(self, directory: Path, *, needs: str, threads: int | None = None) -> None:
        """Read the description.

        A folder with an embedder may have none: it is a user's own, and its network is opened once
        to see its dimension.

        Args:
            directory: the folder.
            needs: what the description must have: ``dimension`` or ``tasks``.
            threads: rows that run at once; None takes all cores.

        Raises:
            ModelError: if files are missing or the description cannot be read.
        """
        self._directory = directory
        self.about = _description(directory, needs=needs)
        self._lock = Lock()
        self._threads = threads or available_cores()
        self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="network")

    @property
    def tokenizer(self) -> TextTokenizer:
        """What cuts texts into tokens."""
        with self._lock:
            return self._tokenizer

    @cached_property
    def _tokenizer(self) -> TextTokenizer:
        path = self._directory / TOKENIZER_FILE
        return TextTokenizer(path, _read_verified(path, sha256=self.about.tokenizer_sha256))

    @cached_property
    def _session(self) -> InferenceSession:
        path = self._directory / MODEL_FILE
        return open_session(path, sha256=self.about.sha256, final=self.about.final)

    def run(self, row: Row) -> Floats:
        """Return the network's first output for one row: (tokens, numbers)."""
        with self._lock:
            session = self._session
        ids = np.array([row.ids], dtype=np.int64)
        types = np.zeros_like(ids)
        types[0, row.second :] = 1
        given = dict(zip(TOKEN_INPUTS, (ids, np.ones_like(ids), types), strict=True))
        # Some networks do not tell the first text and the second apart by a type of token.
        asked = {declared.name: given[declared.name] for declared in session.get_inputs()}
        numbers: Floats = session.run(None, asked)[0][0]
        return numbers

    def each(self, rows: Sequence[Row], make: Callable[[int, Floats], Made]) -> list[Made]:
        """Run every row alone, several beside each other; return what ``make`` makes of each.

        In a batch the range of the whole batch would set how activations are rounded, and a text's
        numbers would change with its company. Alone they are nearer to the original, nothing is
        padded, and it costs as much for chunks; 25 % more for single sentences. Measured faster
        than several threads for one operator, and no thread waits for the others.

        Args:
            rows: the inputs.
            make: gets the position of a row and what ``run`` returns for it, in any thread.
        """

        def work(at: int) -> Made:
            return make(at, self.run(rows[at]))

        if self._threads == 1 or len(rows) < 2:
            return [work(at) for at in range(len(rows))]
        # The longest first: none is left alone at the end.
        order = sorted(range(len(rows)), key=lambda at: -len(rows[at].ids))
        made = dict(zip(order, self._pool.map(work, order), strict=True))
        return [made[at] for at in range(len(rows))]


def _description(directory: Path, *, needs: str) -> Description:
    path = directory / "MODEL.json"
    if needs == "dimension" and not path.is_file():
        return _look(directory)
    try:
        about = from_json(Description, json.loads(path.read_bytes()), extra="ignore")
        if not getattr(about, needs):
            raise ValueError(f"it does not tell its {needs}")
    except (OSError, ValueError) as error:
        raise ModelError(
            f"The description of the model, {path}, cannot be read "
            f"({type(error).__name__}: {error}): {_REINSTALL}."
        ) from None
    return about


def _look(directory: Path) -> Description:
    path = directory / MODEL_FILE
    sha256 = hashlib.sha256(_read_verified(path, sha256=None)).hexdigest()
    session = open_session(path, sha256=sha256)
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
    return Description(
        name=directory.resolve().name,
        sha256=sha256,
        tokenizer_sha256=None,
        max_tokens=_MAX_TOKENS,
        final=False,
        dimension=shape[2],
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
