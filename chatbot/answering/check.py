"""The grounding check of anybody's text against anybody's sources.

No store is opened. With the question that the text answers a fragment ("Three.") is judged as what
it says to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chatbot.answering.claim_evidence import Pool
from chatbot.answering.claims import bare, shifted
from chatbot.answering.grounding import ClaimToCheck, ClaimVerdict, Grounder
from chatbot.answering.quotes import Quotes
from chatbot.documents.sentences import sentence_spans
from chatbot.types import Check, CheckedClaim, Evidence, Span, Verdict

_FEW = 48
"""Source sentences up to which all are compared; of more, the best by words for each claim."""
_NEAR = 24
_GOOD = (Verdict.QUOTED, Verdict.SUPPORTED)
_Place = tuple[int, int, int]


def check_text(
    text: str,
    sources: Sequence[str],
    *,
    grounder: Grounder,
    question: str | None = None,
) -> Check:
    """Check every claim of a text against sources.

    Args:
        text: any text; each sentence, list item and table row is a claim.
        sources: the texts that should support it.
        grounder: gives the verdicts.
        question: what the text answers, where its claims are to be read as answers.

    Returns:
        The claims with their places in ``text`` and in the sources. A text is grounded when it
        has at least one claim besides headings, greetings and glue, and each is quoted or
        supported.
    """
    places = {
        (number, span.start, span.end): source[span.start : span.end]
        for number, source in enumerate(sources)
        for span in sentence_spans(source)
    }
    search = _Search(places, question)
    spans = sentence_spans(text)
    verdicts = grounder.check_claims([search.claim(text[span.start : span.end]) for span in spans])
    claims = tuple(
        _checked(text, span, verdict, places) for span, verdict in zip(spans, verdicts, strict=True)
    )
    counted = [claim for claim in claims if claim.verdict is not Verdict.NO_CLAIM]
    return Check(claims=claims, grounded=bool(counted) and all(c.verdict in _GOOD for c in counted))


class _Search:
    """Finds the source sentences that a claim is to be held against."""

    def __init__(self, places: Mapping[_Place, str], question: str | None) -> None:
        self._places = places
        self._keys = list(places)
        self._pool = Pool(list(places.values()))
        self._quotes = Quotes(places)
        self._question = question

    def claim(self, text: str) -> ClaimToCheck[_Place]:
        """Return the claim with the sentences near it, in the order of the sources."""
        return ClaimToCheck(text=text, cited={}, others=self.near(text), question=self._question)

    def near(self, text: str) -> Mapping[_Place, str]:
        """Return the sentences near a text, in the order of the sources; of few all."""
        if len(self._keys) <= _FEW:
            return self._places
        quoted = self._quotes.find(text)
        if quoted:
            return {key: self._places[key] for key in quoted}
        best = self._pool.by_words(bare(text), limit=_NEAR)
        return {self._keys[at]: self._places[self._keys[at]] for at in sorted(best)}


def _evidence(key: _Place, places: Mapping[_Place, str]) -> Evidence:
    return Evidence(source=key[0], start=key[1], end=key[2], text=places[key])


def _checked(
    text: str, span: Span, verdict: ClaimVerdict[_Place], places: Mapping[_Place, str]
) -> CheckedClaim:
    return CheckedClaim(
        text=text[span.start : span.end],
        start=span.start,
        end=span.end,
        verdict=verdict.verdict,
        score=verdict.score,
        evidence=tuple(_evidence(key, places) for key in verdict.support),
        doubted=shifted(verdict.doubted, span.start),
        nearest=None if verdict.nearest is None else _evidence(verdict.nearest, places),
    )
