"""Reads a rounded model back into floats, so that training can go on from shipped weights.

What rounding took (at most .4 points, see ../README.md) is not brought back.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper

from training.truth.network import Network, Weights, load_weights, to_weights

_PARTS = ("attention.output.dense", "intermediate.dense", "output.dense")
_NORMS = ("attention.output.LayerNorm", "output.LayerNorm")


def load_rounded(network: Network, folder: Path, *, frozen: int) -> None:
    """Take the layers and the head of ``model.onnx``.

    Args:
        network: with the published body.
        folder: as ``export`` writes it, rounded.
        frozen: so many first layers, and all below them, were not trained and stay as published.
    """
    constants = {
        one.name: numpy_helper.to_array(one)
        for one in onnx.load(str(folder / "model.onnx")).graph.initializer
    }
    weights: Weights = to_weights(network.state_dict())
    for number in range(frozen, network.body.layers):
        prefix = f"encoder.layer.{number}."
        for name in _PARTS:
            weights[f"{prefix}{name}.weight"] = _floats(constants, f"{prefix}{name}").T
            weights[f"{prefix}{name}.bias"] = constants[f"{prefix}{name}.bias"]
        joined = _floats(constants, f"{prefix}attention.qkv").T
        biases = constants[f"{prefix}attention.qkv.bias"]
        for at, part in enumerate(("query", "key", "value")):
            name = f"{prefix}attention.self.{part}"
            weights[f"{name}.weight"] = np.split(joined, 3)[at]
            weights[f"{name}.bias"] = np.split(biases, 3)[at]
        for name in _NORMS:
            for kind in ("weight", "bias"):
                weights[f"{prefix}{name}.{kind}"] = constants[f"{prefix}{name}.{kind}"]
    weights["head.weight"] = constants["head.weight"].T
    weights["head.bias"] = constants["head.bias"]
    load_weights(network, weights)


def _floats(constants: Weights, name: str) -> np.ndarray:
    """Return (inputs, outputs): whole numbers times their scales, less what was moved in."""
    whole = constants[f"{name}.weight"].astype(np.float32) * constants[f"{name}.scale"]
    moved = constants.get(f"{name}.smooth")
    return whole if moved is None else whole * moved[:, None]
