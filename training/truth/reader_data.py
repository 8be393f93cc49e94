"""Make the reader's windows: ``python -m training.truth.reader_data --data FOLDER --out FILE``.

Of each question: the window that answers it; a window that does not, found by the program's own
retriever in the same article; the same window with a changed question; the window without the
sentences that answer. Of each question that people typed (``training/reader/agreed.py``): the
windows that answer it, or those that do not. Reads only files marked for training. Seeded by the
configuration.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from chatbot.answering.retrieve import Retrieval, Retriever
from chatbot.models.embedder import Embedder
from chatbot.models.embedders import load_embedder
from chatbot.settings import Settings
from chatbot.store.records import StoredChunk
from chatbot.types import Sentence
from training.reader.agreed import SOURCE, agreed_articles, group_of
from training.reader.changed import Changer, changer_of
from training.reader.forms import keywords, polar
from training.reader.memory_store import MemoryStore
from training.reader.rough import roughened
from training.reader.scenarios import NEAR, FixedQuery
from training.reader.sources import Article, Question, load_articles
from training.truth.windows import Place, Window, write_counted
from training.verifier import examples
from training.verifier.rewordings import reword
from training.verifier.statements import verbs_of

CONFIG = Path(__file__).with_name("reader.yaml")
_FOUND = 30
"""Sentences searched for the best one that does not answer."""
_MARGIN = 4


def main() -> None:
    """Read the command line and write the file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the training files")
    parser.add_argument("--out", type=Path, required=True, help="file to write (.jsonl.gz)")
    parser.add_argument("--config", type=Path, default=CONFIG)
    options = parser.parse_args()
    config = yaml.safe_load(options.config.read_text(encoding="utf-8"))
    made = windows(options.data, config)
    write_counted(made, options.out, label=lambda window: f"{window.source} {window.kind}")


def windows(data: Path, config: Mapping[str, Any]) -> Iterator[Window]:
    """Yield the windows of all sources."""
    embedder = load_embedder(Settings(embedding_model="builtin", embedder_dir=None))
    for source, shares in config["sources"].items():
        articles = load_articles(
            data, source, embedder, questions=shares["questions"], seed=config["seed"]
        )
        print(source, len(articles), "articles", file=sys.stderr, flush=True)
        drawn = random.Random(f"{source} {config['seed']}")
        changer = changer_of(articles)
        verbs = verbs_of(t for a in articles for c in a.chunks for t in c.content.texts)
        for article in articles:
            maker = _Maker(article, embedder, drawn, max_tokens=config["max_tokens"])
            answers = [one for question in article.questions for one in question.answers[:1]]
            for number, question in enumerate(article.questions):
                text, made = question.text, shares
                form = drawn.random()
                if form < config["polar"]:
                    text = polar(text, question.answers[0], answers, verbs, drawn) or text
                    # A yes-or-no question about another value is answered, too.
                    made = shares | {"changed": 0.0}
                elif form < config["polar"] + config["keywords"]:
                    text = keywords(text) or text
                if drawn.random() < config["reworded"]:
                    text = reword(text, drawn, NEAR) or text
                if rough := drawn.random() < config["rough"]:
                    text = roughened(text, drawn)
                asked = replace(question, text=text)
                for window in maker.windows(asked, number, made, changer):
                    yield replace(window, rough=rough)
    yield from _agreed_windows(data.parent / "ragtruth" / "train.jsonl.gz", embedder, config)


def _agreed_windows(path: Path, embedder: Embedder, config: Mapping[str, Any]) -> Iterator[Window]:
    articles = list(agreed_articles(path, embedder))
    print(SOURCE, len(articles), "articles", file=sys.stderr, flush=True)
    drawn = random.Random(f"{SOURCE} {config['seed']}")
    for article in articles:
        maker = _Maker(article, embedder, drawn, max_tokens=config["max_tokens"])
        yield from maker.agreed(article.questions[0])


def is_dev(document_id: str) -> bool:
    """Say whether an article belongs to dev: one in ten, by a hash."""
    return int(hashlib.sha256(document_id.encode()).hexdigest(), 16) % 10 == 0


