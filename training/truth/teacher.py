"""A trained network that another one, its student, learns to agree with (distillation).

The student's numbers are pulled to the teacher's on every token that both read (Ba and Caruana
2014, "Do Deep Nets Really Need to be Deep?"), beside the losses on what is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
import torch.nn.functional as f
from tokenizers import Tokenizer
from torch import Tensor

from training.truth.batches import Batch, collate
from training.truth.bodies import MPNET
from training.truth.network import OUTPUTS, Network
from training.truth.windows import same_tokens, tokenise

WEIGHT = 1.0
"""How much agreeing with the teacher counts beside what is known."""


class Teacher:
    """The whole body, trained for the same tasks. Nothing of it is changed."""

    def __init__(self, state: Mapping[str, Tensor], tokenizer: Tokenizer, outputs: int) -> None:
        """Take the state of a run (``average.pt``), the tokenizer of its body and its numbers."""
        self._network = Network(MPNET, outputs)
        self._network.load_state_dict(dict(state))
        self._tokenizer = tokenizer

    def loss(self, logits: Tensor, batch: Batch, *, columns: slice, max_tokens: int) -> Tensor:
        """Return how far a student's numbers of a batch are from the teacher's.

        Args:
            logits: (rows, tokens, numbers) of the student.
            batch: what it read; the teacher reads the same windows with its own tokens between.
            columns: the numbers of the batch's task.
            max_tokens: of a row.
        """
        windows = [row.window for row in batch.rows]
        own = collate(tokenise(windows, self._tokenizer, max_tokens=max_tokens, body=MPNET))
        with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
            told = self._network(own.ids, own.segments, own.mask).float()
        pairs = [
            (logits[number, places, columns], told[number, theirs, columns])
            for number in range(len(windows))
            for places, theirs in same_tokens(batch.rows[number], own.rows[number])
        ]
        return f.smooth_l1_loss(
            torch.cat([mine for mine, _ in pairs]), torch.cat([theirs for _, theirs in pairs])
        )


def load_teacher(path: Path, tokenizer: Tokenizer, tasks: int) -> Teacher:
    """Return the teacher of a run's ``average.pt``."""
    return Teacher(torch.load(path, weights_only=True), tokenizer, OUTPUTS * tasks)
