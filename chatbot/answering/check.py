"""The grounding check of anybody's text, and of an answer of earlier against the documents of now.

A text is held against anybody's sources, without a store. With the question that it answers a
fragment ("Three.") is judged as what it says to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from chatbot.answering.claim_evidence import Pool, Quotes
from chatbot.answering.claims import bare, shifted
from chatbot.answering.grounding import ClaimToCheck, ClaimVerdict, Grounder
from chatbot.documents.sentences import sentence_spans
from chatbot.errors import DocumentNotFound
from chatbot.types import (
    Answer,
    Check,
    CheckedClaim,
    Citation,
    Claim,
    Evidence,
    Span,
    Verdict,
    Verification,
)

if TYPE_CHECKING:
    from chatbot.store import Store

_FEW = 48
"""Source sentences up to which all are compared; of more, the best by words for each claim."""
_NEAR = 24
_GOOD = (Verdict.QUOTED, Verdict.SUPPORTED)
_Place = tuple[int, int, int]


def check_text(
    text: str, sources: Sequence[str], *, grounder: Grounder, question: str | None = None
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
    near = _Nearest(places)
    spans = sentence_spans(text)
    texts = [text[span.start : span.end] for span in spans]
    verdicts = grounder.check_claims(
        [ClaimToCheck(text=one, cited={}, others=near.to(one), question=question) for one in texts]
    )
    claims = tuple(
        _checked(text, span, verdict, places) for span, verdict in zip(spans, verdicts, strict=True)
    )
    counted = [claim for claim in claims if claim.verdict is not Verdict.NO_CLAIM]
    return Check(claims=claims, grounded=bool(counted) and all(c.verdict in _GOOD for c in counted))


class _Nearest:
    """Finds the source sentences that a claim is to be held against."""

    def __init__(self, places: Mapping[_Place, str]) -> None:
        self._places = places
        self._keys = list(places)
        self._pool = Pool(list(places.values()))
        self._quotes = Quotes(places)

    def to(self, text: str) -> Mapping[_Place, str]:
        """Return the sentences near a text, in the order of the sources; of few all."""
        if len(self._keys) <= _FEW:
            return self._places
        if quoted := self._quotes.find(text):
            return {key: self._places[key] for key in quoted}
        best = sorted(self._pool.by_words(bare(text), limit=_NEAR))
        return {self._keys[at]: self._places[self._keys[at]] for at in best}


def _checked(
    text: str, span: Span, verdict: ClaimVerdict[_Place], places: Mapping[_Place, str]
) -> CheckedClaim:
    def evidence(key: _Place) -> Evidence:
        return Evidence(source=key[0], start=key[1], end=key[2], text=places[key])

    return CheckedClaim(
        text=text[span.start : span.end],
        start=span.start,
        end=span.end,
        verdict=verdict.verdict,
        score=verdict.score,
        evidence=tuple(map(evidence, verdict.support)),
        doubted=shifted(verdict.doubted, span.start),
        nearest=None if verdict.nearest is None else evidence(verdict.nearest),
    )


def verify_answer(answer: Answer, *, store: Store, grounder: Grounder) -> Verification:
    """Hold each citation and each good verdict of an answer against the store.

    A citation stands when its document is there and has its text at its offsets. A claim that was
    quoted or supported stands when the check finds it so again on the citations that stand.
    """
    texts = {one.document_id: _text_of(store, one.document_id) for one in answer.citations}
    faults = [(one, _fault(one, texts[one.document_id])) for one in answer.citations]
    standing = {one.marker: one.text for one, fault in faults if fault is None}
    claims = chain.from_iterable(_doubts(answer, one, standing, grounder) for one in answer.claims)
    problems = (*(fault for _, fault in faults if fault is not None), *claims)
    return Verification(ok=not problems, problems=problems)


def _text_of(store: Store, document_id: str) -> str | None:
    try:
        return store.document(document_id).text
    except DocumentNotFound:
        return None


def _fault(citation: Citation, text: str | None) -> str | None:
    name = f"Citation [{citation.marker}]"
    if text is None:
        return f"{name}: its document {citation.title!r} is not in the store (any more)."
    if text[citation.start : citation.end] != citation.text:
        return f"{name}: its document has another text at {citation.start}-{citation.end}."
    return None


def _doubts(
    answer: Answer, claim: Claim, standing: Mapping[int, str], grounder: Grounder
) -> Iterator[str]:
    name = f"The claim {claim.text[:60]!r}"
    if answer.text[claim.start : claim.end] != claim.text:
        yield f"{name} does not stand at its place in the answer."
    elif claim.verdict in _GOOD:
        cited = {n: standing[n] for n in claim.citations if n in standing}
        now = grounder.check_claim(ClaimToCheck(text=claim.text, cited=cited, others={}))
        if now.verdict not in _GOOD:
            yield f"{name} was {claim.verdict} and is now {now.verdict}."
