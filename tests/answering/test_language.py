from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.answering import language
from chatbot.answering.language import detect_language
from chatbot.answering.phrases import phrase


@pytest.mark.parametrize(
    ("code", "question"),
    [
        ("de", "Wie viele Schiffe liegen heute im Hafen von Lunden?"),
        ("fr", "Quand est-ce que la boulangerie de la rue a ouvert ses portes ?"),
        ("es", "¿Cuántos barcos hay en el puerto de la ciudad?"),
        ("ja", "港はいつ開かれましたか。"),
        ("zh", "这个港口是什么时候开放的？"),
        ("ru", "Когда была открыта эта гавань?"),
        ("ar", "متى افتتح هذا الميناء؟"),
    ],
)
def test_a_question_in_another_language_is_recognised(code: str, question: str) -> None:
    assert detect_language(question) == code


@pytest.mark.parametrize(
    "question",
    [
        "Who wrote «La casa de los espíritus»?",
        "What is the capital of São Tomé and Príncipe?",
        "When was the Académie française founded?",
        "harbour opening hours",
        "rye bread price Monday",
        "???",
        "",
    ],
)
def test_an_english_question_stays_english_whatever_names_are_in_it(question: str) -> None:
    assert detect_language(question) == "en"


def test_a_plain_english_question_never_loads_the_statistical_model(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(language, "_identifier", lambda: pytest.fail("it was loaded"))
    assert detect_language("When was the harbour of Lunden opened?") == "en"


def test_the_notice_is_in_the_language_of_the_question_or_in_english() -> None:
    assert phrase("unread", "ja") == "内蔵モデルは英語しか読めません。英語で質問してください。"
    assert phrase("unread", "xx") == phrase("unread")


@given(st.text(max_size=300))
def test_any_text_has_a_language(text: str) -> None:
    assert detect_language(text)
