"""What the evaluation tests share: a tiny document, answers made by hand, and a tiny suite."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType, SimpleNamespace
from typing import Any, cast

from chatbot import Answer, Chatbot
from chatbot.evaluation import Run, measures
from chatbot.evaluation.answered_case import AnsweredCase, Places
from chatbot.evaluation.saved_run import CitedClaim, GoldPlace
from chatbot.evaluation.suites import Case, Expected
from chatbot.types import Citation, Claim, Document, RetrievedSentence, ShortAnswer, Verdict

SENTENCES = (
    "The ferry leaves at 9:40 from pier 3.",
    "Tickets cost 12 euros.",
    "Dogs travel free of charge.",
    "The bar on deck 2 opens at noon.",
)
FERRY, PRICE, DOGS, BAR = SENTENCES
DOCUMENT = " ".join(SENTENCES)
STORED = Document(id="d", title="Ferry", source="ferry.txt", kind="txt", text=DOCUMENT)
STARTS = [DOCUMENT.index(sentence) for sentence in SENTENCES]


def citation(index: int, *, marker: int | None = None) -> Citation:
    return Citation(
        marker=marker or index + 1,
        document_id="d",
        title="Ferry",
        source="ferry.txt",
        sentence_index=index,
        start=STARTS[index],
        end=STARTS[index] + len(SENTENCES[index]),
        text=SENTENCES[index],
    )


def found(*indices: int) -> tuple[RetrievedSentence, ...]:
    return tuple(
        RetrievedSentence(
            document_id="d",
            title="Ferry",
            source="ferry.txt",
            index=index,
            start=STARTS[index],
            end=STARTS[index] + len(SENTENCES[index]),
            text=SENTENCES[index],
            score=10.0 - rank,
        )
        for rank, index in enumerate(indices)
    )


def answer(
    text: str,
    *cited: int,
    refused: bool = False,
    verdict: Verdict = Verdict.QUOTED,
    short: str | None = None,
    unknown: tuple[int, ...] = (),
    mode: str = "extractive",
) -> Answer:
    """An answer of one claim that cites the sentences with these numbers."""
    citations = tuple(citation(index) for index in cited)
    claim = Claim(
        text=text,
        start=0,
        end=len(text),
        verdict=verdict,
        score=1.0 if verdict is Verdict.QUOTED else 0.6,
        citations=tuple(item.marker for item in citations),
        unknown_markers=unknown,
    )
    return Answer(
        text=text,
        refused=refused,
        mode=mode,
        notice=None,
        question="q",
        search_query="q",
        claims=() if refused else (claim,),
        citations=citations,
        short_answer=ShortAnswer(text=short, document_id="d", start=0, end=1) if short else None,
        retrieved=found(*cited),
    )


def gold(*indices: int) -> tuple[Places, ...]:
    return tuple(
        (
            GoldPlace(
                document_id="d",
                start=STARTS[index],
                end=STARTS[index] + len(SENTENCES[index]),
                sentences=(index,),
            ),
        )
        for index in indices
    )


def asked(
    said: Answer,
    *,
    gold_indices: tuple[int, ...] = (),
    ranking: tuple[int, ...] = (),
    rewrite_ranking: tuple[int, ...] | None = None,
    claims: tuple[CitedClaim, ...] = (),
    known: Mapping[str, Any] = MappingProxyType({}),
    mode: str = "extractive",
    **expected: object,
) -> AnsweredCase:
    case = Case(id="c", question="q", expected=Expected.model_validate(expected))
    bot = cast(Chatbot, SimpleNamespace(mode=mode))
    scored = AnsweredCase(case=case, bot=bot, gold=gold(*gold_indices), stored={"d": STORED})
    vars(scored).update(
        answer=said,
        found=found(*ranking),
        found_by_rewrite=None if rewrite_ranking is None else found(*rewrite_ranking),
        claims=claims,
        **known,
    )
    return scored


def write_suite(folder: Path, cases: str, *, head: str = "documents: [ferry.txt]\n") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "ferry.txt").write_text(DOCUMENT, encoding="utf-8")
    (folder / "suite.yaml").write_text(f"name: ferry\n{head}", encoding="utf-8")
    (folder / "cases.yaml").write_text(cases, encoding="utf-8")
    return folder


CASES = f"""
- id: time
  question: When does the ferry leave?
  expected: {{answer: ["9:40"], evidence: ["{FERRY}"]}}
- id: price
  question: How much do tickets cost?
  expected: {{answer: ["12 euros"], evidence: ["{PRICE}"]}}
- id: dogs
  question: Do dogs travel free of charge?
  expected: {{answer: ["free of charge"], evidence: ["{DOGS}"]}}
- id: physician
  question: What is the name of the Norwegian king's physician?
  expected: {{refuse: true}}
"""


def value(run: Run, name: str) -> float | None:
    return next(item.value for item in measures(run) if item.name == name)
