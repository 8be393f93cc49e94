"""What an answer that talks about the documents has to be: its kind, and everything it has to hold.

``kind`` is a rate over the cases that name one. ``as_expected`` is 1 where all that a case asks of
the answer holds: facts, sections, values in their order, documents named or cited, bounds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from chatbot.evaluation.answered_case import AnsweredCase
from chatbot.evaluation.scoring import Score, scorer
from chatbot.evaluation.suites import ExpectedTalk
from chatbot.types import Verdict

_DIFFER = re.compile(
    r"(?i)\b(?:differ|disagree|not the same|contradict|conflict)|異な|違い|一致しません"
)
_KANA = re.compile(r"[\u3040-\u30ff]")


@scorer(name="kind", better="higher", group="Answers")
def _kind(asked: AnsweredCase) -> Score | None:
    wanted = asked.case.expected.kind
    if not wanted:
        return None
    got = asked.answer.kind
    return Score(float(got in wanted), f"{got}, expected {' or '.join(wanted)}")


@scorer(name="as_expected", better="higher", group="Answers")
def _as_expected(asked: AnsweredCase) -> Score | None:
    if asked.case.expected.model_fields_set.isdisjoint(ExpectedTalk.model_fields):
        return None
    checks = (_counts, _texts, _documents, _bounds, _own_words)
    missing = [fault for faults in checks for fault in faults(asked)]
    return Score(float(not missing), "; ".join(missing) or "all of it holds")


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _holds(text: str, wordings: Iterable[str]) -> bool:
    return any(_plain(one) in text for one in wordings)


def _counts(asked: AnsweredCase) -> Iterator[str]:
    """Yield of what is too little there: all of it is wanted, or at least a number."""
    expected, answer = asked.case.expected, asked.answer
    text = _plain(" ".join([answer.text, *(one.text for one in answer.citations)]))
    headings = {_plain(one.heading or "") for one in answer.citations}
    facts = [fact[0] for fact in expected.facts if not _holds(text, fact)]
    sections = [one for one in expected.sections if _plain(one) not in headings]
    named = [name for name in expected.named if not _is_named(asked, name)]
    for noun, missing, wanted, least in (
        ("facts", facts, expected.facts, expected.facts_min),
        ("sections", sections, expected.sections, expected.sections_min),
        ("documents", named, expected.named, expected.named_min),
    ):
        there = len(wanted) - len(missing)
        if there < (len(wanted) if least is None else least):
            yield f"{there} of the {noun}; missing: {', '.join(missing)}"
    yield from (f"“{one[0]}” is missing" for one in expected.facts_all if not _holds(text, one))


def _texts(asked: AnsweredCase) -> Iterator[str]:
    expected, text = asked.case.expected, _plain(asked.answer.text)
    yield from (f"“{one}” stands in it" for one in expected.absent if _plain(one) in text)
    values = [value.any for value in expected.values]
    yield from (f"“{one[0]}” is missing" for one in values if not _holds(text, one))
    claims = (_plain(one.text) for one in asked.said)
    leading = next((claim for claim in claims if any(_holds(claim, one) for one in values)), "")
    if expected.first and not _holds(leading, expected.first):
        yield f"“{expected.first[0]}” does not come first"
    if expected.added_day and not re.search(r"\d{4}-\d\d-\d\d", text):
        yield "no day of addition"


def _documents(asked: AnsweredCase) -> Iterator[str]:
    expected = asked.case.expected
    cited = {one.document_id for one in asked.answer.citations}
    yield from (f"nothing of {one}" for one in expected.covers if asked.id_of(one) not in cited)
    if len(cited) < (expected.covers_min or 0):
        yield f"{len(cited)} documents cited, at least {expected.covers_min} wanted"
    if expected.only and cited - {asked.id_of(name) for name in expected.only}:
        yield "it cites another document"
    yield from (f"{name} is named" for name in expected.not_named if _is_named(asked, name))


def _is_named(asked: AnsweredCase, name: str) -> bool:
    document = asked.stored[asked.id_of(name)]
    text = _plain(asked.answer.text)
    cited = any(one.document_id == document.id for one in asked.answer.citations)
    return cited or _plain(document.title) in text or _plain(name.rpartition("/")[2]) in text


def _bounds(asked: AnsweredCase) -> Iterator[str]:
    expected, answer = asked.case.expected, asked.answer
    said = [_plain(one.text) for one in asked.said]
    if expected.max_sentences is not None and len(said) > expected.max_sentences:
        yield f"{len(said)} sentences, at most {expected.max_sentences} wanted"
    if expected.no_repeats and len(set(said)) < len(said):
        yield "a sentence stands twice"
    for what, bound, count in (
        ("citations", expected.citations, len(answer.citations)),
        ("passages", expected.retrieved, len(answer.retrieved)),
        ("suggestions", expected.suggestions, len(answer.suggestions)),
    ):
        if bound is not None and (fault := bound.fault(count)):
            yield f"{count} {what}, {fault}"


def _own_words(asked: AnsweredCase) -> Iterator[str]:
    expected = asked.case.expected
    own = " ".join(one.text for one in asked.answer.claims if one.verdict is not Verdict.QUOTED)
    if expected.language == "ja" and not _KANA.search(own):
        yield "the program's own words are not Japanese"
    says = _DIFFER.search(own) is not None
    if expected.differs is not None and says is not expected.differs:
        yield "it says that they differ" if says else "it does not say that they differ"
