"""Opens an onnxruntime session for a file whose content is known.

Knows no model and no text.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from chatbot.errors import ModelError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

_REINSTALL = "install the package again"


def available_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1


def read_verified(path: Path, *, sha256: str | None) -> bytes:
    """Return the bytes of a model's file, checked against its hash.

    Args:
        path: the file; one that is too large for some hosts is kept in parts, ``NAME.1`` and on.
        sha256: 64 hex digits; None takes the file as it is.

    Raises:
        ModelError: if the file is missing, cannot be read or has another content.
    """
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


def open_session(
    path: Path, *, sha256: str | None, threads: int | None, final: bool = False
) -> InferenceSession:
    """Open a session on the CPU that logs errors only.

    The file is read once: the bytes that were hashed are the bytes that run.

    Args:
        path: the ``.onnx`` file.
        sha256: what its content must hash to; None takes the file as it is.
        threads: threads for the operators of one run; None takes all cores.
        final: the graph is already in its fastest form, so that onnxruntime leaves it as it is.

    Raises:
        ModelError: if the file is missing, changed or no model that onnxruntime can run.
    """
    data = read_verified(path, sha256=sha256)
    import onnxruntime
    from onnxruntime.capi.onnxruntime_pybind11_state import (
        Fail,
        InvalidArgument,
        InvalidGraph,
        InvalidProtobuf,
        NotImplemented,
    )

    onnxruntime.disable_telemetry_events()  # Windows builds have some
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or available_cores()
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # A thread that spins between runs takes the core from whoever writes or serves beside it.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    if final:
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    try:
        return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    except (Fail, InvalidArgument, InvalidGraph, InvalidProtobuf, NotImplemented) as error:
        reason = _first_line(error)
        raise ModelError(f"onnxruntime cannot run the model file {path}: {reason}.") from None


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(". ")[:200] if lines else type(error).__name__
