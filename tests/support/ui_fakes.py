"""A stand-in for the Chatbot, for the page: real documents in memory, answers as scripted."""

from __future__ import annotations

import copy
import hashlib
import re
import time
import weakref
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from chatbot.bot.rule_questions import rule_questions
from chatbot.errors import DocumentNotFound, UnsupportedFile
from chatbot.models.cancel import Cancel
from chatbot.settings import Settings
from chatbot.store import Collections, Conversations, Links, Tokens, UsageBook
from chatbot.store.home import Home, sqlite_home
from chatbot.store.tables import METADATA
from chatbot.types import (
    Answer,
    AnswerEvent,
    Citation,
    Claim,
    ClaimChecked,
    Document,
    Guide,
    IngestReport,
    MarkerResolved,
    Mention,
    RetrievedSentence,
    Sentence,
    TextDelta,
    Turn,
    Verdict,
)

Script = Callable[["FakeBot", str], Iterator[AnswerEvent]]


class FakeBot:
    """The methods of Chatbot that the page calls. ``script`` makes the events of each answer."""

    def __init__(
        self,
        data_dir: Path,
        *,
        script: Script | None = None,
        model: str | None = None,
        share_links: bool = False,
    ) -> None:
        self.settings = Settings(data_dir=data_dir, model=model, share_links=share_links)
        self.mode = model or "extractive"
        self._script = [script or quote]
        """One for all views: the page keeps those of the people that it knows."""
        self.asked: list[tuple[str, tuple[Turn, ...]]] = []
        self.search_queries: list[str] = []
        """Those that were given instead of the question."""
        self.limits: list[Sequence[str] | None] = []
        """The documents that each question was limited to."""
        self.cancels: list[Cancel] = []
        self.owner: str | None = None
        self._documents: dict[tuple[str, str], Document] = {}
        """By owner and id."""
        self._hidden: set[tuple[str, str]] = set()
        self._home = _new_database(self, data_dir)
        self.tokens = Tokens(self._home)
        self.usage = UsageBook(self._home)
        self.meter: object = None

    @property
    def script(self) -> Script:
        return self._script[0]

    @script.setter
    def script(self, script: Script) -> None:
        self._script[0] = script

    def for_owner(self, owner: str) -> FakeBot:
        view = copy.copy(self)
        view.owner = owner
        return view

    @property
    def conversations(self) -> Conversations:
        return Conversations(self._home, owner=self.owner)

    @property
    def collections(self) -> Collections:
        return Collections(self._home, owner=self.owner)

    def collection(self, name: str) -> tuple[str, ...]:
        return self.collections.get(name).documents

    @property
    def links(self) -> Links:
        return Links(self._home, owner=self.owner)

    def reset(self, *, script: Script | None = None) -> None:
        """Forget the documents and what was asked; take another script."""
        self.script = script or quote
        self.asked.clear()
        self.search_queries.clear()
        self.limits.clear()
        self.cancels.clear()
        self._documents.clear()
        self._hidden.clear()
        for one in self.conversations.list():
            self.conversations.delete(one.id)

    def documents(self) -> list[Document]:
        return [
            document
            for (owner, document_id), document in self._documents.items()
            if self.owner is None
            or (owner in ("", self.owner) and (self.owner, document_id) not in self._hidden)
        ]

    def sentence_count(self) -> int:
        return sum(document.sentence_count for document in self.documents())

    def document(self, document_id: str) -> Document:
        for document in self.documents():
            if document.id == document_id:
                return document
        raise DocumentNotFound("There is no such document any more.")

    def sentences(self, document_id: str) -> list[Sentence]:
        return split(self.document(document_id).text)

    @property
    def guides(self) -> FakeBot:
        return self

    def of(self, document_id: str) -> Guide:
        """Return a guide: the first sentence as the overview and as a name, and the questions."""
        first = self.sentences(document_id)[0]
        return Guide(
            document_id=document_id,
            overview=(Mention(text=first.text, sentence_index=0),),
            names=(Mention(text=first.text.split()[0], sentence_index=0),),
            dates=(),
            numbers=(),
            questions=self.suggestions([document_id]),
        )

    def added_after(self, number: int | None) -> tuple[int, str | None]:
        """Say that nothing was added: a guide is made when it is asked for."""
        return number or 0, None

    def suggestions(
        self, documents: Sequence[str] | None = None, *, asked: Sequence[str] = ()
    ) -> tuple[str, ...]:
        """Return the first questions that rules make of the documents."""
        ids = [one.id for one in self.documents()] if documents is None else documents
        made = (one for id_ in ids for _, one in rule_questions(self.sentences(id_)))
        return tuple(one for one in dict.fromkeys(made) if one not in asked)[:3]

    def search(self, query: str, *, limit: int = 10) -> list[RetrievedSentence]:
        """Return the sentences that share most words with the query."""
        wanted = words(query)
        found = [
            (len(wanted & words(one.text)), document, one)
            for document in self.documents()
            for one in self.sentences(document.id)
        ]
        best = sorted(found, key=lambda one: -one[0])[:limit]
        return [_retrieved(document, one) for _, document, one in best]

    def add_bytes(self, data: bytes, *, name: str) -> IngestReport:
        if not name.endswith(".txt"):
            raise UnsupportedFile(f"{name} is of no kind that can be read.")
        return self.add_text(data.decode(), title=name)

    def add_text(self, text: str, *, title: str, source: str | None = None) -> IngestReport:
        document = Document(
            id=hashlib.sha256(text.encode()).hexdigest(),
            title=title,
            source=source or title,
            kind="text",
            text=text,
            sentence_count=len(split(text)),
            added="2026-11-22T10:00:00Z",
            owner=self.owner or "",
        )
        if document in self.documents():
            return IngestReport(unchanged=(document,))
        self._documents[document.owner, document.id] = document
        return IngestReport(added=(document,))

    def remove(self, document_id: str) -> None:
        document = self.document(document_id)
        if self.owner is None or self.owner == document.owner:
            del self._documents[document.owner, document_id]
        else:
            self._hidden.add((self.owner, document_id))

    def stream(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        documents: Sequence[str] | None = None,
        search_query: str | None = None,
        cancel: Cancel | None = None,
    ) -> Iterator[AnswerEvent]:
        if search_query is not None:
            self.search_queries.append(search_query)
        self.limits.append(documents)
        self.asked.append((question, tuple(history)))
        self.cancels.append(cancel or Cancel())
        return self.script(self, question)

    def citation(self, marker: int, *, document: int = 0, sentence: int = 0) -> Citation:
        """Return a citation of a stored sentence."""
        cited = self.documents()[document]
        one = self.sentences(cited.id)[sentence]
        return Citation(
            marker=marker,
            document_id=cited.id,
            title=cited.title,
            source=cited.source,
            sentence_index=one.index,
            start=one.start,
            end=one.end,
            text=one.text,
        )

    def passage(self, sentence: int) -> RetrievedSentence:
        """Return a sentence of the first document as something that was read."""
        document = self.documents()[0]
        return _retrieved(document, self.sentences(document.id)[sentence])


