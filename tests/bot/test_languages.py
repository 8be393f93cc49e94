"""Questions and documents in other languages than English, with a model."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from fake_llm import FakeLLM, start_fake_llm  # noqa: F401 - a fixture
from fake_replies import says
from llm_helpers import make_bot_with_model  # noqa: F401 - a fixture

from chatbot import Chatbot, Turn, Verdict

MakeBot = Callable[..., Chatbot]
TEXTS = {
    "es": (
        "El molino de Osten se construyó en 1911. Su rueda fue cambiada por el herrero Juan Tiel. "
        "El molino abre los domingos y la entrada cuesta cuatro euros.",
        "¿Quién cambió la rueda del molino?",
        "El herrero Juan Tiel cambió la rueda [N].",
    ),
    "de": (
        "Die Mühle von Osten wurde 1911 gebaut. Ihr Rad hat der Schmied Jan Tiel ersetzt. "
        "Die Mühle ist sonntags geöffnet und der Eintritt kostet vier Euro.",
        "Wer hat das Rad der Mühle ersetzt?",
        "Der Schmied Jan Tiel hat das Rad ersetzt [N].",
    ),
    "zh": (
        "奥斯滕的磨坊建于1911年。磨坊的水轮由铁匠蒂尔更换。磨坊每逢星期日开放，门票为四欧元。",
        "谁更换了磨坊的水轮？",
        "铁匠蒂尔更换了水轮[N]。",
    ),
    "ja": (
        "オステンの水車は1911年に建てられた。水車の輪は鍛冶屋のティールが交換した。"
        "水車は日曜日に開き、入場料は四ユーロである。",
        "水車の輪を交換したのは誰ですか？",
        "鍛冶屋のティールが輪を交換しました[N]。",
    ),
    "ar": (
        "بنيت طاحونة أوستن عام 1911. وقد استبدل الحداد تيل عجلة الطاحونة. "
        "تفتح الطاحونة أبوابها يوم الأحد ويبلغ سعر الدخول أربعة يورو.",
        "من استبدل عجلة الطاحونة؟",
        "استبدل الحداد تيل العجلة [N].",
    ),
}


def offered(prompt: str, word: str) -> int:
    """Return the number of the offered sentence that has a word."""
    [line] = [one for one in prompt.splitlines() if one.startswith("[") and word in one]
    return int(line[1 : line.index("]")])


@pytest.mark.parametrize("language", TEXTS)
def test_the_model_answers_in_any_language_and_what_nobody_reads_is_unchecked(
    make_bot: MakeBot, fake_llm: FakeLLM, language: str
) -> None:
    text, question, said = TEXTS[language]
    bot = make_bot(corpus_dir=None)
    [document] = bot.add_text(text, title="1").added
    second = bot.sentences(document.id)[1].text
    assert document.sentence_count == 3
    fake_llm.default = lambda request: says(
        said.replace("N", str(offered(request.messages[-1][1], second)))
    )
    answer = bot.ask(question)
    assert answer.mode == "openai:test"
    assert answer.notice is None, "the built-in models answer nothing here"
    assert [claim.verdict for claim in answer.claims] == [Verdict.UNCHECKED]
    assert [citation.text for citation in answer.citations] == [second]


def test_in_strict_mode_nothing_unchecked_is_said(make_bot: MakeBot, fake_llm: FakeLLM) -> None:
    text, question, said = TEXTS["de"]
    bot = make_bot(corpus_dir=None, strict=True)
    bot.add_text(text, title="1")
    fake_llm.default = says(said.replace("N", "1"))
    answer = bot.ask(question)
    assert said.partition(" [")[0] not in answer.text


def test_the_model_refuses_and_makes_follow_ups_stand_alone_in_any_language(
    make_bot: MakeBot, fake_llm: FakeLLM
) -> None:
    text, question, _ = TEXTS["es"]
    bot = make_bot(corpus_dir=None)
    bot.add_text(text, title="1")
    history: Sequence[Turn] = (
        Turn(role="user", content=question),
        Turn(role="assistant", content="El herrero Juan Tiel."),
    )
    fake_llm.queue(says("¿Cuándo cambió el herrero la rueda del molino?"), says("NO_ANSWER"))
    answer = bot.ask("¿Y cuándo lo hizo?", history=history)
    assert answer.search_query == "¿Cuándo cambió el herrero la rueda del molino?"
    assert answer.refused
    assert answer.citations == ()


def test_a_quoted_answer_says_that_the_built_in_models_read_english_only(
    make_bot: MakeBot, fake_llm: FakeLLM
) -> None:
    text, question, _ = TEXTS["de"]
    bot = make_bot(corpus_dir=None, model=None)
    bot.add_text(text, title="1")
    assert "read English only" in (bot.ask(question).notice or "")
