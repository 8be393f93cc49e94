"""Answers with a model: markers, verdicts, strict mode, refusals, and every way a model fails."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from fake_llm import FakeLLM, refused_url, start_fake_llm  # noqa: F401 - a fixture
from fake_replies import (
    Reply,
    Request,
    cut,
    error_event,
    gibberish,
    hangs,
    html,
    no_choices,
    null_content,
    says,
    stalls,
    status,
)
from llm_helpers import HASTY, make_bot_with_model  # noqa: F401 - a fixture

from chatbot import Answer, Chatbot, Settings, Turn, Verdict
from chatbot.types import Restarted, TextDelta
from tests.bot.test_ask import TRUCKS, assert_exact

QUESTION = "How many vehicles did Japan send to Ukraine?"


def number_of(request: Request, sentence: str) -> int:
    """Return the number under which a sentence was offered to the model."""
    found = re.search(rf"\[(\d+)\] {re.escape(sentence)}", request.messages[-1][1])
    assert found, request.messages[-1][1]
    return int(found[1])


def citing(template: str, sentence: str = TRUCKS) -> Callable[[Request], Reply]:
    """Answer ``template`` with N in the place of the sentence's number."""
    return lambda request: says(template.replace("N", str(number_of(request, sentence))))


def test_a_claim_with_its_marker_is_supported(
    make_bot: Callable[..., Chatbot], fake_llm: FakeLLM
) -> None:
    fake_llm.queue(citing("Japan sent 101 trucks and other SDF vehicles to Ukraine [N]."))
    bot = make_bot()
    answer = bot.ask(QUESTION)
    assert [claim.verdict for claim in answer.claims] == [Verdict.SUPPORTED]
    assert [citation.text for citation in answer.citations] == [TRUCKS]
    assert answer.mode == "openai:test"
    assert answer.prompt is not None
    assert answer.prompt.startswith("answer@")
    assert (answer.usage.tokens_in, answer.usage.tokens_out) == (11, 7)
    assert answer.notice is None
    assert_exact(bot, answer)


def test_a_changed_number_is_not_supported(
    make_bot: Callable[..., Chatbot], fake_llm: FakeLLM
) -> None:
    fake_llm.queue(citing("Japan sent 209 trucks and other vehicles to Ukraine [N]."))
    [claim] = make_bot().ask(QUESTION).claims
    assert claim.verdict is Verdict.UNSUPPORTED


def test_a_claim_without_a_marker_is_attributed_beside_the_text(
    make_bot: Callable[..., Chatbot], fake_llm: FakeLLM
) -> None:
    said = (
        "Japan sent 101 trucks and other SDF vehicles to Ukraine between May 2023 and March 2024."
    )
    fake_llm.queue(says(said))
    bot = make_bot()
    answer = bot.ask(QUESTION)
    assert answer.text == said, "text that was streamed never changes"
    assert [citation.text for citation in answer.citations] == [TRUCKS]
    assert_exact(bot, answer)


def test_a_marker_that_was_never_offered_is_a_defect_of_its_claim(
    make_bot: Callable[..., Chatbot], fake_llm: FakeLLM
) -> None:
    fake_llm.queue(says("Japan sent 101 trucks to Ukraine [99]."))
    answer = make_bot().ask(QUESTION)
    [claim] = answer.claims
    assert claim.verdict is Verdict.UNSUPPORTED
    assert claim.unknown_markers == (99,)
    assert "[99]" in answer.text
    assert answer.citations == ()


def test_strict_mode_withholds_and_says_so(
    make_bot: Callable[..., Chatbot], fake_llm: FakeLLM
) -> None:
    fake_llm.queue(
        citing(
            "Japan sent 101 trucks and other SDF vehicles to Ukraine [N]. "
            "Germany delivered 3,000 helicopters to Sweden [N]."
        )
    )
    bot = make_bot(strict=True)
    *events, answer = bot.stream(QUESTION)
    assert isinstance(answer, Answer)
    assert "helicopters" not in answer.text
    assert "helicopters" not in "".join(e.text for e in events if isinstance(e, TextDelta))
    assert "101" in answer.text
    assert answer.notice is not None
    assert "1 statement was withheld" in answer.notice
    assert_exact(bot, answer)


def test_strict_mode_lets_the_source_speak_in_the_place_of_a_wrong_statement(
    make_bot: Callable[..., Chatbot], fake_llm: FakeLLM
) -> None:
    said = "Japan sent 300 trucks and other SDF vehicles to Ukraine [N]. "
    fake_llm.queue(citing(said + "It sent 400 of them [N]."))
    bot = make_bot(strict=True)
    *events, answer = bot.stream(QUESTION)
    assert isinstance(answer, Answer)
    assert answer.text == f"The source says: {TRUCKS} [{answer.citations[0].marker}]"
    streamed = "".join(e.text for e in events if isinstance(e, TextDelta))
    assert streamed == answer.text
    [claim] = answer.claims
    assert (claim.verdict, claim.text) == (Verdict.QUOTED, TRUCKS)
    assert claim.citations == (answer.citations[0].marker,)
    assert answer.notice is not None
    assert "1 statement was replaced by what the source says" in answer.notice
    assert "1 statement was withheld" in answer.notice
    assert_exact(bot, answer)


