"""How much anybody may ask: requests a minute and tokens a day, each and all together."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from api_server import QUESTION, api, ask, bearer
from fake_llm import FakeLLM
from fake_replies import says

from chatbot import Chatbot, Settings
from chatbot.errors import OverLimit
from chatbot.server.access.limits import Limits
from chatbot.server.watching import Metrics


class Clock:
    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def day_at(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d")


def limits(bot: Chatbot, clock: Clock, **settings: int) -> Limits:
    return Limits(bot.usage, Settings(**settings), metrics=Metrics(), clock=clock)


def test_each_token_has_so_many_requests_a_minute(article_bot: Chatbot, clock: Clock) -> None:
    found = limits(article_bot, clock, requests_per_minute=2)
    for _ in range(2):
        found.count_request("token:anna")
    with pytest.raises(OverLimit, match="2 requests a minute for each token") as raised:
        found.count_request("token:anna")
    assert 0 < raised.value.retry_after <= 60
    found.count_request("token:ben")
    found.count_request("")  # no token, no limit of a token
    found.count_request(None)
    clock.now += raised.value.retry_after
    found.count_request("token:anna")


def test_all_together_have_so_many_requests_a_minute(article_bot: Chatbot, clock: Clock) -> None:
    found = limits(article_bot, clock, requests_per_minute_all=2)
    found.count_request("token:anna")
    found.count_request("somebody")
    with pytest.raises(OverLimit, match="for all together"):
        found.count_request("token:ben")


def test_the_tokens_of_a_day_come_to_an_end(article_bot: Chatbot, clock: Clock) -> None:
    found = limits(article_bot, clock, tokens_per_day=100, tokens_per_day_all=150)
    found.admit("token:anna")
    found.spend("token:anna", 100)
    with pytest.raises(OverLimit, match="100 tokens of the model a day for each token") as raised:
        found.admit("token:anna")
    found.admit("token:ben")
    found.spend("token:ben", 60)
    with pytest.raises(OverLimit, match="for all together"):
        found.admit("somebody")
    clock.now += raised.value.retry_after
    found.admit("token:anna")


def test_a_restart_forgets_nothing(article_bot: Chatbot, clock: Clock) -> None:
    clock.now += 86_400
    found = limits(article_bot, clock, requests_per_minute=1, tokens_per_day=10)
    found.count_request("token:anna")
    found.spend("token:anna", 10)
    found.flush()
    again = limits(article_bot, clock, requests_per_minute=1, tokens_per_day=10)
    with pytest.raises(OverLimit):
        again.count_request("token:anna")
    with pytest.raises(OverLimit):
        again.admit("token:anna")
    [row] = article_bot.usage.of_day(day_at(clock.now))
    assert (row.owner, row.requests, row.tokens) == ("token:anna", 1, 10)


@pytest.mark.slow
def test_a_model_costs_what_it_says_and_a_stopped_one_an_estimate(
    tmp_path: Path, fake_llm: FakeLLM
) -> None:
    fake_llm.default = says("Japan sent 101 trucks and other SDF vehicles [1].")
    settings = {"model": "openai:m", "base_url": fake_llm.base_url, "api_key": "sk-test-1234567890"}
    with api(tmp_path / "data", tokens_per_day=30, **settings) as (bot, url):
        anna = bearer(bot.tokens.create("anna"))
        assert ask(url, headers=anna).json()["usage"]["tokens_in"] == 11  # and 7 out
        assert ask(url, headers=anna).status_code == 200  # 36 of 30 then
        refused = ask(url, headers=anna)
        assert refused.status_code == 429
        assert "30 tokens of the model a day" in refused.json()["detail"]
        assert int(refused.headers["retry-after"]) > 0
        view = bot.for_owner("token:ben")
        stream = view.stream(QUESTION)
        next(stream)
        stream.close()  # type: ignore[attr-defined]
        assert ask(url, headers=bearer(bot.tokens.create("ben"))).status_code == 429
    with Chatbot.from_settings(Settings(data_dir=tmp_path / "data")) as bot:
        rows = bot.usage.of_day(day_at(time.time()))
        assert {row.owner: row.tokens for row in rows}["token:anna"] == 36
