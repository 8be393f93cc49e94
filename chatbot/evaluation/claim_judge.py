"""An LLM judge of claims: its opinions are cached on disk and held against the offline check."""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from chatbot.errors import LLMError, SuiteError
from chatbot.evaluation.saved_run import CitedClaim
from chatbot.evaluation.statistics import cohens_kappa

if TYPE_CHECKING:
    from chatbot.bot import PromptedModel

_REPLY = re.compile(
    r"^\W*(supported|partly|unsupported|contradicted)\b\W*(.*)", re.IGNORECASE | re.DOTALL
)


class JudgeOpinion(NamedTuple):
    """What the judge says of a claim; ``supported`` is None where it failed or said neither."""

    supported: bool | None
    why: str


class ClaimJudge:
    """Judges claims, each once: an opinion is kept under model, prompt, claim and sources."""

    def __init__(self, model: PromptedModel, cache: Path) -> None:
        """Read the cache, a JSONL file that is made when the first opinion is kept."""
        self.name = model.name
        self.asked = 0
        """Calls to the model, as opposed to opinions from the cache."""
        self._model = model
        self._cache = cache
        self._lock = threading.Lock()
        self._known = _read_cache(cache)

    def supports(self, claim: str, sources: Sequence[str]) -> JudgeOpinion:
        """Return the opinion on one claim; a model that fails gives none, which is not kept."""
        content = json.dumps([self._model.id, claim, list(sources)])
        key = hashlib.sha256(content.encode()).hexdigest()
        with self._lock:
            if key in self._known:
                return self._known[key]
            self.asked += 1
        try:
            reply = self._model.complete(claim=claim, sources="\n".join(sources)).strip()
        except LLMError as error:
            return JudgeOpinion(None, f"the judge failed: {error}")
        match = _REPLY.match(reply)
        if match is None:
            return JudgeOpinion(None, f"the judge said neither: {reply[:120]!r}")
        verdict, why = match[1].lower(), " ".join(match[2].split())
        opinion = JudgeOpinion(verdict == "supported", f"{verdict}: {why}"[:300])
        with self._lock:
            self._known[key] = opinion
            self._keep(key, opinion)
        return opinion

    def _keep(self, key: str, opinion: JudgeOpinion) -> None:
        line = json.dumps({"key": key, **opinion._asdict()})
        try:
            self._cache.parent.mkdir(parents=True, exist_ok=True)
            with self._cache.open("a", encoding="utf-8") as file:
                file.write(f"{line}\n")
        except OSError as error:
            raise SuiteError(
                f"The judge's verdicts cannot be saved in {self._cache}: {error.strerror}."
            ) from error


def _read_cache(path: Path) -> dict[str, JudgeOpinion]:
    known = {}
    text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    for line in text.split("\n"):
        try:
            data = json.loads(line)
            known[data["key"]] = JudgeOpinion(bool(data["supported"]), str(data["why"]))
        except (ValueError, KeyError, TypeError):
            continue  # a line that was cut by a crash costs one call
    return known


def agreement(claims: Iterable[CitedClaim]) -> str:
    """Say how often judge and offline check say the same of the claims that were judged."""
    pairs = [(claim.supported, claim.judged) for claim in claims if claim.judged is not None]
    if not pairs:
        return "The judge judged no claim."
    kappa = cohens_kappa(pairs)
    value = "undefined: both always say the same" if kappa is None else f"{kappa:.2f}"
    same = sum(a == b for a, b in pairs)
    return (
        f"Judge and offline check agree on {same} of {len(pairs)} claims (Cohen's kappa {value})."
    )
