from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import Any

import pytest
from fake_llm import FakeLLM, start_fake_llm  # noqa: F401 - a fixture
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.messages import AIMessageChunk

from chatbot.errors import (
    LLMAuthError,
    LLMBadResponse,
    LLMError,
    LLMIncomplete,
    LLMQuotaError,
    LLMRateLimited,
    LLMTimeout,
    LLMUnavailable,
)
from chatbot.models.cancel import Cancel, Deadline
from chatbot.models.llm.chunks import Outcome, TokenUsage
from chatbot.models.llm.errors import describe
from chatbot.models.llm.policy import Breaker, Failure, pause_before_retry
from chatbot.models.llm.text import ThoughtFilter, is_gibberish


def test_a_cancel_is_seen_by_every_thread_and_told_once() -> None:
    cancel, told = Cancel(), []
    cancel.call_on_set(lambda: told.append("kept"))
    cancel.call_on_set(lambda: told.append("taken back"))()
    waiting = threading.Thread(target=cancel.wait)
    waiting.start()
    cancel.set()
    cancel.set()
    waiting.join(30)
    assert not waiting.is_alive()
    assert cancel.is_set()
    assert told == ["kept"]
    cancel.call_on_set(lambda: told.append("late"))
    assert told == ["kept", "late"]


def test_a_deadline_never_goes_below_zero() -> None:
    assert 0.5 < Deadline(1).remaining() <= 1
    assert Deadline(-1).remaining() == 0


class APITimeoutError(Exception):
    """Named as the openai library names it: the translator goes by names."""


class RequestError(Exception):
    pass


class APIError(Exception):
    pass


class StatusError(Exception):
    def __init__(self, status_code: int, *, code: str | None = None, **headers: str) -> None:
        super().__init__("failed")
        self.status_code = status_code
        self.code = code
        self.response = SimpleNamespace(headers=headers, status_code=status_code)
        self.body = {"message": "bad sk-abcdefgh12345678 token"}


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (StatusError(401), LLMAuthError),
        (StatusError(403), LLMAuthError),
        (StatusError(429), LLMRateLimited),
        (StatusError(429, code="insufficient_quota"), LLMQuotaError),
        (StatusError(400, code="content_filter"), LLMIncomplete),
        (StatusError(400, code="context_length_exceeded"), LLMError),
        (StatusError(408), LLMUnavailable),
        (StatusError(529), LLMUnavailable),
        (APITimeoutError(), LLMTimeout),
        (TimeoutError(), LLMTimeout),
        (RequestError("refused"), LLMUnavailable),
        (ConnectionResetError("reset"), LLMUnavailable),
        (APIError("in the stream"), LLMUnavailable),
        (IndexError("list index out of range"), LLMBadResponse),
        (ValueError("Unexpected response type"), LLMBadResponse),
        (LLMQuotaError("Ours."), LLMQuotaError),
        (ZeroDivisionError(), LLMError),
    ],
)
def test_foreign_errors_become_ours(error: Exception, kind: type[LLMError]) -> None:
    ours = describe(error).error
    assert type(ours) is kind
    assert str(ours).endswith(".")
    assert "sk-abc" not in str(ours)


def test_a_broken_connection_after_the_first_text_means_an_incomplete_answer() -> None:
    assert type(describe(RequestError("reset"), started=True).error) is LLMIncomplete


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "2.5"}, 2.5),
        ({"retry-after-ms": "300", "retry-after": "1"}, 0.3),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0.0),
        ({"retry-after": "soon"}, None),
        ({}, None),
    ],
)
def test_the_wait_that_a_server_asks_for_is_read(
    headers: dict[str, str], seconds: float | None
) -> None:
    assert describe(StatusError(429, **headers)).retry_after == seconds


