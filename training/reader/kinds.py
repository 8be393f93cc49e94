"""How often a kind of answer is missed where it stands: ``python -m training.reader.kinds``.

    python -m training.reader.kinds --data FOLDER

``chatbot/models/reader_kinds.py`` says what a sentence must have to answer a question of a kind,
``reader_mismatch.py`` what it must not say. Of the questions of the training files this prints, for
each kind, how many ask for it, and of how many of them the sentence with the answer would be passed
over; and for each rule in how many questions the sentence with the answer would be passed over, and
how many sentences beside it are.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from chatbot.documents import sentence_spans
from chatbot.models.reader_kinds import kinds_asked
from chatbot.models.reader_mismatch import RULES
from chatbot.models.reader_pair import BEFORE
from training.verifier.examples import rows

SETS = (
    *("squadshifts_new_wiki", "squadshifts_reddit", "squadshifts_amazon_reviews"),
    *("covidqa", "nq_open_oracle"),
)


def main() -> None:
    """Count and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the training files")
    options = parser.parse_args()
    asked, missed, others = Counter[str](), Counter[str](), Counter[str]()
    for one in answered(options.data):
        asked["questions"] += one.answers
        for name, has in kinds_asked(one.question, one.sentence).items():
            asked[name] += one.answers
            (missed if one.answers else others)[name] += not has
        for name, disagrees in RULES.items():
            counted = missed if one.answers else others
            counted[name] += disagrees(one.question, one.sentence, one.before)
    questions = asked.pop("questions")
    print(f"{questions} questions")
    asked.update(dict.fromkeys(RULES, questions))
    for name, count in asked.most_common():
        print(f"{name}: {missed[name]} of {count} missed; {others[name]} others passed over")


class Sentence(NamedTuple):
    """A sentence of a question's passage."""

    question: str
    sentence: str
    before: str
    answers: bool
    """The first answer begins in it."""


def answered(data: Path) -> Iterator[Sentence]:
    """Yield the sentences of each question's passage."""
    for name in SETS:
        for row in rows(data / f"{name}.jsonl.gz"):
            passage = row["context"] if "context" in row else row["ctxs"][0]["text"]
            answer = row["answers"][0]
            at = (
                passage.lower().find(answer.lower()) if isinstance(answer, str) else answer["start"]
            )
            for span in sentence_spans(passage):
                yield Sentence(
                    question=row["question"],
                    sentence=passage[span.start : span.end],
                    before=passage[max(0, span.start - BEFORE) : span.start],
                    answers=span.start <= at < span.end,
                )


if __name__ == "__main__":
    main()
