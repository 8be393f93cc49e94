"""Bots for benchmarks: one that knows, one that guesses, one that refuses, one that cites all.

They keep texts in memory and cut sentences at full stops; what they say is made of real sentences
of those texts, as a real bot's answer is.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from chatbot import Answer, Settings
from chatbot.evaluation.open_suite import OpenBot
from chatbot.types import (
    Check,
    CheckedClaim,
    Citation,
    Claim,
    Document,
    Evidence,
    IngestReport,
    RetrievedSentence,
    Sentence,
    ShortAnswer,
    Turn,
    Verdict,
)


class Shelf:
    """Texts and their sentences; ``choose`` says which sentences answer, best first, or None."""

    mode = "extractive"

    def __init__(self) -> None:
        self._documents: dict[str, Document] = {}

    def add(self, *paths: str | Path) -> IngestReport:
        for path in map(Path, paths):
            text = path.read_text(encoding="utf-8")
            id_ = hashlib.sha256(text.encode()).hexdigest()
            self._documents.setdefault(
                id_, Document(id=id_, title=path.stem, source=str(path), kind="txt", text=text)
            )
        return IngestReport(added=tuple(self._documents.values()))

    def documents(self) -> list[Document]:
        return list(self._documents.values())

    def document(self, document_id: str) -> Document:
        return self._documents[document_id]

    def sentences(self, document_id: str) -> list[Sentence]:
        text = self._documents[document_id].text
        found = re.finditer(r"[^\s.!?][^.!?\n]*[.!?]?", text)
        return [
            Sentence(index=at, start=m.start(), end=m.end(), text=m.group())
            for at, m in enumerate(found)
        ]

    def all_sentences(self, documents: Sequence[str] | None) -> list[RetrievedSentence]:
        return [
            RetrievedSentence(
                document_id=id_,
                title="t",
                source="s",
                index=one.index,
                start=one.start,
                end=one.end,
                text=one.text,
                score=1.0,
            )
            for id_ in documents or list(self._documents)
            for one in self.sentences(id_)
        ]

    def choose(
        self, question: str, sentences: list[RetrievedSentence]
    ) -> list[RetrievedSentence] | None:
        raise NotImplementedError

    def short(self, question: str, sentence: RetrievedSentence) -> str | None:
        return None

    def query(self, question: str) -> str:
        return question

    def search(
        self, query: str, *, limit: int = 10, documents: Sequence[str] | None = None
    ) -> list[RetrievedSentence]:
        everything = self.all_sentences(documents)
        best = self.choose(query, everything) or []
        return [*best, *(one for one in everything if one not in best)][:limit]

    def ask(
        self, question: str, *, history: Sequence[Turn] = (), documents: Sequence[str] | None = None
    ) -> Answer:
        chosen = self.choose(question, self.all_sentences(documents))
        if not chosen:
            return _answer(question, "The documents do not say.", refused=True)
        short = self.short(question, chosen[0])
        return _answer(
            question,
            " ".join(f"{one.text} [{at}]" for at, one in enumerate(chosen, start=1)),
            search_query=self.query(question),
            cited=chosen,
            short=short,
        )

    def verdict(self, claim: str) -> tuple[Verdict, float]:
        raise NotImplementedError

    def support(self, claim: str, sources: Sequence[str]) -> list[int]:
        return []

    def check(self, text: str, sources: Sequence[str]) -> Check:
        claims = []
        for found in re.finditer(r"[^\s.!?][^.!?\n]*[.!?]?", text):
            verdict, score = self.verdict(found.group())
            claims.append(
                CheckedClaim(
                    text=found.group(),
                    start=found.start(),
                    end=found.end(),
                    verdict=verdict,
                    score=score,
                    evidence=tuple(
                        Evidence(source=at, start=0, end=len(sources[at]), text=sources[at])
                        for at in self.support(found.group(), sources)
                    ),
                )
            )
        return Check(claims=tuple(claims), grounded=True)


class Knowing(Shelf):
    """Answers with the sentences that hold given quotes; what it was told nothing of, it refuses.

    Args:
        answers: for each question, quotes of the sentences that answer, or None for a refusal.
        shorts: for each question, the short answer.
        false: claims that hold one of these are unsupported, the others supported.
        verdicts: claims that hold the key get this verdict instead.
        queries: the stand-alone form of each question.
        supports: for claims that hold the key, the numbers of the sources that support them.
    """

    def __init__(
        self,
        answers: Mapping[str, Sequence[str] | None] | None = None,
        *,
        shorts: Mapping[str, str] | None = None,
        false: Sequence[str] = (),
        verdicts: Mapping[str, Verdict] | None = None,
        queries: Mapping[str, str] | None = None,
        supports: Mapping[str, Sequence[int]] | None = None,
    ) -> None:
        super().__init__()
        self._answers = answers or {}
        self._shorts = shorts or {}
        self._false = false
        self._verdicts = verdicts or {}
        self._queries = queries or {}
        self._supports = supports or {}

    def choose(
        self, question: str, sentences: list[RetrievedSentence]
    ) -> list[RetrievedSentence] | None:
        quotes = self._answers.get(question)
        return (
            None
            if quotes is None
            else [s for quote in quotes for s in sentences if quote in s.text]
        )

    def short(self, question: str, sentence: RetrievedSentence) -> str | None:
        return self._shorts.get(question)

    def query(self, question: str) -> str:
        return self._queries.get(question, question)

    def verdict(self, claim: str) -> tuple[Verdict, float]:
        for key, verdict in self._verdicts.items():
            if key in claim:
                return verdict, {Verdict.SUPPORTED: 1.0, Verdict.PARTLY: 0.5}.get(verdict, 0.0)
        wrong = any(part in claim for part in self._false)
        return (Verdict.UNSUPPORTED, 0.0) if wrong else (Verdict.SUPPORTED, 1.0)

    def support(self, claim: str, sources: Sequence[str]) -> list[int]:
        return [at for key, found in self._supports.items() if key in claim for at in found]


class Guessing(Shelf):
    """Any sentence, any verdict."""

    def __init__(self, seed: int = 7) -> None:
        super().__init__()
        self._random = random.Random(seed)

    def choose(
        self, question: str, sentences: list[RetrievedSentence]
    ) -> list[RetrievedSentence] | None:
        return self._random.sample(sentences, min(len(sentences), 1))

    def search(
        self, query: str, *, limit: int = 10, documents: Sequence[str] | None = None
    ) -> list[RetrievedSentence]:
        everything = self.all_sentences(documents)
        return self._random.sample(everything, min(limit, len(everything)))

    def verdict(self, claim: str) -> tuple[Verdict, float]:
        score = self._random.random()
        return (Verdict.SUPPORTED if score > 0.5 else Verdict.UNSUPPORTED), score


class Refusing(Knowing):
    """Refuses everything."""


class CitingAll(Knowing):
    """Cites every sentence there is."""

    def choose(
        self, question: str, sentences: list[RetrievedSentence]
    ) -> list[RetrievedSentence] | None:
        return sentences


def opening(make: Callable[[], Shelf]) -> OpenBot:
    """Return what ``run_benchmark`` opens bots with: a new one each time."""

    @contextmanager
    def open_bot(_: Settings) -> Iterator[Shelf]:
        yield make()

    return cast("OpenBot", open_bot)


def _answer(
    question: str,
    text: str,
    *,
    refused: bool = False,
    search_query: str = "",
    cited: Sequence[RetrievedSentence] = (),
    short: str | None = None,
) -> Answer:
    citations = tuple(
        Citation(
            marker=marker,
            document_id=one.document_id,
            title=one.title,
            source=one.source,
            sentence_index=one.index,
            start=one.start,
            end=one.end,
            text=one.text,
        )
        for marker, one in enumerate(cited, start=1)
    )
    claims = tuple(
        Claim(text=one.text, start=0, end=1, verdict=Verdict.QUOTED, score=1.0) for one in cited
    )
    return Answer(
        text=text,
        refused=refused,
        mode="extractive",
        notice=None,
        question=question,
        search_query=search_query or question,
        claims=claims,
        citations=citations,
        short_answer=ShortAnswer(text=short, document_id="d", start=0, end=1) if short else None,
        p_answered=0.1 if refused else 0.9,
        retrieved=tuple(cited),
    )
