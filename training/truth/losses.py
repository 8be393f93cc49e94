"""What the four logits of a token mean, and what they are trained on.

Reader: 0 the answer starts here, 1 it ends here, 2 this token's sentence answers (a sentence's
score is the mean over its tokens; "no sentence" has 0), 3 at [CLS]: the passage answers.
Verifier: 0 at [CLS]: the claim is supported, 1 at [CLS]: a part of it is, 2 this token of the
claim lacks support, 3 at [CLS]: the evidence says otherwise (not trained where unknown).
Of a network for both tasks the reader's four come first.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as f
from torch import Tensor

from training.truth.batches import Batch
from training.truth.network import OUTPUTS

START, END, SENTENCE, ANSWERS = range(4)
SUPPORTED, PARTLY, BAD, CONTRADICTED = range(4)
_GROUP, _ANSWERS = 0.5, 0.5
_TOKENS = 0.5
_OTHERWISE = 0.5
_NEVER = -1e4


def reader_loss(logits: Tensor, batch: Batch) -> Tensor:
    """Span, sentence (alone and against the other windows of the question) and answerable."""
    target = torch.tensor([float(bool(row.window.gold)) for row in batch.rows])
    loss = _ANSWERS * f.binary_cross_entropy_with_logits(logits[:, 0, ANSWERS], target)
    loss = loss + _span_loss(logits, batch)
    scores = [sentence_scores(logits[n, :, SENTENCE], row) for n, row in enumerate(batch.rows)]
    golds = [_is_gold(row) for row in batch.rows]
    zero = torch.zeros(1)
    alone = [
        _listwise(torch.cat([zero, one]), torch.cat([torch.tensor([not gold.any()]), gold]))
        for one, gold in zip(scores, golds, strict=True)
    ]
    loss = loss + torch.stack(alone).mean()
    groups: dict[str, list[int]] = {}
    for number, row in enumerate(batch.rows):
        groups.setdefault(row.window.group, []).append(number)
    together = [
        _listwise(torch.cat([scores[n] for n in members]), torch.cat([golds[n] for n in members]))
        for members in groups.values()
        if len(members) > 1 and any(bool(golds[n].any()) for n in members)
    ]
    if together:
        loss = loss + _GROUP * torch.stack(together).sum() / len(batch.rows)
    return loss


def sentence_scores(column: Tensor, row: object) -> Tensor:
    """Return the mean of a column (tokens,) over each sentence; very low where it was cut off."""
    places = row.sentences  # type: ignore[attr-defined]
    return torch.stack(
        [column[a:b].mean() if b > a else column.new_tensor(_NEVER) for a, b in places]
    )


def _is_gold(row: object) -> Tensor:
    window = row.window  # type: ignore[attr-defined]
    return torch.tensor([number in window.gold for number in range(len(window.sentences))])


def _listwise(scores: Tensor, gold: Tensor) -> Tensor:
    """Minus the log of the share that falls on gold."""
    return torch.logsumexp(scores, 0) - torch.logsumexp(scores[gold], 0)


def _span_loss(logits: Tensor, batch: Batch) -> Tensor:
    """Start and end over the passage and [CLS], which stands for "no answer"."""
    allowed = batch.mask & (batch.segments == 1)
    allowed[:, 0] = True
    known = [n for n, row in enumerate(batch.rows) if row.span or not row.window.gold]
    if not known:
        return logits.new_zeros(())
    places = [batch.rows[n].span or (0, 0) for n in known]
    total = logits.new_zeros(())
    for column, at in ((START, 0), (END, 1)):
        scores = logits[known, :, column].masked_fill(~allowed[known], _NEVER)
        total = total + f.cross_entropy(scores, torch.tensor([place[at] for place in places]))
    return total / 2


def verifier_loss(logits: Tensor, batch: Batch) -> Tensor:
    """Supported, partly, and the tokens that lack support where they are known."""
    label = torch.tensor([row.window.label for row in batch.rows])
    loss = f.binary_cross_entropy_with_logits(logits[:, 0, SUPPORTED], (label == 2).float())
    loss = loss + 0.3 * f.binary_cross_entropy_with_logits(
        logits[:, 0, PARTLY], (label > 0).float()
    )
    known = [n for n, row in enumerate(batch.rows) if row.bad is not None]
    if known:
        target = torch.zeros(len(known), logits.shape[1])
        inside = torch.zeros(len(known), logits.shape[1], dtype=torch.bool)
        for at, n in enumerate(known):
            row = batch.rows[n]
            target[at, list(row.bad or ())] = 1.0
            inside[at, 1 : row.asked_end] = True
        columns = logits[known, :, BAD]
        loss = loss + _TOKENS * f.binary_cross_entropy_with_logits(
            columns[inside], target[inside], pos_weight=torch.tensor(3.0)
        )
    against = {n: row.window.against for n, row in enumerate(batch.rows)}
    told = {n: float(one) for n, one in against.items() if one is not None}
    if told:
        loss = loss + _OTHERWISE * f.binary_cross_entropy_with_logits(
            logits[list(told), 0, CONTRADICTED], torch.tensor(list(told.values()))
        )
    return loss


LOSSES = {"reader": reader_loss, "verifier": verifier_loss}
TASKS = {"reader": ("reader",), "verifier": ("verifier",), "both": ("reader", "verifier")}
"""What a network is trained for: ``both`` has a head of eight on one body."""


def loss_of(logits: Tensor, batch: Batch, task: str, tasks: Sequence[str]) -> Tensor:
    """Return the loss of a batch of one task, from that task's numbers."""
    return LOSSES[task](logits[..., columns_of(task, tasks)], batch)


def columns_of(task: str, tasks: Sequence[str]) -> slice:
    """Return where a task's numbers stand among those of all tasks."""
    at = OUTPUTS * tasks.index(task)
    return slice(at, at + OUTPUTS)
