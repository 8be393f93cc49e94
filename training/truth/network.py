"""The network of both models: all-MiniLM-L6-v2's body and one linear head on every token.

Plain torch without transformers. Its weights are read from, and given back in, the names of the
published file, so that ``training.embedder.bert_graph`` exports it. Knows no data.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as f
from numpy.typing import NDArray
from safetensors.numpy import load_file
from torch import Tensor, nn

WIDTH, HEADS, LAYERS, POSITIONS, WORDS = 384, 12, 6, 512, 30522
OUTPUTS = 4
"""Logits of each token; see ``losses`` for what they mean."""
Weights = dict[str, NDArray[np.float32]]


class Layer(nn.Module):
    """One layer of BERT; query, key and value share one multiplication."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.out_norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.up = nn.Linear(WIDTH, 4 * WIDTH)
        self.down = nn.Linear(4 * WIDTH, WIDTH)
        self.down_norm = nn.LayerNorm(WIDTH, eps=1e-12)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Return the next states: (batch, tokens, width)."""
        batch, tokens, _ = x.shape
        split = self.qkv(x).view(batch, tokens, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        mixed = f.scaled_dot_product_attention(split[0], split[1], split[2], attn_mask=mask)
        x = self.out_norm(x + self.out(mixed.transpose(1, 2).reshape(batch, tokens, WIDTH)))
        narrow: Tensor = self.down(f.gelu(self.up(x)))
        return self.down_norm(x + narrow)  # type: ignore[no-any-return]


class Network(nn.Module):
    """Token ids and segments in, (batch, tokens, OUTPUTS) logits out. Word vectors stay as read."""

    def __init__(self) -> None:
        super().__init__()
        self.words = nn.Embedding(WORDS, WIDTH)
        self.positions = nn.Embedding(POSITIONS, WIDTH)
        self.segments = nn.Embedding(2, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.head = nn.Linear(WIDTH, OUTPUTS)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)
        self.words.requires_grad_(False)

    def freeze(self, layers: int) -> None:
        """Leave the first layers, and all below them, as they are: a fifth of the time for two."""
        if layers:
            for part in (self.positions, self.segments, self.norm, *self.layers[:layers]):
                part.requires_grad_(False)

    def forward(self, ids: Tensor, segments: Tensor, mask: Tensor) -> Tensor:
        """Run the network; ``mask`` (batch, tokens) is true for real tokens."""
        x = self.words(ids) + self.positions.weight[: ids.shape[1]] + self.segments(segments)
        x = self.norm(x)
        for layer in self.layers:
            x = layer(x, mask[:, None, None, :])
        return self.head(x)  # type: ignore[no-any-return]


_NAMES = {
    "words.weight": "embeddings.word_embeddings.weight",
    "positions.weight": "embeddings.position_embeddings.weight",
    "segments.weight": "embeddings.token_type_embeddings.weight",
    "norm": "embeddings.LayerNorm",
    "head": "head",
}
_IN_LAYER = {
    "out": "attention.output.dense",
    "out_norm": "attention.output.LayerNorm",
    "up": "intermediate.dense",
    "down": "output.dense",
    "down_norm": "output.LayerNorm",
}


def published(path: Path) -> Network:
    """Return the network with the published body and a fresh head."""
    network = Network()
    load_weights(network, load_file(path), fresh_head=True)
    return network


def load_weights(
    network: Network, weights: Mapping[str, NDArray[np.float32]], *, fresh_head: bool = False
) -> None:
    """Take the weights of a file with published names."""
    state = network.state_dict()
    for name in state:
        if name.startswith("head") and fresh_head:
            continue
        if ".qkv." in name:
            parts = [weights[one] for one in _parts(name)]
            state[name] = torch.from_numpy(np.concatenate(parts))
        else:
            state[name] = torch.from_numpy(np.array(weights[_published_name(name)]))
    network.load_state_dict(state)


def to_weights(state: Mapping[str, Tensor]) -> Weights:
    """Return a state by the published names; ``head.weight`` and ``head.bias`` are added."""
    found: Weights = {}
    for name, value in state.items():
        array = value.detach().float().numpy()
        if ".qkv." in name:
            found.update(zip(_parts(name), np.split(array, 3), strict=True))
        else:
            found[_published_name(name)] = array
    return found


def _parts(name: str) -> list[str]:
    _, number, _, kind = name.split(".")
    return [
        f"encoder.layer.{number}.attention.self.{part}.{kind}" for part in ("query", "key", "value")
    ]


def _published_name(name: str) -> str:
    if name in _NAMES:
        return _NAMES[name]
    module, _, kind = name.rpartition(".")
    if module in _NAMES:
        return f"{_NAMES[module]}.{kind}"
    _, number, part = module.split(".")
    return f"encoder.layer.{number}.{_IN_LAYER[part]}.{kind}"
