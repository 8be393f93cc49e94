"""A second opinion on a claim: a chat model reads it with its evidence.

The built-in network's P(supported) is calibrated: at .15 and at .85 it is wrong in about 15 of 100
cases. Asked beside it, the model is asked only between the two. An opinion is kept by its content;
where the model fails or says none of the four words, what the network found stands.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from chatbot.answering.prompts import load_prompt, make_boundary
from chatbot.errors import LLMError
from chatbot.models.llm import ChatModel
from chatbot.models.llm.chunks import TokenUsage
from chatbot.types import Verdict

_log = logging.getLogger(__name__)
_UNSURE = (0.15, 0.85)
_REPLY = re.compile(r"\W*(supported|partly|unsupported|contradicted)\b", re.IGNORECASE)
_KEPT = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What the model says of a claim, and what that cost."""

    verdict: Verdict
    by: str  # the model's name
    usage: TokenUsage


class SecondOpinion:
    """Asks a chat model. Thread safe."""

    def __init__(self, model: ChatModel, *, always: bool) -> None:
        """Take the model, asked of every claim or only where the network is unsure."""
        self._model = model
        self._always = always
        self._prompt = load_prompt("judge")
        self._kept = lru_cache(maxsize=_KEPT)(self._ask)

    def on(
        self, claim: str, evidence: Sequence[str], *, score: float | None, question: str | None
    ) -> Opinion | None:
        """Return the model's opinion, None where it is not asked or has none.

        Args:
            claim: without markers.
            evidence: the sentences that it is held against.
            score: the network's P(supported); None where it gave none.
            question: that the claim answers, if it is known.
        """
        unsure = score is None or _UNSURE[0] < score < _UNSURE[1]
        if not evidence or not (self._always or unsure):
            return None
        said = claim if question is None else f"{claim} (said as the answer to: {question})"
        try:
            return self._kept(said, "\n".join(evidence))
        except LLMError as error:
            _log.info("No second opinion: %s", error)
            return None

    def _ask(self, claim: str, sources: str) -> Opinion | None:
        boundary = make_boundary(f"{sources}\n{claim}")
        reply = self._model.complete(
            self._prompt.messages(boundary=boundary, claim=claim, sources=sources)
        )
        found = _REPLY.match(reply.text)
        if found is None:
            return None
        return Opinion(verdict=Verdict(found[1].lower()), by=self._model.name, usage=reply.usage)
