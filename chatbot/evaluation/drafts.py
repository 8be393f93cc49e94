"""A suite of draft cases for the user's own documents: of a model, of rules, of bad answers.

A draft is never asked and never counted; a person reads it, mends it and takes ``draft: true`` out.
Documents are data: what a model makes of a sentence is kept only if its answer stands there.
"""

from __future__ import annotations

import hashlib
import logging
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, takewhile, zip_longest
from pathlib import Path

from chatbot.bot import Chatbot, PromptedModel
from chatbot.bot.rule_questions import rule_questions
from chatbot.errors import LLMError, SuiteError
from chatbot.evaluation.formulas import holds, words
from chatbot.evaluation.suites import Case, Expected, case_text, load_suite
from chatbot.types import Document, SavedTurn, Sentence, Turn

DRAFTS = "drafts.yaml"
_HEAD = """\
# Drafts: read each, mend question and answer, then take "draft: true" out to accept it.
# Evidence must stay word for word. Add questions that the documents do not answer, too:
#   - {id: ..., question: ..., expected: {refuse: true}}

"""
_SUITE = f"""\
description: Questions about my documents.
documents: [documents/*]
cases: [{DRAFTS}]
"""
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
class NewDrafts:
    """How much was written."""

    drafts: int
    feedback: int
    documents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A sentence with the name of its document and what stands around it."""

    document: str
    sentence: str
    context: str
    rule_question: str = ""
    """What a rule asks about it, where one fits."""

    def case(self, question: str, answer: str, how: str) -> Case:
        """Return the draft of a question about it; an empty answer is left out."""
        return Case(
            id=f"draft-{_digest(question + self.sentence)}",
            question=question,
            expected=Expected(answer=(answer,) * bool(answer), evidence=(self.sentence,)),
            draft=True,
            tags=("draft",),
            note=f"{how}, from {self.document}",
        )


Drafter = Callable[[Passage], Case | None]


def by_rule(passage: Passage) -> Case | None:
    """Make a draft without a model: by a template, else by asking about the names in it."""
    if question := passage.rule_question:
        figure = _FIGURE.search(passage.sentence) if question.startswith("How many") else None
        return passage.case(question, figure[0] if figure else "", "by a rule")
    names = list(dict.fromkeys(_NAMES.findall(passage.sentence)))[:2]
    question = f"What do the documents say about {' and '.join(names)}?"
    how = "by a rule; ask for one fact in words of your own"
    return passage.case(question, "", how) if names else None


def by_model(model: PromptedModel) -> Drafter:
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
        return passage.case(match["question"].strip(), answer, f"by {model.name}")

    return draft


def write_suite(
    bot: Chatbot, folder: Path, *, draft: Drafter = by_rule, count: int = 20
) -> NewDrafts:
    """Write a suite of drafts over the documents of a store.

    The documents are copied as text, so that the suite means the same tomorrow and elsewhere. In a
    folder that holds a suite already, drafts that are new are added and nothing else is changed.

    At most ``count`` drafts are written, feedback aside. Without documents, or in a folder that is
    in other use, it is a SuiteError.
    """
    documents = [bot.document(known.id) for known in bot.documents()]
    if not documents:
        raise SuiteError("The store has no document yet. Add one with `chatbot add`.")
    names = _file_names(documents)
    passages = _passages([(names[one.id], bot.sentences(one.id)) for one in documents])
    made = filter(None, map(draft, passages))
    drafted: dict[str, Case] = {}
    while len(drafted) < count and (case := next(made, None)):
        drafted.setdefault(case.id, case)
    # An answer that a person marked as bad becomes a draft, with the conversation before it.
    rated = (_disliked(bot, turn, names) for turn in bot.conversations.rated(-1))
    disliked = {case.id: case for case in rated}
    try:
        known = _prepare(folder, documents, names)
        with (folder / DRAFTS).open("a", encoding="utf-8") as file:
            new = {id_: case for id_, case in (drafted | disliked).items() if id_ not in known}
            file.writelines(f"{case_text(case)}\n" for case in new.values())
    except OSError as error:
        raise SuiteError(f"{folder} cannot be written: {error.strerror}.") from error
    load_suite(str(folder))
    return NewDrafts(
        drafts=len(new.keys() & drafted.keys()),
        feedback=len(new.keys() & disliked.keys()),
        documents=len(documents),
    )


def _disliked(bot: Chatbot, turn: SavedTurn, names: dict[str, str]) -> Case:
    turns = bot.conversations.turns(turn.conversation_id)
    earlier: list[Turn] = []
    for one in takewhile(lambda one: one.id != turn.id, turns):
        earlier.append(Turn(role="user", content=one.question))
        earlier.append(Turn(role="assistant", content=one.answer.text))
    remark = f"; they wrote: {turn.remark}" if turn.remark else ""
    return Case(
        id=f"feedback-{_digest(turn.id)}",
        question=turn.question,
        history=tuple(earlier),
        documents=tuple(names[one] for one in turn.documents or () if one in names),
        draft=True,
        tags=("feedback",),
        note=f"thumbs down of {turn.asked[:10]}{remark}; the answer was: {turn.answer.text}",
    )


def _passages(documents: Sequence[tuple[str, Sequence[Sentence]]]) -> Iterator[Passage]:
    """Yield the sentences worth a question, documents in turns."""
    generator = random.Random(_SEED)
    each = (_passages_of(name, sentences, generator) for name, sentences in documents)
    for round_ in zip_longest(*each):
        yield from filter(None, round_)


def _passages_of(
    name: str, sentences: Sequence[Sentence], generator: random.Random
) -> Iterator[Passage]:
    whole = (item for item in sentences if item.text.rstrip("\"'”’)").endswith((".", "!")))
    worth = [item for item in whole if _SHORTEST <= len(item.text) <= _LONGEST]
    generator.shuffle(worth)
    asked = {item.index: question for item, question in rule_questions(sentences)}
    # Those that a rule asks well about come first.
    for item in sorted(reversed(worth), key=lambda item: item.index not in asked):
        around = sentences[max(0, item.index - _AROUND) : item.index + _AROUND + 1]
        yield Passage(
            document=name,
            sentence=item.text,
            context=" ".join(one.text for one in around),
            rule_question=asked.get(item.index, ""),
        )


def _prepare(folder: Path, documents: Sequence[Document], names: dict[str, str]) -> set[str]:
    """Make the folder a suite; return the ids of the cases it has."""
    known: set[str] = set()
    if (folder / "suite.yaml").is_file():
        if not (folder / DRAFTS).is_file():
            raise SuiteError(f"{folder} has a suite that `chatbot eval new` did not make.")
        known = {case.id for case in load_suite(str(folder)).cases}
    elif folder.exists() and any(folder.iterdir()):
        raise SuiteError(f"{folder} is not empty and has no suite. Name another folder.")
    else:
        folder.mkdir(parents=True, exist_ok=True)
        name = re.sub(r"[^A-Za-z0-9]", "-", folder.resolve().name).strip("-") or "mine"
        (folder / "suite.yaml").write_text(f'name: "{name}"\n{_SUITE}', encoding="utf-8")
        (folder / DRAFTS).write_text(_HEAD, encoding="utf-8")
    (folder / "documents").mkdir(exist_ok=True)
    for document in documents:
        path = folder / names[document.id]
        if not path.exists():
            path.write_text(document.text, encoding="utf-8")
    return known


def _file_names(documents: Sequence[Document]) -> dict[str, str]:
    """Return for each document's id a plain file name; the same one always, in their order."""
    names: dict[str, str] = {}
    for document in documents:
        stem = re.sub(r"[^a-z0-9]+", "-", document.title.lower()).strip("-")[:60] or "document"
        tried = (f"documents/{stem}{f'-{at}' if at > 1 else ''}.txt" for at in count(1))
        names[document.id] = next(name for name in tried if name not in names.values())
    return names


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]
