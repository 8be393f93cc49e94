"""Answers what is no question to the text: overviews, the list of documents, and manners."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from chatbot.answering.assembly import Assembly, cited, plain_title, say_claim, say_quote
from chatbot.answering.phrases import phrase
from chatbot.answering.request import Request
from chatbot.answering.retrieve import Retriever, retrieved
from chatbot.answering.talk.catalogue import CatalogueAnswers, CatalogueLine
from chatbot.answering.talk.intent import Intent, Wanted, intent_of
from chatbot.answering.talk.manners import QUESTION, Manners
from chatbot.answering.talk.overview import MOST_CHUNKS, cut, overview_of
from chatbot.answering.tuning import TUNING
from chatbot.types import AnswerEvent, AnswerKind, DocumentInfo, RetrievedSentence, Turn, Verdict

MODE = "extractive"
_LOOKED_AT = 12  # turns of a conversation in which a question may lean on others
Suggest = Callable[..., tuple[str, ...]]
"""Finds a few questions that documents answer: see ``Suggestions.next``."""


class Talk:
    """Talks about the documents of one store. Thread safe."""

    def __init__(
        self,
        *,
        retriever: Retriever,
        manners: Manners,
        documents: Callable[[], Sequence[DocumentInfo]],
        suggest: Suggest,
    ) -> None:
        """Take what reads documents, knows manners, lists the documents and suggests questions."""
        self._retriever = retriever
        self._manners = manners
        self._documents = documents
        self._suggest = suggest

    def intent(self, request: Request) -> Intent | None:
        """Return what a message asks of the program; None for a question to the documents."""
        documents = partial(self._chosen, request)
        return intent_of(request.question, documents, request.history, self._manners)

    def questions_in(self, history: Sequence[Turn]) -> tuple[Turn, ...]:
        """Return the last turns without greetings and the like: no question leans on those."""
        kept: list[Turn] = []
        question = True
        for turn in history[-_LOOKED_AT:]:
            if turn.role == "user":
                question = self._manners.kind_of(turn.content) == QUESTION
            if question:
                kept.append(turn)
        return tuple(kept)

    def _chosen(self, request: Request) -> list[DocumentInfo]:
        chosen = None if request.documents is None else frozenset(request.documents)
        return [one for one in self._documents() if chosen is None or one.id in chosen]

    def answer(self, intent: Intent, request: Request) -> Iterator[AnswerEvent]:
        """Yield the events of the answer, and last the Answer."""
        assembly = Assembly()
        kind: AnswerKind
        if intent.wanted is Wanted.REPLY:
            kind = "about"
            empty = intent.topic == "greeting" and not self._documents()
            text = phrase("empty" if empty else intent.topic, request.language)
            yield from say_claim(assembly, text, Verdict.NO_CLAIM)
        elif intent.wanted is Wanted.OVERVIEW:
            kind = "overview"
            yield from self._overview(assembly, intent.documents, request.language)
        else:
            kind = "catalogue"
            lines = CatalogueAnswers(self._retriever, request.language).lines(intent)
            yield from _say_lines(assembly, lines)
        asked = [one.id for one in (intent.documents or self._chosen(request))]
        suggestions = self.suggested(request, asked)
        yield request.answer(assembly, mode=MODE, kind=kind, suggestions=suggestions)

    def suggested(
        self, request: Request, document_ids: Sequence[str], told: Sequence[str] = ()
    ) -> tuple[str, ...]:
        """Return questions that some documents answer, none asked yet or answered by ``told``."""
        asked = [turn.content for turn in request.history if turn.role == "user"]
        return self._suggest(document_ids, asked=[*asked, request.question], told=told)

    def _overview(
        self, assembly: Assembly, documents: Sequence[DocumentInfo], language: str
    ) -> Iterator[AnswerEvent]:
        sentences = self.overview(documents)
        if not sentences:
            yield from say_claim(assembly, phrase("nothing", language), Verdict.NO_CLAIM)
            return
        one = len(documents) == 1
        title = plain_title(documents[0].title)
        opening = phrase("overview one" if one else "overview", language, title)
        yield from say_claim(assembly, opening, Verdict.NO_CLAIM)
        told = ""
        for citation in cited(sentences):
            if not one and citation.document_id != told:
                told = citation.document_id
                yield assembly.say("\n\n")
                yield from say_claim(assembly, f"{plain_title(citation.title)}:", Verdict.NO_CLAIM)
            yield from say_quote(assembly, citation, line=True)
        left = len(documents) - TUNING.overview
        if left > 0:
            yield assembly.say("\n")
            yield from say_claim(assembly, phrase("left", language, left), Verdict.NO_CLAIM)

    def overview(
        self, documents: Sequence[DocumentInfo], *, count: int = TUNING.overview
    ) -> list[RetrievedSentence]:
        """Return the sentences that tell what the first documents are about, some of each."""
        shown = documents[: TUNING.overview]
        found: list[RetrievedSentence] = []
        for at, one in enumerate(shown):
            room = (count - len(found)) // (len(shown) - at)
            chunks = self._retriever.chunks_of(one.id, end=MOST_CHUNKS)
            found += overview_of(chunks, count=max(1, room))
        return found

    def parts(self, documents: Sequence[DocumentInfo]) -> list[list[RetrievedSentence]]:
        """Return all of some documents in parts that a model can read; of long ones a choice."""
        every = [
            retrieved(chunk, one)
            for document in documents[: TUNING.overview]
            for chunk in self._retriever.chunks_of(document.id, end=MOST_CHUNKS)
            for one in chunk.sentences
            if not one.is_heading
        ]
        parts = cut(every)
        if len(parts) <= TUNING.parts:
            return parts
        share = TUNING.parts / len(parts)
        return cut(self.overview(documents, count=round(share * len(every))))[: TUNING.parts]


def _say_lines(assembly: Assembly, lines: Sequence[CatalogueLine]) -> Iterator[AnswerEvent]:
    citations = iter(cited([one.sentence for one in lines if one.sentence]))
    for at, line in enumerate(lines):
        if at:
            yield assembly.say("\n")
        text = line.text.replace("[", "(").replace("]", ")")  # none is a marker
        rests_on = [next(citations)] if line.sentence else []
        yield from say_claim(assembly, text, Verdict.CATALOGUE, rests_on)
