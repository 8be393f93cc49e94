"""Draft cases for the user's own documents: of a model, of rules, and of answers they disliked.

A draft is never asked and never counted; a person reads it, mends it and takes ``draft: true`` out.
Documents are data: what a model makes of a sentence is kept only if its answer stands there.
"""

from __future__ import annotations

import hashlib
import logging
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from chatbot.bot import Chatbot
from chatbot.bot.rule_questions import rule_questions
from chatbot.errors import LLMError
from chatbot.evaluation.cases import Case, CaseTurn, Expected
from chatbot.evaluation.claim_judge import CompletingModel
from chatbot.evaluation.formulas import holds, words
from chatbot.types import Document, SavedTurn, Sentence

_log = logging.getLogger(__name__)
_SHORTEST, _LONGEST = 40, 400
"""Characters of a sentence worth a question: shorter is a heading, longer is a list."""
_AROUND = 2
"""Sentences on either side that a model sees, to know who "she" is."""
_REPLY = re.compile(r"Q:\s*(?P<question>[^\n]{8,300}\?)\s*\n+\s*A:\s*(?P<answer>[^\n]{1,200})")
_NAMES = re.compile(r"(?<=[a-z,;] )(?:[A-Z][\w'’-]+)(?: [A-Z][\w'’-]+)*")
_FIGURE = re.compile(r"\d(?:[\d,.]*\d)?")
_DANGLING = re.compile(r"\b(?:the|this) (?:passage|sentence|text|article)\b", re.IGNORECASE)
_SEED = 11


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A sentence with the name of its document and what stands around it."""

    document: str
    sentence: str
    context: str
    rule_question: str | None = None
    """What a rule asks about it, where one fits."""


Drafter = Callable[[Passage], Case | None]


def draft_cases(
    documents: Sequence[tuple[str, Sequence[Sentence]]], draft: Drafter, *, count: int
) -> list[Case]:
    """Return up to ``count`` drafts, the documents taking turns, the same each time.

    Args:
        documents: the name of each in the suite, with its sentences.
        draft: makes a case of a passage, or None where it cannot.
        count: the most cases.
    """
    cases: dict[str, Case] = {}
    for passage in _passages(documents):
        if len(cases) >= count:
            break
        case = draft(passage)
        if case is not None:
            cases.setdefault(case.id, case)
    return list(cases.values())


def by_rule(passage: Passage) -> Case | None:
    """Make a draft without a model: by a template, else by asking about the names in it."""
    if passage.rule_question is not None:
        figure = _FIGURE.search(passage.sentence)
        is_count = passage.rule_question.startswith("How many")
        answer = figure[0] if figure and is_count else None
        return _case(passage, passage.rule_question, answer, "by a rule")
    names = list(dict.fromkeys(_NAMES.findall(passage.sentence)))[:2]
    if not names:
        return None
    question = f"What do the documents say about {' and '.join(names)}?"
    return _case(passage, question, None, "by a rule; ask for one fact in words of your own")


def by_model(model: CompletingModel) -> Drafter:
    """Return a drafter that asks a model, whose answer must stand in the sentence."""

    def draft(passage: Passage) -> Case | None:
        try:
            reply = model.complete(context=passage.context, sentence=passage.sentence)
        except LLMError as error:
            _log.warning("%s; the rules make this draft", error)
            return by_rule(passage)
        match = _REPLY.search(reply)
        if match is None or _DANGLING.search(match["question"]):
            return None
        answer = match["answer"].strip().rstrip(".")
        if not holds(words(passage.sentence), words(answer)):
            return None
        return _case(passage, match["question"].strip(), answer, f"by {model.name}")

    return draft


def from_feedback(bot: Chatbot, names: dict[str, str]) -> list[Case]:
    """Return a draft for each answer that a person marked as bad.

    Args:
        bot: whose conversations are read.
        names: the name in the suite of each document id.
    """
    return [_disliked(bot, turn, names) for turn in bot.conversations.rated(-1)]


def _disliked(bot: Chatbot, turn: SavedTurn, names: dict[str, str]) -> Case:
    earlier = []
    for one in bot.conversations.turns(turn.conversation_id):
        if one.id == turn.id:
            break
        earlier.append(CaseTurn(role="user", content=one.question))
        earlier.append(CaseTurn(role="assistant", content=one.answer.text))
    limited = [names[one] for one in turn.documents or () if one in names]
    remark = f"; they wrote: {turn.remark}" if turn.remark else ""
    return Case(
        id=f"feedback-{_digest(turn.id)}",
        question=turn.question,
        history=tuple(earlier),
        documents=tuple(limited),
        draft=True,
        tags=("feedback",),
        note=f"thumbs down of {turn.asked[:10]}{remark}; the answer was: {turn.answer.text}",
    )


def _case(passage: Passage, question: str, answer: str | None, how: str) -> Case:
    return Case(
        id=f"draft-{_digest(question + passage.sentence)}",
        question=question,
        expected=Expected(answer=(answer,) if answer else (), evidence=(passage.sentence,)),
        draft=True,
        tags=("draft",),
        note=f"{how}, from {passage.document}",
    )


def _passages(documents: Sequence[tuple[str, Sequence[Sentence]]]) -> Iterator[Passage]:
    """Yield the sentences worth a question, shuffled in each document, documents in turns."""
    generator = random.Random(_SEED)
    queues = []
    for name, sentences in documents:
        worth = [item for item in sentences if _is_worth_it(item.text)]
        generator.shuffle(worth)
        asked = {item.index: question for item, question in rule_questions(sentences)}
        # Those that a rule asks well about come first: the queue is taken from its end.
        worth.sort(key=lambda item: item.index in asked)
        queues.append([_passage(name, item, sentences, asked) for item in worth])
    while any(queues):
        for queue in queues:
            if queue:
                yield queue.pop()


def _is_worth_it(text: str) -> bool:
    return _SHORTEST <= len(text) <= _LONGEST and text.rstrip("\"'”’)")[-1:] in (".", "!")


def _passage(
    name: str, sentence: Sentence, sentences: Sequence[Sentence], asked: Mapping[int, str]
) -> Passage:
    near = sentences[max(0, sentence.index - _AROUND) : sentence.index + _AROUND + 1]
    return Passage(
        document=name,
        sentence=sentence.text,
        context=" ".join(item.text for item in near),
        rule_question=asked.get(sentence.index),
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def file_name(document: Document, taken: set[str]) -> str:
    """Return a plain file name for a document's text that is not taken yet."""
    stem = re.sub(r"[^a-z0-9]+", "-", document.title.lower()).strip("-")[:60] or "document"
    name, number = f"{stem}.txt", 1
    while name in taken:
        number += 1
        name = f"{stem}-{number}.txt"
    taken.add(name)
    return name
