"""What an answer that talks about the documents has to be: its kind, and everything it has to hold.

``kind`` is a rate over the cases that name one. ``as_expected`` is 1 where all that a case asks of
the answer holds: facts, sections, values in their order, documents named or cited, bounds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sized

from chatbot.evaluation.answered_case import AnsweredCase
from chatbot.evaluation.scoring import Score, scorer
from chatbot.types import DocumentInfo, Verdict

_DIFFER = re.compile(
    r"\bdiffer|\bdisagree|\bnot the same|\bcontradict|\bconflict|異な|違い|一致しません",
    re.IGNORECASE,
)
_KANA = re.compile(r"[\u3040-\u30ff]")


@scorer(name="kind", better="higher", group="Answers")
def kind(asked: AnsweredCase) -> Score | None:
    """Score whether the answer is of the kind that the case expects."""
    wanted = asked.case.expected.kind
    if not wanted:
        return None
    got = asked.answer.kind
    return Score(value=float(got in wanted), why=f"{got}, expected {' or '.join(wanted)}")


@scorer(name="as_expected", better="higher", group="Answers")
def as_expected(asked: AnsweredCase) -> Score | None:
    """Score whether all that the case asks of the answer holds."""
    wanted = asked.case.expected.model_fields_set
    checks = [faults for faults, fields in _CHECKS.items() if wanted & fields]
    if not checks:
        return None
    missing = [fault for faults in checks for fault in faults(asked)]
    return Score(value=float(not missing), why="; ".join(missing) or "all of it holds")


def _text(asked: AnsweredCase) -> str:
    """Return what the answer says, and what the cited sentences say."""
    return _plain(" ".join([asked.answer.text, *(one.text for one in asked.answer.citations)]))


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _least(minimum: int | None, wanted: Sized) -> int:
    return len(wanted) if minimum is None else minimum


def _phrases(asked: AnsweredCase) -> Iterator[str]:
    text = _plain(asked.answer.text)
    for phrase in asked.case.expected.absent:
        if _plain(phrase) in text:
            yield f"“{phrase}” stands in it"


def _facts(asked: AnsweredCase) -> Iterator[str]:
    expected, text = asked.case.expected, _text(asked)
    there = [any(_plain(one) in text for one in fact) for fact in expected.facts]
    least = _least(expected.facts_min, there)
    if sum(there) < least:
        yield f"{sum(there)} of the facts, at least {least} wanted"
    for fact in expected.facts_all:
        if not any(_plain(one) in text for one in fact):
            yield f"“{fact[0]}” is missing"


def _sections(asked: AnsweredCase) -> Iterator[str]:
    expected = asked.case.expected
    cited = {_plain(one.heading or "") for one in asked.answer.citations}
    there = sum(_plain(one) in cited for one in expected.sections)
    least = _least(expected.sections_min, expected.sections)
    if there < least:
        yield f"{there} of the sections, at least {least} wanted"


def _documents(asked: AnsweredCase) -> Iterator[str]:
    expected = asked.case.expected
    cited = {one.document_id for one in asked.answer.citations}
    for name in expected.covers:
        if asked.id_of(name) not in cited:
            yield f"nothing of {name}"
    if expected.covers_min is not None and len(cited) < expected.covers_min:
        yield f"{len(cited)} documents cited, at least {expected.covers_min} wanted"
    if expected.only and cited - {asked.id_of(name) for name in expected.only}:
        yield "it cites another document"


def _named(asked: AnsweredCase) -> Iterator[str]:
    expected = asked.case.expected
    named = {name: _is_named(asked, name) for name in (*expected.named, *expected.not_named)}
    there = sum(named[name] for name in expected.named)
    least = _least(expected.named_min, expected.named)
    if there < least:
        absent = [name for name in expected.named if not named[name]]
        yield f"not named: {', '.join(absent)}"
    for name in expected.not_named:
        if named[name]:
            yield f"{name} is named"


def _is_named(asked: AnsweredCase, name: str) -> bool:
    document: DocumentInfo = asked.ready.texts.documents[asked.id_of(name)]
    text = _plain(asked.answer.text)
    cited = any(one.document_id == document.id for one in asked.answer.citations)
    return cited or _plain(document.title) in text or _plain(name.rpartition("/")[2]) in text


def _added(asked: AnsweredCase) -> Iterator[str]:
    if asked.case.expected.added_day and not re.search(r"\d{4}-\d\d-\d\d", asked.answer.text):
        yield "no day of addition"


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
        if bound is not None and not bound.holds(count):
            yield f"{count} {what}"


def _language(asked: AnsweredCase) -> Iterator[str]:
    own = " ".join(one.text for one in asked.answer.claims if one.verdict is not Verdict.QUOTED)
    if asked.case.expected.language == "ja" and not _KANA.search(own):
        yield "the program's own words are not Japanese"


def _values(asked: AnsweredCase) -> Iterator[str]:
    expected, text = asked.case.expected, _plain(asked.answer.text)
    for value in expected.values:
        if not any(_plain(one) in text for one in value.any):
            yield f"“{value.any[0]}” is missing"
    if not expected.first:
        return
    every = [_plain(one) for value in expected.values for one in value.any]
    claims = [_plain(one.text) for one in asked.said]
    leading = next((one for one in claims if any(value in one for value in every)), "")
    if not any(_plain(one) in leading for one in expected.first):
        yield f"“{expected.first[0]}” does not come first"


def _differs(asked: AnsweredCase) -> Iterator[str]:
    own = " ".join(one.text for one in asked.answer.claims if one.verdict is not Verdict.QUOTED)
    says = _DIFFER.search(own) is not None
    if says is not asked.case.expected.differs:
        yield "it says that they differ" if says else "it does not say that they differ"


_CHECKS = {
    _phrases: {"absent"},
    _facts: {"facts", "facts_all"},
    _sections: {"sections"},
    _documents: {"covers", "covers_min", "only"},
    _named: {"named", "not_named"},
    _added: {"added_day"},
    _bounds: {"max_sentences", "no_repeats", "citations", "retrieved", "suggestions"},
    _language: {"language"},
    _values: {"values"},
    _differs: {"differs"},
}
"""What looks for faults, and the fields of a case that ask for it."""
