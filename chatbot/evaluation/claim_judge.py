"""An LLM judge of claims: its opinions are cached on disk and held against the offline check."""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from chatbot.errors import LLMError, SuiteError
from chatbot.evaluation.saved_run import CitedClaim
from chatbot.evaluation.statistics import cohens_kappa

if TYPE_CHECKING:
    from chatbot.bot import PromptedModel

_REPLY = re.compile(r"(?is)^\W*(supported|partly|unsupported|contradicted)\b\W*(.*)")
Opinion = tuple[bool | None, str]
"""Whether a claim is supported, None where the judge failed or said neither; and why."""


class ClaimJudge:
    """Judges claims, each once: an opinion is kept under model, prompt, claim and sources."""

    def __init__(self, model: PromptedModel, cache: Path) -> None:
        """Read the cache, a JSONL file that is made when the first opinion is kept."""
        self.name = model.name
        self.asked = 0
        """Calls to the model, as opposed to opinions from the cache."""
        self._model, self._cache, self._lock = model, cache, threading.Lock()
        self._known: dict[str, Opinion] = {}
        text = cache.read_text(encoding="utf-8", errors="replace") if cache.is_file() else ""
        for line in text.split("\n"):
            with suppress(ValueError, KeyError, TypeError):  # one cut by a crash costs one call
                kept = json.loads(line)
                self._known[kept["key"]] = (bool(kept["supported"]), str(kept["why"]))

    def judged(self, claim: CitedClaim) -> CitedClaim:
        """Return a claim with the opinion on it; a model that fails gives none."""
        content = json.dumps([self._model.id, claim.text, claim.cited])
        key = hashlib.sha256(content.encode()).hexdigest()
        with self._lock:
            opinion = self._known.get(key)
            self.asked += opinion is None
        if opinion is None:
            opinion = self._ask(claim)
            if opinion[0] is not None:
                self._keep(key, opinion)
        return replace(claim, judged=opinion[0], judge_why=opinion[1])

    def _ask(self, claim: CitedClaim) -> Opinion:
        try:
            sources = "\n".join(claim.cited)
            reply = self._model.complete(claim=claim.text, sources=sources).strip()
        except LLMError as error:
            return None, f"the judge failed: {error}"
        match = _REPLY.match(reply)
        if match is None:
            return None, f"the judge said neither: {reply[:120]!r}"
        verdict, why = match[1].lower(), " ".join(match[2].split())
        return verdict == "supported", f"{verdict}: {why}"[:300]

    def _keep(self, key: str, opinion: Opinion) -> None:
        line = json.dumps({"key": key, "supported": opinion[0], "why": opinion[1]})
        try:
            with self._lock:
                self._known[key] = opinion
                self._cache.parent.mkdir(parents=True, exist_ok=True)
                with self._cache.open("a", encoding="utf-8") as file:
                    file.write(f"{line}\n")
        except OSError as error:
            told = f"The judge's verdicts cannot be saved in {self._cache}: {error.strerror}."
            raise SuiteError(told) from error


def agreement(claims: Iterable[CitedClaim]) -> str:
    """Say how often judge and offline check say the same of the claims that were judged."""
    pairs = [(claim.supported, claim.judged) for claim in claims if claim.judged is not None]
    if not pairs:
        return "The judge judged no claim."
    kappa = cohens_kappa(pairs)
    value = "undefined: both always say the same" if kappa is None else f"{kappa:.2f}"
    same = sum(a == b for a, b in pairs)
    agree = f"Judge and offline check agree on {same} of {len(pairs)} claims"
    return f"{agree} (Cohen's kappa {value})."
