"""What a model is shown: retrieved sentences as numbered lines, and the conversation.

The best sentences are taken as long as they fit, whole, and then put in reading order: by document,
the best document first, and by place in it. A line of dots stands where sentences are left out.
Nothing in a document can look like a number of ours. Knows no model.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from chatbot.answering.assembly import citation_of
from chatbot.answering.prompts import Prompt, make_boundary
from chatbot.answering.question import MAX_QUERY
from chatbot.answering.streaming.citations import strip_markers
from chatbot.models.llm import Message
from chatbot.models.word_stems import content_stems
from chatbot.types import Citation, RetrievedSentence, Turn

CountTokens = Callable[[str], int]

TURNS = 4  # messages of the conversation that a model is shown with a question
_LABEL = re.compile(r"^(?:[\w -]{0,30}(?:question|query|rewrite))\s*:\s*", re.IGNORECASE)
_LONGEST_TURN = 600  # characters of an earlier turn: enough to know what was talked about
_LONGEST_TITLE = 150
_MARK_TOKENS = 5  # about what [12]  and the line break cost
_TITLE_TOKENS = 12
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_LIKE_A_MARKER = re.compile(r"[\[【［](\^?\s*\d{1,4}(?:\s*[,;–—-]\s*\d{1,4})*\s*)[\]】］]")


def number_evidence(
    evidence: Sequence[RetrievedSentence], *, max_tokens: int, count_tokens: CountTokens
) -> tuple[str, dict[int, Citation]]:
    """Return the numbered lines and the citations behind the numbers.

    Args:
        evidence: best first; a sentence that is there twice is taken once.
        max_tokens: of the lines together. The best sentence is taken even if it alone is longer.
        count_tokens: as the model counts.
    """
    chosen = _choose(evidence, max_tokens, count_tokens)
    rank: dict[str, int] = {}
    for item in chosen:
        rank.setdefault(item.document_id, len(rank))
    ordered = sorted(chosen, key=lambda item: (rank[item.document_id], item.index))
    lines: list[str] = []
    before: RetrievedSentence | None = None
    for number, item in enumerate(ordered, start=1):
        lines += _lines_before(item, before)
        lines.append(f"[{number}] {as_data(item.text)}")
        before = item
    offered = {number: citation_of(item, number) for number, item in enumerate(ordered, start=1)}
    return "\n".join(lines), offered


def as_data(text: str) -> str:
    """Return ``text`` on one line, without invisible characters or anything like a marker of ours.

    ``[12]`` becomes ``(12)``: documents have reference numbers that a model would copy.
    """
    text = _LIKE_A_MARKER.sub(r"(\1)", _UNSEEN.sub(" ", text))
    return " ".join(text.split())


def _choose(
    evidence: Sequence[RetrievedSentence], max_tokens: int, count_tokens: CountTokens
) -> list[RetrievedSentence]:
    chosen: list[RetrievedSentence] = []
    places: set[tuple[str, int]] = set()
    documents: set[str] = set()
    room = max_tokens
    for item in evidence:
        if (item.document_id, item.index) in places:
            continue
        cost = count_tokens(as_data(item.text)) + _MARK_TOKENS
        cost += 0 if item.document_id in documents else _TITLE_TOKENS
        if cost > room and chosen:
            continue
        room -= cost
        chosen.append(item)
        places.add((item.document_id, item.index))
        documents.add(item.document_id)
    return chosen


def _lines_before(item: RetrievedSentence, before: RetrievedSentence | None) -> list[str]:
    if before is None or before.document_id != item.document_id:
        title = as_data(item.title)[:_LONGEST_TITLE] or "untitled"
        lines = [f"Document: {title}"] if before is None else ["", f"Document: {title}"]
        heading = None
    else:
        lines = ["…"] if item.index > before.index + 1 else []
        heading = before.heading
    if item.heading and item.heading != heading:
        lines.append(f"Section: {as_data(item.heading)[:_LONGEST_TITLE]}")
    return lines


def build_rewrite(prompt: Prompt, *, question: str, history: Sequence[Turn]) -> list[Message]:
    """Return the messages that ask for the question made stand-alone."""
    lines = [f"{turn.role.title()}: {shorten(turn.content)}" for turn in history[-2 * TURNS :]]
    conversation = "\n".join(lines)
    return prompt.messages(
        boundary=make_boundary(conversation), conversation=conversation, question=as_data(question)
    )


def read_rewrite(reply: str, *, question: str, history: Sequence[Turn]) -> str | None:
    """Return the rewritten question in a model's reply, None if it is none.

    A reply of several lines, a very long one, or one mostly of words that nobody used is none.
    """
    text = " ".join(strip_markers(_LABEL.sub("", reply.strip())).split()).strip("\"'“”`*")
    if not text or "\n" in reply.strip() or len(text) > MAX_QUERY:
        return None
    if question.rstrip().endswith("?") and not text.endswith("?"):
        return None
    said = " ".join([question, *(turn.content for turn in history)])
    new = content_stems(text) - content_stems(said)
    return None if 2 * len(new) > len(content_stems(text)) else text


def shorten(text: str) -> str:
    """Return an earlier turn as a model is shown it: on one line, without markers, not too long."""
    words = as_data(strip_markers(text))
    return words if len(words) <= _LONGEST_TURN else words[:_LONGEST_TURN].rstrip() + " …"
