"""Re-checking an answer of earlier against the documents of now.

Reads the store, changes nothing.
"""

from __future__ import annotations

from chatbot.answering.grounding import Grounder
from chatbot.errors import DocumentNotFound
from chatbot.store import Store
from chatbot.types import Answer, Citation, Claim, Verdict, Verification

_FINE = (Verdict.QUOTED, Verdict.SUPPORTED)


def verify_answer(answer: Answer, *, store: Store, grounder: Grounder) -> Verification:
    """Hold each citation and each good verdict of an answer against the store.

    A citation stands when its document is there and has its text at its offsets. A claim that was
    quoted or supported stands when the check finds it so again on the citations that stand.
    """
    texts: dict[str, str | None] = {}
    problems: list[str] = []
    standing: dict[int, Citation] = {}
    for citation in answer.citations:
        if citation.document_id not in texts:
            texts[citation.document_id] = _text_of(store, citation.document_id)
        problem = _citation_problem(citation, texts[citation.document_id])
        if problem is None:
            standing[citation.marker] = citation
        else:
            problems.append(problem)
    for claim in answer.claims:
        problem = _claim_problem(answer, claim, standing, grounder)
        if problem is not None:
            problems.append(problem)
    return Verification(ok=not problems, problems=tuple(problems))


def _text_of(store: Store, document_id: str) -> str | None:
    try:
        return store.document(document_id).text
    except DocumentNotFound:
        return None


def _citation_problem(citation: Citation, text: str | None) -> str | None:
    name = f"Citation [{citation.marker}]"
    if text is None:
        return f"{name}: its document {citation.title!r} is not in the store (any more)."
    if text[citation.start : citation.end] != citation.text:
        return f"{name}: its document has another text at {citation.start}-{citation.end}."
    return None


def _claim_problem(
    answer: Answer, claim: Claim, standing: dict[int, Citation], grounder: Grounder
) -> str | None:
    if answer.text[claim.start : claim.end] != claim.text:
        return f"The claim {claim.text[:60]!r} does not stand at its place in the answer."
    if claim.verdict not in _FINE:
        return None
    cited = {n: standing[n].text for n in claim.citations if n in standing}
    now = grounder.check_claim(claim.text, cited=cited, others={})
    if now.verdict in _FINE:
        return None
    return f"The claim {claim.text[:60]!r} was {claim.verdict} and is now {now.verdict}."
