"""The reader's training data from tiny files: windows of questions, and what answers agree on."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path
from typing import Any

import pytest

from chatbot.models.embedder import Embedder
from chatbot.models.embedders import load_embedder
from chatbot.settings import Settings
from training.reader.agreed import agreed_articles, group_of
from training.reader.changed import changer_of
from training.reader.scenarios import events
from training.reader.sources import load_articles
from training.truth.reader_data import windows
from training.truth.windows import Window

HARBOUR = (
    "The harbour of Lunden was opened in May 1987 by Mayor Ingrid Sollow. It has room for 240 "
    "fishing boats and two ferries. A storm broke the northern wall in 1999. The wall was built "
    "again with stone from Norway. Every June the town holds a feast of boats. "
) + " ".join(f"Ship {number} of Lunden carries salt to the north." for number in range(40))
BAKERY = (
    "The bakery on Mill Street sells rye bread. Its oven was built by Otto Brandt in 1902. "
    "The baker gets up at three in the morning. Rye comes from farms near Lunden."
)
PASSAGES = (
    "passage 1:Tin melts at 232 degrees. It is a soft metal and bends easily.\n\n"
    "passage 2:Bronze is made of copper and tin. Statues are cast of bronze.\n\n"
)
CONFIG = {
    "seed": 5,
    "max_tokens": 48,
    "rough": 0.0,
    "polar": 0.0,
    "keywords": 0.0,
    "reworded": 0.0,
    "sources": {
        "squadshifts_new_wiki": {"questions": 10, "near": 1.0, "changed": 1.0, "deleted": 1.0}
    },
}


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return load_embedder(Settings(embedding_model="builtin", embedder_dir=None))


def write(path: Path, found: list[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in found)


def asked(context: str, question: str, answer: str) -> dict[str, Any]:
    answers = [{"text": answer, "start": context.index(answer)}]
    return {"title": "Lunden", "context": context, "question": question, "answers": answers}


def answered(source_id: str, question: str, *responses: str) -> list[dict[str, Any]]:
    source = {"question": question, "passages": PASSAGES}
    row = {"source_id": source_id, "task": "QA", "source": source, "labels": []}
    return [row | {"response": response} for response in responses]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bench")
    write(
        folder / "train" / "squadshifts_new_wiki.jsonl.gz",
        [
            asked(HARBOUR, "Who opened the harbour of Lunden?", "Ingrid Sollow"),
            asked(HARBOUR, "Where did the stone of the wall come from?", "Norway"),
            asked(BAKERY, "Who built the oven of the bakery?", "Otto Brandt"),
        ],
    )
    able = [
        "Tin melts at 232 degrees, and bronze is made of copper and tin.",
        "Based on the passages, tin melts at 232 degrees. Statues are cast of bronze.",
        "Unable to answer based on given passages.",
    ]
    unable = ["Unable to answer based on given passages."] * 2 + [able[0]]
    write(
        folder / "ragtruth" / "train.jsonl.gz",
        [
            *answered("melts", "at what heat does tin melt", *able),
            *answered("price", "what does tin cost", *unable),
        ],
    )
    return folder


@pytest.fixture(scope="module")
def made(data: Path) -> list[Window]:
    return list(windows(data / "train", CONFIG))


def sentence(window: Window, number: int) -> str:
    return window.passage[slice(*window.sentences[number])]


def test_a_window_with_the_answer_marks_its_sentence_and_its_words(made: list[Window]) -> None:
    found = [w for w in made if w.kind == "answered" and w.source == "squadshifts_new_wiki"]
    assert len(found) == 3
    for window in found:
        assert window.span is not None
        answer = window.passage[slice(*window.span)]
        assert answer in ("Ingrid Sollow", "Norway", "Otto Brandt")
        assert any(answer in sentence(window, number) for number in window.gold)


def test_a_window_grows_by_whole_sentences_beside_the_answer(made: list[Window]) -> None:
    found = [w for w in made if w.kind == "answered" and w.source == "squadshifts_new_wiki"]
    assert max(len(window.sentences) for window in found) > 1
    for window in made:
        whole = " ".join(sentence(window, number) for number in range(len(window.sentences)))
        assert whole == window.passage


def test_windows_that_do_not_answer_hold_no_answer(made: list[Window]) -> None:
    kinds = {window.kind for window in made}
    assert {"near", "deleted"} <= kinds
    answers = {"Who opened the harbour of Lunden?": "Sollow"}
    for window in made:
        if window.kind in ("near", "deleted"):
            assert window.gold == ()
            assert answers.get(window.asked, "no such words") not in window.passage


def test_the_same_seed_makes_the_same_windows(data: Path, made: list[Window]) -> None:
    assert list(windows(data / "train", CONFIG)) == made


def test_what_half_of_the_answers_rest_on_answers(data: Path, embedder: Embedder) -> None:
    path = data / "ragtruth" / "train.jsonl.gz"
    melts, price = agreed_articles(path, embedder)
    assert (group_of(melts), group_of(price)) == ("ragtruth-melts", "ragtruth-price")
    texts = {s.index: s.text for chunk in melts.chunks for s in chunk.sentences}
    gold = {texts[index] for index in melts.questions[0].gold}
    assert "Tin melts at 232 degrees." in gold
    assert "It is a soft metal and bends easily." not in gold
    assert price.questions[0].gold == frozenset()


def test_questions_that_people_typed_give_windows_with_and_without_an_answer(
    made: list[Window],
) -> None:
    found = {w.asked: w for w in made if w.source == "ragtruth"}
    melts, price = found["at what heat does tin melt"], found["what does tin cost"]
    assert (melts.kind, price.kind) == ("answered", "unanswered")
    assert "Tin melts at 232 degrees." in {sentence(melts, number) for number in melts.gold}
    assert price.gold == ()
    assert melts.span is None


def test_situations_ask_changed_and_in_other_words(data: Path, embedder: Embedder) -> None:
    articles = load_articles(data / "train", "squadshifts_new_wiki", embedder, questions=10)
    changer = changer_of(articles)
    found = [
        event
        for article in articles
        for event in events(article, articles, embedder, changer, random.Random(2))
    ]
    asked = {event.scenario: event.question for event in found}
    assert {"article", "passage", "foreign", "changed", "reworded"} <= set(asked)
    assert asked["reworded"] != asked["article"] != asked["changed"]
    for event in found:
        assert event.answerable == (event.scenario in ("article", "passage", "reworded"))
        assert any(event.gold) <= event.answerable