class _Maker:
    """Cuts windows out of one article."""

    def __init__(
        self, article: Article, embedder: Embedder, drawn: random.Random, *, max_tokens: int
    ) -> None:
        self._article = article
        self._drawn = drawn
        self._max_tokens = max_tokens
        self._embedder = embedder
        self._store = MemoryStore(article.chunks, article.vectors)
        texts = [text for chunk in article.chunks for text in chunk.content.texts]
        self._tokens = dict(zip(texts, embedder.count_tokens(texts), strict=True))

    def windows(
        self, question: Question, number: int, shares: Mapping[str, float], changer: Changer
    ) -> Iterator[Window]:
        """Yield the windows of one question."""
        article, drawn = self._article, self._drawn
        document = article.chunks[0].key.document_id
        about: dict[str, Any] = {
            "source": article.source,
            "dev": is_dev(document),
            "group": f"{article.source}-{document[:10]}-{number}",
        }
        chunk = drawn.choice([c for c in article.chunks if c.key in article.gold_chunks(question)])
        answered = self._cut(question.text, chunk, question, about | {"kind": "answered"})
        if answered is None or not answered.gold:
            return
        yield answered
        if drawn.random() < shares["near"]:
            near = self._near(question, about | {"kind": "near"})
            if near is not None:
                yield near
        if drawn.random() < shares["changed"]:
            text = changer.change(question, article, drawn)
            if text is not None:
                about["group"] += "-changed"
                yield _unanswered(answered, asked=text, **(about | {"kind": "changed"}))
        if drawn.random() < shares["deleted"]:
            deleted = self._deleted(question, chunk, about)
            if deleted is not None:
                yield deleted

    def agreed(self, question: Question) -> Iterator[Window]:
        """Yield windows until those of the sentences that answer, or of the best, are covered."""
        group = group_of(self._article)
        found = self._search(question)
        about = {"source": SOURCE, "dev": examples.is_dev(group), "group": group}
        about["kind"] = "answered" if question.gold else "unanswered"
        wanted = [s.index for s in found.sentences if not question.gold or s.index in question.gold]
        covered: set[int] = set()
        for index in wanted:
            if index in covered:
                continue
            chunk, at = self._place(index)
            run = self._run(question.text, chunk.sentences, at)
            covered.update(s.index for s in run)
            gold = tuple(i for i, s in enumerate(run) if s.index in question.gold)
            if run:
                yield _window(question.text, run, gold=gold, span=None, about=about)

    def _search(self, question: Question) -> Retrieval:
        retriever = Retriever(self._store, FixedQuery(question.vector))  # type: ignore[arg-type]
        return retriever.search(question.text, limit=_FOUND)

    def _place(self, index: int) -> tuple[StoredChunk, int]:
        """Return the chunk of a sentence and its place in it."""
        return next(
            (chunk, at)
            for chunk in self._article.chunks
            for at, sentence in enumerate(chunk.sentences)
            if sentence.index == index
        )

    def _near(self, question: Question, about: Mapping[str, Any]) -> Window | None:
        """Return the best window of the article that does not hold an answer."""
        found = self._search(question)
        gold = self._article.gold_chunks(question)
        for sentence in found.sentences:
            chunk, at = self._place(sentence.index)
            text = " ".join(chunk.content.texts).lower()
            if chunk.key in gold or any(answer.lower() in text for answer in question.answers):
                continue
            run = self._run(question.text, chunk.sentences, at)
            return _window(question.text, run, gold=(), span=None, about=about) if run else None
        return None

    def _cut(
        self, asked: str, chunk: StoredChunk, question: Question, about: Mapping[str, Any]
    ) -> Window | None:
        """Return a window around a sentence that answers."""
        answers = [answer.lower() for answer in question.answers]
        at = next(
            (
                i
                for i, s in enumerate(chunk.sentences)
                if s.index in question.gold and any(answer in s.text.lower() for answer in answers)
            ),
            None,
        )
        if at is None:
            return None
        run = self._run(asked, chunk.sentences, at)
        if not run:
            return None
        gold = tuple(i for i, s in enumerate(run) if s.index in question.gold)
        span = _span(run, chunk.sentences[at], question.answers)
        return _window(asked, run, gold=gold, span=span, about=about)

    def _deleted(
        self, question: Question, chunk: StoredChunk, about: Mapping[str, Any]
    ) -> Window | None:
        """Return the chunk without the sentences that answer or hold the answer's words."""
        answers = [answer.lower() for answer in question.answers]
        kept = [
            s
            for s in chunk.sentences
            if s.index not in question.gold
            and not any(answer in s.text.lower() for answer in answers)
        ]
        if len(kept) < 2:
            return None
        run = self._run(question.text, kept, self._drawn.randrange(len(kept)))
        about = {**about, "kind": "deleted", "group": f"{about['group']}-deleted"}
        return _window(question.text, run, gold=(), span=None, about=about) if run else None

    def _run(self, asked: str, sentences: Sequence[Sentence], at: int) -> list[Sentence]:
        """Return the sentence and as many around it as fit, its place in the run by chance."""
        room = self._max_tokens - self._embedder.count_tokens([asked])[0] - _MARGIN
        first = last = at
        used = self._tokens[sentences[at].text]
        if used > room:
            return []
        while True:
            sides = [first - 1] * (first > 0) + [last + 1] * (last + 1 < len(sentences))
            sides = [s for s in sides if used + self._tokens[sentences[s].text] <= room]
            if not sides:
                return list(sentences[first : last + 1])
            side = self._drawn.choice(sides)
            used += self._tokens[sentences[side].text]
            first, last = min(first, side), max(last, side)


def _unanswered(window: Window, *, asked: str, **about: Any) -> Window:  # noqa: ANN401
    return Window(asked=asked, passage=window.passage, sentences=window.sentences, **about)


def _window(
    asked: str,
    run: Sequence[Sentence],
    *,
    gold: tuple[int, ...],
    span: Place | None,
    about: Mapping[str, Any],
) -> Window:
    places, at = [], 0
    for sentence in run:
        places.append((at, at + len(sentence.text)))
        at += len(sentence.text) + 1
    return Window(
        asked=asked,
        passage=" ".join(sentence.text for sentence in run),
        sentences=tuple(places),
        gold=gold,
        span=span,
        **about,
    )


def _span(run: Sequence[Sentence], holder: Sentence, answers: Sequence[str]) -> Place | None:
    """Return the place in the window of the shortest answer that the sentence holds."""
    text = holder.text
    found = [a for a in sorted(answers, key=len) if a.lower() in text.lower()]
    if not found:
        return None
    at = next(i for i, s in enumerate(run) if s is holder)
    before = sum(len(sentence.text) + 1 for sentence in run[:at])
    start = before + text.lower().index(found[0].lower())
    return start, start + len(found[0])


if __name__ == "__main__":
    main()