def words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))


def _retrieved(document: Document, sentence: Sentence) -> RetrievedSentence:
    return RetrievedSentence(
        document_id=document.id,
        title=document.title,
        source=document.source,
        index=sentence.index,
        start=sentence.start,
        end=sentence.end,
        text=sentence.text,
        score=1.0,
    )


def _new_database(bot: FakeBot, data_dir: Path) -> Home:
    data_dir.mkdir(parents=True, exist_ok=True)
    home = sqlite_home(data_dir / "conversations.sqlite", read_only=False)
    with home.writing() as connection:
        METADATA.create_all(connection)
    weakref.finalize(bot, home.close)
    return home


def split(text: str) -> list[Sentence]:
    """Cut a text at full stops; each line is a paragraph. Good enough for a stand-in."""
    found = []
    for number, line in enumerate(re.finditer(r"[^\n]+", text)):
        for match in re.finditer(r"\S.*?(?:[.!?](?=\s|$)|$)", line[0]):
            start = line.start() + match.start()
            sentence = Sentence(
                index=len(found),
                start=start,
                end=start + len(match[0]),
                text=match[0],
                paragraph=number,
            )
            found.append(sentence)
    return found


def claims(*parts: tuple[str, Verdict, tuple[int, ...]]) -> tuple[str, tuple[Claim, ...]]:
    """Return an answer's text and claims, made of (sentence, verdict, markers behind it)."""
    text = ""
    made = []
    for words, verdict, markers in parts:
        start = len(text)
        made.append(
            Claim(
                text=words,
                start=start,
                end=start + len(words),
                verdict=verdict,
                score=None,
                citations=markers,
            )
        )
        text += words + "".join(f" [{marker}]" for marker in markers) + " "
    return text.rstrip(), tuple(made)


def answer(bot: FakeBot, question: str, text: str, **more: object) -> Answer:
    """Return an answer with what every answer has filled in."""
    return Answer(
        **{
            "text": text,
            "refused": False,
            "mode": bot.mode,
            "notice": None,
            "question": question,
            "search_query": question,
        }
        | more
    )


def quote(bot: FakeBot, question: str) -> Iterator[AnswerEvent]:
    """Quote the first sentence of the first document."""
    citation = bot.citation(1)
    text, made = claims((citation.text, Verdict.QUOTED, (1,)))
    yield TextDelta(text=text)
    yield MarkerResolved(citation=citation)
    yield ClaimChecked(claim=made[0], citations=(citation,))
    yield answer(bot, question, text, claims=made, citations=(citation,))


def slowly(bot: FakeBot, question: str, *, seconds: float = 20.0) -> Iterator[AnswerEvent]:
    """Write words until stopped, or for so long that no test waits for the end."""
    citation = bot.citation(1)
    yield TextDelta(text="It begins with a marker [1] ")
    yield MarkerResolved(citation=citation)
    cancel = bot.cancels[-1]
    for number in range(int(seconds / 0.02)):
        if cancel.is_set():
            return
        yield TextDelta(text=f"word{number} ")
        time.sleep(0.02)
