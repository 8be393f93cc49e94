"""Second opinions: of which claims one is asked, what it costs, and what stands without."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from fake_llm import FakeLLM, start_fake_llm  # noqa: F401 - a fixture
from fake_replies import Reply, Request, says, status
from llm_helpers import make_bot_with_model  # noqa: F401 - a fixture

from chatbot import Answer, Chatbot, Settings, Verdict
from chatbot.errors import SettingsError

TEXT = "The mill at Osten grinds rye. Its wheel was replaced in 1988 by the smith Jan Tiel."
QUESTION = "Who replaced the wheel of the mill?"
SURE = "The wheel was replaced in 1988 by the smith Jan Tiel [2]."
UNSURE = "A craftsman named Tiel gave the building a new wheel at the end of the eighties [2]."

MakeBot = Callable[..., Chatbot]


def is_judging(request: Request) -> bool:
    return request.messages[0][1].startswith("You judge whether")


def judged(bot: Chatbot, fake_llm: FakeLLM, said: str, opinion: Reply) -> tuple[Answer, int]:
    """Return the answer, and how often the judge was asked for it."""
    fake_llm.default = lambda request: opinion if is_judging(request) else says(said)
    answer = bot.ask(QUESTION)
    return answer, sum(is_judging(request) for request in fake_llm.requests)


@pytest.fixture(name="mill_bot")
def make_mill_bot(make_bot: MakeBot) -> MakeBot:
    def make(**changes: object) -> Chatbot:
        bot = make_bot(corpus_dir=None, **changes)
        bot.add_text(TEXT, title="Mill")
        return bot

    return make


def test_a_model_alone_judges_every_claim_and_signs_it(
    mill_bot: MakeBot, fake_llm: FakeLLM
) -> None:
    bot = mill_bot(verifier="openai:judge")
    answer, asked = judged(bot, fake_llm, UNSURE, says("unsupported: it is about a roof"))
    assert [(claim.verdict, claim.by) for claim in answer.claims] == [
        (Verdict.UNSUPPORTED, "openai:judge")
    ]
    assert asked == 1
    assert answer.usage.tokens_in == 22, "the answer's and the opinion's"
    [request] = [one for one in fake_llm.requests if is_judging(one)]
    assert request.body["model"] == "judge"
    assert QUESTION in request.messages[1][1]


def test_a_model_says_that_the_source_says_otherwise(mill_bot: MakeBot, fake_llm: FakeLLM) -> None:
    said = "The wheel was replaced in 1989 by the smith Jan Tiel [2]."
    bot = mill_bot(verifier="openai:judge")
    answer, _ = judged(bot, fake_llm, said, says("contradicted: it was in 1988"))
    [claim] = answer.claims
    assert claim.verdict is Verdict.CONTRADICTED
    assert claim.nearest == TEXT.partition(". ")[2]
    assert claim.source_says == 2


def test_what_a_model_supports_has_no_doubted_words(mill_bot: MakeBot, fake_llm: FakeLLM) -> None:
    said = "The wheel was replaced in 1989 by the smith Jan Tiel [2]."
    bot = mill_bot(verifier="openai:judge")
    [claim] = judged(bot, fake_llm, said, says("supported: nearly"))[0].claims
    assert (claim.verdict, claim.doubted, claim.nearest) == (Verdict.SUPPORTED, (), None)
    wrong, _ = judged(bot, fake_llm, said.replace("Tiel", "Till"), says("unsupported: no"))
    assert wrong.claims[0].doubted


def test_a_model_judges_what_the_network_does_not_read(
    mill_bot: MakeBot, fake_llm: FakeLLM
) -> None:
    said = "Der Schmied Jan Tiel hat das alte Rad der Mühle ersetzt [2]."
    bot = mill_bot(verifier="both")
    answer, asked = judged(bot, fake_llm, said, says("supported: it says so"))
    assert [(claim.verdict, claim.by) for claim in answer.claims] == [
        (Verdict.SUPPORTED, "openai:test")
    ]
    assert asked == 1
    answer, _ = judged(bot, fake_llm, said.replace("alte", "große"), status(500))
    assert [claim.verdict for claim in answer.claims] == [Verdict.UNCHECKED]


def test_the_same_claim_is_asked_of_once(mill_bot: MakeBot, fake_llm: FakeLLM) -> None:
    bot = mill_bot(verifier="openai:judge")
    judged(bot, fake_llm, UNSURE, says("supported: it says so"))
    answer, asked = judged(bot, fake_llm, UNSURE, says("unsupported: no"))
    assert asked == 1
    assert [claim.verdict for claim in answer.claims] == [Verdict.SUPPORTED]


def test_what_is_quoted_needs_no_opinion(mill_bot: MakeBot, fake_llm: FakeLLM) -> None:
    said = "Its wheel was replaced in 1988 by the smith Jan Tiel [2]."
    _, asked = judged(mill_bot(verifier="openai:judge"), fake_llm, said, says("unsupported"))
    assert asked == 0


@pytest.mark.parametrize("opinion", [status(401), says("I cannot tell.")])
def test_without_an_opinion_the_network_stands(
    opinion: Reply, mill_bot: MakeBot, fake_llm: FakeLLM, tmp_path: Path
) -> None:
    plain, _ = judged(mill_bot(), fake_llm, UNSURE, opinion)
    other = mill_bot(verifier="openai:judge", data_dir=tmp_path / "other")
    answer, _ = judged(other, fake_llm, UNSURE, opinion)
    assert answer.claims == plain.claims


@pytest.mark.parametrize("said", [SURE, UNSURE])
def test_both_asks_the_answering_model_only_where_the_network_is_unsure(
    said: str, mill_bot: MakeBot, fake_llm: FakeLLM, tmp_path: Path
) -> None:
    plain, _ = judged(mill_bot(), fake_llm, said, says("partly: not when"))
    score = plain.claims[0].score
    unsure = score is not None and 0.15 < score < 0.85
    bot = mill_bot(verifier="both", data_dir=tmp_path / "other")
    answer, asked = judged(bot, fake_llm, said, says("partly: not when"))
    assert asked == unsure
    assert [claim.by for claim in answer.claims] == ["openai:test" if unsure else None]


def test_both_without_a_model_is_told(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, corpus_dir=None, verifier="both")
    with Chatbot.from_settings(settings) as bot:
        with pytest.raises(SettingsError, match="CHATBOT_MODEL"):
            bot.check("The mill grinds rye.", [TEXT])
