"""Does retrieval hold while the store grows? SQuAD's articles alone and among all else.

Each answerable question is searched four times: in a store of SQuAD's articles within its own
article (as ``benchmarks.retrieval`` does it), in the large store within its own article, in the
large store without a limit, and there by a reader beside the owner, who does not ask Chroma but
looks at all vectors: what the approximate search costs. A hit is the sentence that holds the gold
answer of any annotator.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from chatbot import Chatbot, Settings
from chatbot.evaluation.statistics import wilson_interval
from chatbot.types import RetrievedSentence
from evals.benchmarks.squad2 import Question, articles, read_questions

DEPTHS = (1, 5)


@dataclass(slots=True)
class Ranks:
    """Ranks of the right sentence in one setting."""

    name: str
    ranks: list[float] = field(default_factory=list)

    @property
    def shares(self) -> list[str]:
        """For each depth the share with its 95 % interval."""
        found = []
        for depth in DEPTHS:
            hits = sum(rank <= depth for rank in self.ranks)
            around = wilson_interval(hits, len(self.ranks))
            share = hits / max(1, len(self.ranks))
            found.append(f"{share:.3f} ({around.low:.3f} to {around.high:.3f})")
        return found

    def __str__(self) -> str:
        told = zip(DEPTHS, self.shares, strict=True)
        shares = "   ".join(f"R@{depth} {share}" for depth, share in told)
        return f"{self.name:45} {shares}   n {len(self.ranks)}"


def compare(store: Path, data: Path, *, sample: int | None, out: Path) -> None:
    """Measure and print the four settings; the articles are taken out of the store again."""
    everything = read_questions([data])
    questions = [one for one in everything if one.answers]
    if sample is not None:
        questions = random.Random(0).sample(questions, min(sample, len(questions)))
    texts = articles(everything, questions)
    with tempfile.TemporaryDirectory() as folder:
        own = Settings(data_dir=Path(folder) / "data", corpus_dir=None, model=None)
        with Chatbot.from_settings(own) as small:
            alone = Ranks("article alone")
            ids = add(small, texts)
            judge(alone, ids, questions, small, within=True)
    print(alone, flush=True)
    settings = Settings(data_dir=store, model=None)
    with Chatbot.from_settings(settings) as large:
        before = {known.id for known in large.documents()}
        ids = add(large, texts)
        try:
            within = Ranks(f"within the article, {large.sentence_count():,} sentences")
            judge(within, ids, questions, large, within=True)
            print(within, flush=True)
            among = Ranks(f"among {large.sentence_count():,} sentences")
            judge(among, ids, questions, large, within=False)
            print(among, flush=True)
            exact = Ranks("the same by exact search")
            with Chatbot.from_settings(settings, read_only=True) as reader:
                judge(exact, ids, questions, reader, within=False)
            print(exact, flush=True)
        finally:
            for known in large.documents():
                if known.id not in before:
                    large.remove(known.id)
    out.mkdir(parents=True, exist_ok=True)
    lines = [
        "| | " + " | ".join(f"R@{depth}" for depth in DEPTHS) + " | n |",
        "| --- |" + " ---: |" * (len(DEPTHS) + 1),
        *(
            f"| {one.name} | {' | '.join(one.shares)} | {len(one.ranks)} |"
            for one in (alone, within, among, exact)
        ),
    ]
    (out / "quality.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def add(bot: Chatbot, texts: Mapping[str, str]) -> dict[str, str]:
    """Add the articles; return the id of each by its title."""
    reports = {title: bot.add_text(text, title=title) for title, text in texts.items()}
    return {title: (*one.added, *one.unchanged)[0].id for title, one in reports.items()}


def judge(
    ranks: Ranks,
    ids: Mapping[str, str],
    questions: Sequence[Question],
    bot: Chatbot,
    *,
    within: bool,
) -> None:
    """Search every question, in its article or among all, and note the right sentence's rank."""
    stored = {title: bot.document(id_).text for title, id_ in ids.items()}
    for one in questions:
        own = ids[one.title]
        where = [own] if within else None
        found = bot.search(one.question, limit=max(DEPTHS), documents=where)
        rank = one.rank(stored[one.title], [_only(sentence, own) for sentence in found])
        if rank is not None:
            ranks.ranks.append(rank)


def _only(sentence: RetrievedSentence, document_id: str) -> RetrievedSentence:
    """Return a sentence of another document as one that stands nowhere."""
    right = sentence.document_id == document_id
    return sentence if right else replace(sentence, start=-1, end=-1)
