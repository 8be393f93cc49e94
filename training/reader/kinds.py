"""How often a kind of answer is missed where it stands: ``python -m training.reader.kinds``.

    python -m training.reader.kinds --data FOLDER

``chatbot/models/reader_kinds.py`` says what a sentence must have to answer a question of a kind. Of
the questions of the training files this prints, for each kind, how many ask for it, and of how
many of them the sentence with the answer would be passed over.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from chatbot.documents import sentence_spans
from chatbot.models.reader_kinds import kinds_asked
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
    asked, missed, questions = Counter[str](), Counter[str](), 0
    for question, sentence in answered(options.data):
        questions += 1
        for name, has in kinds_asked(question, sentence).items():
            asked[name] += 1
            missed[name] += not has
    print(f"{questions} questions")
    for name, count in asked.most_common():
        print(f"{name}: {missed[name]} of {count} missed")


def answered(data: Path) -> Iterator[tuple[str, str]]:
    """Yield each question with the sentence that holds its first answer."""
    for name in SETS:
        for row in rows(data / f"{name}.jsonl.gz"):
            passage = row["context"] if "context" in row else row["ctxs"][0]["text"]
            answer = row["answers"][0]
            at = (
                passage.lower().find(answer.lower()) if isinstance(answer, str) else answer["start"]
            )
            for span in sentence_spans(passage):
                if span.start <= at < span.end:
                    yield row["question"], passage[span.start : span.end]


if __name__ == "__main__":
    main()
