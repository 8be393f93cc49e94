"""Questions that people typed, with the sentences on which several answers rest (RAGTruth's QA).

Four to six models answered each question from three found passages, and people marked what they
made up. A sentence on which the true claims of at least half of the answers rest is taken as one
that answers; where at least half say that they are unable to answer, nothing does.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from chatbot.answering.claims import bare
from chatbot.answering.streaming.claim_spans import claims_of
from chatbot.documents import parse_text
from chatbot.models.embedder import Embedder
from chatbot.models.word_stems import words
from training.reader.memory_store import stored_chunks
from training.reader.sources import Article, Question, embed_document
from training.verifier.examples import rows

SOURCE = "ragtruth"
_PASSAGE = re.compile(r"(?m)^passage \d+:\s*")
_UNABLE = re.compile(r"\bunable to (?:answer|determine|find)\b", re.IGNORECASE)
_AGREED = 0.5
"""Share of the answers that rest on a sentence, or that say they are unable to answer."""
_RESTS = 0.3
"""Share of a claim's words that a sentence must add to count."""
_SENTENCES, _WORDS = 2, 3
"""Sentences that one claim may rest on, and the fewest words of one that is looked at."""
_MARKED = 3
"""Characters marked as made up from which a claim does not count."""


def agreed_articles(path: Path, embedder: Embedder) -> Iterator[Article]:
    """Yield each question's passages as an article of its own.

    Its question has no gold sentence where nothing answers. Left out: questions of which the
    answers agree neither on a sentence nor on being unable.

    Args:
        path: RAGTruth's training file.
        embedder: gives the vectors of chunks, sentences and questions.
    """
    answers: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows(path):
        if row["task"] == "QA":
            answers[row["source_id"]].append(row)
    for source_id, members in answers.items():
        article = _article(source_id, members, embedder)
        if article is not None:
            yield article


def group_of(article: Article) -> str:
    """Return the name by which RAGTruth's sources are split everywhere (``is_dev``)."""
    return f"{SOURCE}-{article.chunks[0].title}"


def _article(
    source_id: str, members: Sequence[Mapping[str, Any]], embedder: Embedder
) -> Article | None:
    asked = members[0]["source"]
    passages = _PASSAGE.sub("", asked["passages"]).split("\n\n")
    text = "\n\n".join(dict.fromkeys(one.strip() for one in passages if one.strip()))
    if not text:
        return None
    parsed = parse_text(text, title=source_id, source=source_id, count_tokens=embedder.count_tokens)
    able = [row for row in members if not _UNABLE.search(row["response"])]
    gold: frozenset[int] = frozenset()
    if len(able) > (1 - _AGREED) * len(members):
        gold = _agreed(able, [sentence.text for sentence in parsed.sentences])
        if not gold:
            return None
    vectors = embed_document(parsed, embedder)
    question = Question(
        text=asked["question"],
        answers=(),
        gold=gold,
        vector=embedder.embed([asked["question"]])[0],
    )
    return Article(
        source=SOURCE,
        chunks=tuple(stored_chunks(parsed, vectors)),
        vectors=vectors.chunks,
        questions=(question,),
    )


def _agreed(answers: Sequence[Mapping[str, Any]], sentences: Sequence[str]) -> frozenset[int]:
    stems = [_stems(sentence) for sentence in sentences]
    counted = Counter(at for row in answers for at in _rests_on(row, stems))
    return frozenset(at for at, count in counted.items() if count >= _AGREED * len(answers))


def _rests_on(row: Mapping[str, Any], sentences: Sequence[frozenset[str]]) -> frozenset[int]:
    """Return the sentences that share most words with the claims that nobody marked."""
    found: set[int] = set()
    for span in claims_of(row["response"]):
        marked = sum(
            max(0, min(span.end, label["end"]) - max(span.start, label["start"]))
            for label in row["labels"]
        )
        claim = _stems(bare(row["response"][span.start : span.end]))
        if marked >= _MARKED or len(claim) < _WORDS:
            continue
        left = claim
        for _ in range(_SENTENCES):
            best = max(
                range(len(sentences)),
                key=lambda at: (len(left & sentences[at]), -len(sentences[at])),
            )
            if len(left & sentences[best]) < _RESTS * len(claim):
                break
            found.add(best)
            left -= sentences[best]
    return frozenset(found)


def _stems(text: str) -> frozenset[str]:
    return frozenset(word.stem for word in words(text) if not word.is_stop)