def test_a_wrong_statement_is_left_with_what_its_source_says(
    make_bot: Callable[..., Chatbot], fake_llm: FakeLLM
) -> None:
    fake_llm.queue(citing("Japan sent 300 trucks and other SDF vehicles to Ukraine [N]."))
    answer = make_bot().ask(QUESTION)
    [claim] = answer.claims
    assert claim.verdict is Verdict.UNSUPPORTED
    assert claim.source_says == answer.citations[0].marker
    assert "300" in answer.text
    assert "source_says" not in answer.to_dict()["claims"][0]


def test_strict_mode_with_nothing_left_quotes_the_documents(
    make_bot: Callable[..., Chatbot], fake_llm: FakeLLM
) -> None:
    fake_llm.queue(says("Germany delivered 3,000 helicopters to Sweden [1]."))
    answer = make_bot(strict=True).ask(QUESTION)
    assert "helicopters" not in answer.text
    assert answer.mode == "extractive"
    assert {claim.verdict for claim in answer.claims} == {Verdict.QUOTED}
    assert answer.notice is not None
    assert answer.notice.startswith("The check supports nothing of what the model wrote. So this")


def test_the_model_may_say_that_nothing_answers(
    make_bot: Callable[..., Chatbot], fake_llm: FakeLLM
) -> None:
    fake_llm.queue(says("NO_ANSWER"))
    answer = make_bot().ask(QUESTION)
    assert answer.refused
    assert answer.text.startswith("The documents do not")
    assert answer.citations == ()
    assert answer.retrieved


def test_the_model_is_asked_for_the_search_query_of_a_follow_up(
    make_bot: Callable[..., Chatbot], fake_llm: FakeLLM
) -> None:
    fake_llm.queue(
        says("When did Japan send 101 vehicles to Ukraine?"),
        citing("Between May 2023 and March 2024 [N]."),
    )
    history = [
        Turn(role="user", content=QUESTION),
        Turn(role="assistant", content=f"{TRUCKS} [1]"),
    ]
    answer = make_bot().ask("And when?", history=history)
    assert answer.search_query == "When did Japan send 101 vehicles to Ukraine?"
    assert fake_llm.calls == 2


def test_a_key_alone_sends_nothing(
    tmp_path: Path, fake_llm: FakeLLM, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-planted")
    monkeypatch.setenv("OPENAI_BASE_URL", fake_llm.base_url)
    with Chatbot.from_settings(Settings(data_dir=tmp_path / "d")) as bot:
        assert bot.ask(QUESTION).mode == "extractive"
    assert fake_llm.calls == 0


FAILURES = {
    "401": status(401),
    "429 that waits shortly, twice": status(429, retry_after=0.1),
    "429 that waits for an hour": status(429, retry_after=3600),
    "429 for quota": status(429, error="insufficient_quota"),
    "500": status(500),
    "a hang": hangs(),
    "HTML": html(),
    "no choices": no_choices(),
    "null content": null_content(),
    "a cut stream": cut(),
    "a stalled stream": stalls(),
    "an error event": error_event(),
    "no finish_reason": says("Japan sent 101 trucks [1].", finish_reason=None),
    "the length limit": says("Japan sent 101 trucks [1]", finish_reason="length"),
    "a content filter": says("Japan sent", finish_reason="content_filter"),
    "gibberish": gibberish(),
}


@pytest.mark.slow
@pytest.mark.parametrize("failure", FAILURES)
def test_a_failing_model_ends_in_a_quoted_answer_with_a_notice(
    failure: str, make_bot: Callable[..., Chatbot], fake_llm: FakeLLM
) -> None:
    fake_llm.default = FAILURES[failure]
    bot = make_bot(api_key="sk-planted-secret", **HASTY)
    start = time.monotonic()
    *events, answer = bot.stream(QUESTION)
    assert time.monotonic() - start < 30
    assert isinstance(answer, Answer)
    assert answer.text == f"{TRUCKS} [1]"
    assert answer.mode == "extractive"
    assert answer.notice is not None
    assert "quotes the documents instead" in answer.notice
    assert "sk-planted" not in str(answer.to_dict())
    spoken = [event for event in events if isinstance(event, TextDelta)]
    if "".join(event.text for event in spoken) != answer.text:
        assert any(isinstance(event, Restarted) for event in events), "the partial text is void"
    assert_exact(bot, answer)


@pytest.mark.slow
def test_a_server_that_is_not_there_ends_in_a_quoted_answer(
    make_bot: Callable[..., Chatbot],
) -> None:
    answer = make_bot(base_url=refused_url()).ask(QUESTION)
    assert answer.text == f"{TRUCKS} [1]"
    assert answer.notice