def test_waits_are_short_and_fit_the_deadline() -> None:
    error = LLMRateLimited("Slow down.")
    asked = Failure(error=error, retryable=True, retry_after=2.0)
    pause = pause_before_retry(asked, took=1, remaining=50)
    assert pause is not None
    assert 2.0 <= pause <= 2.1
    silent = Failure(error=error, retryable=True)
    assert (pause_before_retry(silent, took=1, remaining=50) or 9) < 1
    for failure, took, remaining in (
        (asked, 1.0, 1.0),
        (asked, 11.0, 50.0),
        (Failure(error=error, retryable=True, retry_after=10.5), 1.0, 50.0),
        (Failure(error=error), 1.0, 50.0),
    ):
        pause = pause_before_retry(failure, took=took, remaining=remaining)
        assert pause is None


def test_the_breaker_opens_after_many_failures_in_a_short_time_and_closes_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: clock[0])
    breaker = Breaker()

    def fail_at(*seconds: float) -> None:
        for second in seconds:
            clock[0] = second
            breaker.check()
            breaker.failed()

    fail_at(0, 0, 0, 0)
    breaker.succeeded()
    fail_at(0, 1, 20, 40, 55, 56, 57, 58)
    with pytest.raises(LLMUnavailable, match="5 times"):
        breaker.check()
    clock[0] = 80
    breaker.failed()  # a call that was under way does not keep it open for longer
    clock[0] = 89
    breaker.check()
    fail_at(89)
    breaker.check()


@pytest.mark.parametrize(
    ("told", "known"),
    [
        ({}, TokenUsage()),
        ({"input_tokens": None, "output_tokens": 3}, TokenUsage(tokens_out=3)),
        (
            {"input_tokens": 9, "output_tokens": 1, "input_token_details": {"cache_read": 4}},
            TokenUsage(tokens_in=9, tokens_out=1, cached=4),
        ),
    ],
)
def test_what_a_model_tells_of_its_tokens_may_be_nothing_or_a_part(
    told: dict[str, Any], known: TokenUsage
) -> None:
    outcome = Outcome()
    outcome.note(AIMessageChunk(content="A word."))
    chunk = AIMessageChunk(content="")
    chunk.usage_metadata = told  # type: ignore[assignment]
    outcome.note(chunk)
    assert outcome.usage == known


@pytest.mark.parametrize(
    "text",
    [
        "101 [1].",
        "Yes.",
        "42",
        "Japan sent 101 vehicles [1].",
        "日本は101台の車両を送った。",
        "Правительство отправило 101 машину.",
        "أرسلت اليابان",
        "Strč prst skrz krk, zvlhl čtvrtek.",
        "NATO, SWIFT, HTML and PDFs from the BBC and the NYSE.",
        "| a | b |\n|" + "-" * 100 + "|\n" + "| | " * 40,
        "Angstschweiß und Rechtsschutzversicherung, Herbststurm, Borschtsch, Impfstoff, Strumpf.",
        "x = array[10]",
    ],
)
def test_real_answers_are_not_taken_for_gibberish(text: str) -> None:
    assert not is_gibberish(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?!? ...",
        "\ufffd\ufffd\ufffd ok \ufffd\ufffd",
        "\x00\x01\x02a",
        "the " * 30,
        "a" * 100,
        "xkqzv wrtplk bnmxz qwrtpk vbnzx kljhg pqwrt zxcvb",
    ],
)
def test_noise_is_gibberish(text: str) -> None:
    assert is_gibberish(text)


THOUGHTS = st.sampled_from(["<think>", "</think>", "<", "thi", "nk>", " ", "\n", "a", "</", "b."])


@given(st.lists(THOUGHTS, max_size=10))
def test_thoughts_are_dropped_however_the_stream_is_cut(pieces: list[str]) -> None:
    def run(deltas: list[str]) -> str:
        thoughts = ThoughtFilter()
        return "".join([*map(thoughts.feed, deltas), thoughts.finish()])

    text = "".join(pieces)
    assert run(pieces).lstrip() == run([text]).lstrip() == run(list(text)).lstrip()
    assert run(["<think>", text.replace("<", ""), "</think> Fine."]) == "Fine."
