"""An answer as text to take along: its markers become footnotes with the sentences they point to.

What the check did not support stays marked: a copy must not look better than the page. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial

from chatbot.types import Answer, Citation, Verdict
from chatbot.ui.answer_text import end_with_markers, unwritten_markers
from chatbot.ui.markdown import parse
from chatbot.ui.places import place
from chatbot.ui.texts import Texts

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~])")
_UNSAFE = re.compile(r"(<|!(?=\[))")
_DOUBTS = {
    Verdict.PARTLY: "copied_partly",
    Verdict.UNSUPPORTED: "copied_unsupported",
    Verdict.CONTRADICTED: "copied_contradicted",
    Verdict.UNCHECKED: "copied_unchecked",
}

Edit = tuple[int, int, str]
"""``text[start:end]`` becomes this."""


def plain_footnotes(answer: Answer, texts: Texts) -> str:
    """Return the answer as plain text, with its sources below: ``[1] “sentence” (place)``."""
    body = _rewritten(answer, texts, mark=lambda marker: f"[{marker}]", keep=str)
    return _with_notes(body, [f"[{one.marker}] {_source(one, texts)}" for one in answer.citations])


def markdown_footnotes(answer: Answer, texts: Texts, *, prefix: str = "") -> str:
    """Return the answer as Markdown, with its sources below as footnotes: ``[^1]: “sentence”``.

    The words of documents are escaped; of a model's own Markdown, HTML and images are. ``prefix``
    begins the footnotes' names, where several answers stand in one file.
    """
    sources = {one.marker: escaped(_source(one, texts)) for one in answer.citations}
    body = _rewritten(
        answer,
        texts,
        mark=lambda marker: f"[^{prefix}{marker}]" if marker in sources else rf"\[{marker}\]",
        keep=escaped if answer.mode == "extractive" else partial(_UNSAFE.sub, r"\\\1"),
    )
    notes = [f"[^{prefix}{marker}]: {source}" for marker, source in sources.items()]
    return _with_notes(body, notes)


def _with_notes(body: str, notes: list[str]) -> str:
    return "\n".join([body, "", *notes]) if notes else body


def _rewritten(
    answer: Answer, texts: Texts, *, mark: Callable[[int], str], keep: Callable[[str], str]
) -> str:
    parts = []
    at = 0
    for start, end, words in sorted([*_marks(answer, mark), *_doubts(answer, texts, mark)]):
        parts += [keep(answer.text[at:start]), words]
        at = end
    return "".join([*parts, keep(answer.text[at:])])


def _marks(answer: Answer, mark: Callable[[int], str]) -> Iterator[Edit]:
    for block in parse(answer.text, plain=answer.mode == "extractive"):
        for run in block.runs:
            if run.marker is not None:
                yield run.start, run.end, mark(run.marker)


def _doubts(answer: Answer, texts: Texts, mark: Callable[[int], str]) -> Iterator[Edit]:
    """Yield what is said behind a claim: the sources that the check found, and its doubts."""
    for claim in answer.claims:
        end = end_with_markers(answer.text, claim)
        found = "".join(f" {mark(marker)}" for marker in unwritten_markers(answer.text, claim))
        doubt = f" ({texts.text(_DOUBTS[claim.verdict])})" if claim.verdict in _DOUBTS else ""
        if found or doubt:
            yield end, end, found + doubt


def _source(citation: Citation, texts: Texts) -> str:
    words = " ".join(citation.text.split())
    return texts.text("copied_source", text=words, place=place(citation, texts))


def escaped(words: str) -> str:
    """Return words as Markdown that shows just these words."""
    return _SPECIAL.sub(r"\\\1", words)
