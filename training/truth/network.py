"""The network of both models: a published body and one linear head on every token.

Plain torch without transformers; ``bodies`` says which bodies there are. Its weights are read by
the names of the published file, and given back in BERT's names, so that
``training.embedder.bert_graph`` exports that of MiniLM. Knows no data.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
import torch.nn.functional as f
from numpy.typing import NDArray
from safetensors.numpy import load_file
from torch import Tensor, nn

from training.truth.bodies import MINILM, Body, distance_buckets

OUTPUTS = 4
"""Logits of each token for one task; see ``losses`` for what they mean."""
Weights = dict[str, NDArray[np.float32]]


class Layer(nn.Module):
    """One layer of BERT; query, key and value share one multiplication."""

    def __init__(self, body: Body) -> None:
        super().__init__()
        width = body.width
        self.heads = body.heads
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.out_norm = nn.LayerNorm(width, eps=body.epsilon)
        self.up = nn.Linear(width, 4 * width)
        self.down = nn.Linear(4 * width, width)
        self.down_norm = nn.LayerNorm(width, eps=body.epsilon)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Return the next states: (batch, tokens, width)."""
        batch, tokens, width = x.shape
        split = self.qkv(x).view(batch, tokens, 3, self.heads, width // self.heads)
        query, key, value = split.permute(2, 0, 3, 1, 4)
        # Written out: the fused attention of a CPU spends four times as long on the way back.
        scores = query * query.shape[-1] ** -0.5 @ key.transpose(-1, -2) + mask
        mixed = scores.softmax(-1).to(value.dtype) @ value
        x = self.out_norm(x + self.out(mixed.transpose(1, 2).reshape(batch, tokens, width)))
        narrow: Tensor = self.down(f.gelu(self.up(x)))
        return self.down_norm(x + narrow)  # type: ignore[no-any-return]


class Network(nn.Module):
    """Token ids and segments in, (batch, tokens, outputs) logits out. Word vectors stay as read."""

    def __init__(self, body: Body = MINILM, outputs: int = OUTPUTS) -> None:
        super().__init__()
        self.body = body
        self.words = nn.Embedding(body.words, body.width)
        self.positions = nn.Embedding(body.positions, body.width)
        if body.segments:
            self.segments = nn.Embedding(2, body.width)
        if body.buckets:
            self.distances = nn.Embedding(body.buckets, body.heads)
        self.norm = nn.LayerNorm(body.width, eps=body.epsilon)
        self.layers = nn.ModuleList(Layer(body) for _ in range(body.layers))
        self.head = nn.Linear(body.width, outputs)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)
        self.words.requires_grad_(False)

    def freeze(self, layers: int) -> None:
        """Leave the first layers, and all below them, as they are: a fifth of the time for two."""
        if layers:
            below = [self.positions, self.norm, *self.layers[:layers]]
            below += [self.segments] if self.body.segments else []
            below += [self.distances] if self.body.buckets else []
            for part in below:
                part.requires_grad_(False)

    def forward(self, ids: Tensor, segments: Tensor, mask: Tensor) -> Tensor:
        """Run the network; ``mask`` (batch, tokens) is true for real tokens."""
        at, tokens = self.body.first_position, ids.shape[1]
        x = self.words(ids) + self.positions.weight[at : at + tokens]
        if self.body.segments:
            x = x + self.segments(segments)
        x = self.norm(x)
        seen = torch.zeros(()).masked_fill(~mask[:, None, None, :], float("-inf"))
        if self.body.buckets:
            buckets = torch.from_numpy(distance_buckets(tokens, self.body.buckets))
            seen = seen + self.distances(buckets).permute(2, 0, 1)[None]
        for layer in self.layers:
            x = layer(x, seen)
        return self.head(x)  # type: ignore[no-any-return]


_NAMES = {
    "words.weight": "embeddings.word_embeddings.weight",
    "positions.weight": "embeddings.position_embeddings.weight",
    "segments.weight": "embeddings.token_type_embeddings.weight",
    "distances.weight": "encoder.relative_attention_bias.weight",
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


def published(path: Path, body: Body = MINILM, outputs: int = OUTPUTS) -> Network:
    """Return the network with the published body and a fresh head."""
    network = Network(body, outputs)
    load_weights(network, taken(load_file(path), body, layers="encoder.layer."), fresh_head=True)
    return network


Value = TypeVar("Value")


def taken(weights: Mapping[str, Value], body: Body, *, layers: str) -> dict[str, Value]:
    """Return the weights with the layers that the body keeps, numbered anew.

    ``layers`` is how the names of all layers begin, before their number.
    """
    if not body.taken:
        return dict(weights)
    found = {name: value for name, value in weights.items() if not name.startswith(layers)}
    for new, old in enumerate(body.taken):
        start = f"{layers}{old}."
        for name, value in weights.items():
            if name.startswith(start):
                found[f"{layers}{new}.{name.removeprefix(start)}"] = value
    return found


def load_weights(
    network: Network, weights: Mapping[str, NDArray[np.float32]], *, fresh_head: bool = False
) -> None:
    """Take the weights of a file with published names."""
    state = network.state_dict()
    for name in state:
        if name.startswith("head") and fresh_head:
            continue
        if ".qkv." in name:
            parts = [weights[_spelt(one, network.body)] for one in _parts(name)]
            state[name] = torch.from_numpy(np.concatenate(parts))
        else:
            state[name] = torch.from_numpy(
                np.array(weights[_spelt(_published_name(name), network.body)])
            )
    network.load_state_dict(state)


def to_weights(state: Mapping[str, Tensor]) -> Weights:
    """Return a state by BERT's names; ``head.weight`` and ``head.bias`` are added."""
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


def _spelt(name: str, body: Body) -> str:
    """Return BERT's name of a weight as the file of this body spells it."""
    for ours, theirs in body.prefixes:
        if ours in name:
            return name.replace(ours, theirs)
    return name


def _published_name(name: str) -> str:
    if name in _NAMES:
        return _NAMES[name]
    module, _, kind = name.rpartition(".")
    if module in _NAMES:
        return f"{_NAMES[module]}.{kind}"
    _, number, part = module.split(".")
    return f"encoder.layer.{number}.{_IN_LAYER[part]}.{kind}"
