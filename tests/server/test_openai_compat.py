"""The bot behind OpenAI's protocol, spoken to by the real client."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest
from api_server import QUESTION, TRUCKS, api, bearer
from fake_llm import FakeLLM
from fake_replies import cut, says

from chatbot import Answer, Chatbot
from chatbot.server.openai_compat import footnotes, without_footnotes

FERRY = "When does the ferry to Bodø leave?"


@pytest.fixture(scope="module")
def served_bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Chatbot, str]]:
    with api(tmp_path_factory.mktemp("openai") / "data") as found:
        yield found


@pytest.fixture(scope="module")
def client(served_bot: tuple[Chatbot, str]) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{served_bot[1]}/v1", api_key="anything", max_retries=0) as made:
        yield made


def complete(client: openai.OpenAI, content: str = QUESTION, **more: object) -> Any:  # noqa: ANN401
    return client.chat.completions.create(
        model="gpt-whatever",
        messages=[{"role": "user", "content": content}],
        **more,  # type: ignore[call-overload]
    )


def test_an_answer_has_footnotes_citations_and_the_whole_answer(client: openai.OpenAI) -> None:
    completion = complete(client)
    choice = completion.choices[0]
    assert choice.finish_reason == "stop"
    assert choice.message.content.startswith(f"{TRUCKS} [1]\n\n---\n[1] “{TRUCKS}” (Japan and")
    assert completion.citations[0]["text"] == TRUCKS
    assert choice.message.citations == completion.citations
    assert Answer.from_dict(completion.chatbot).claims[0].verdict == "quoted"
    assert completion.usage.total_tokens == 0
    assert completion.object == "chat.completion"


def test_a_stream_says_the_same_in_pieces(client: openai.OpenAI) -> None:
    whole = complete(client).choices[0].message.content
    chunks = list(complete(client, stream=True, stream_options={"include_usage": True}))
    assert chunks[0].choices[0].delta.role == "assistant"
    text = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
    assert text == whole
    assert chunks[-1].usage.total_tokens == 0
    assert chunks[-2].choices[0].finish_reason == "stop"
    assert chunks[-2].citations[0]["text"] == TRUCKS
    assert len({chunk.id for chunk in chunks}) == 1


def test_earlier_messages_are_the_history_and_their_footnotes_are_left_out(
    client: openai.OpenAI,
) -> None:
    first = complete(client).choices[0].message.content
    completion = client.chat.completions.create(
        model="chatbot",
        temperature=0.3,
        max_tokens=10,
        messages=[
            {"role": "system", "content": "You are a pirate."},
            {"role": "user", "content": QUESTION},
            {"role": "assistant", "content": first},
            {"role": "user", "content": [{"type": "text", "text": "When did it send them?"}]},
        ],
    )
    query = completion.chatbot["search_query"]  # type: ignore[attr-defined]
    assert "Japan" in query
    assert "sentence 7" not in query


def test_a_refusal_has_no_footnotes(client: openai.OpenAI) -> None:
    completion = complete(client, "Who is the king of Tonga?")
    assert "---" not in completion.choices[0].message.content
    assert completion.chatbot["refused"]


def test_documents_can_be_chosen(client: openai.OpenAI, served_bot: tuple[Chatbot, str]) -> None:
    added = served_bot[0].add_text("The ferry to Bodø leaves at 9:40.", title="Ferry").added[0]
    assert complete(client, QUESTION, extra_body={"documents": [added.id]}).chatbot["refused"]
    assert "9:40" in complete(client, FERRY).choices[0].message.content


def test_models_are_listed(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["chatbot"]
    assert client.models.retrieve("anything").object == "model"


@pytest.mark.parametrize(
    "messages",
    [
        [],
        [{"role": "assistant", "content": "Hello."}],
        [{"role": "nobody", "content": "Hello."}],
        [{"role": "user", "content": "x" * 60_000}],
        [
            {
                "role": "user",
                "content": [{"type": "image_url", "image_url": {"url": "http://evil.test/x"}}],
            }
        ],
    ],
)
def test_errors_are_those_that_the_client_knows(
    client: openai.OpenAI, messages: list[dict[str, object]]
) -> None:
    with pytest.raises(openai.UnprocessableEntityError) as raised:
        client.chat.completions.create(model="chatbot", messages=messages)  # type: ignore[arg-type]
    assert raised.value.type == "invalid_request_error"
    assert raised.value.code


def test_a_stream_fails_before_it_begins_where_it_can(client: openai.OpenAI) -> None:
    with pytest.raises(openai.UnprocessableEntityError):
        complete(client, "x" * 3000, stream=True)


def test_an_unknown_address_is_an_error_of_theirs(served_bot: tuple[Chatbot, str]) -> None:
    response = httpx.get(f"{served_bot[1]}/v1/nowhere")
    assert response.status_code == 404
    assert response.json()["error"]["type"] == "invalid_request_error"


def test_a_token_that_is_none_of_ours_is_refused_with_their_error(
    served_bot: tuple[Chatbot, str],
) -> None:
    with openai.OpenAI(base_url=f"{served_bot[1]}/v1", api_key="cb_made-up") as client:
        with pytest.raises(openai.AuthenticationError):
            complete(client)


def test_a_limit_that_is_reached_is_their_rate_limit(tmp_path: Path) -> None:
    with api(tmp_path / "data", requests_per_minute=1) as (bot, url):
        token = bot.tokens.create("anna")
        with openai.OpenAI(base_url=f"{url}/v1", api_key=token, max_retries=0) as client:
            with pytest.raises(openai.RateLimitError) as raised:
                _ask_thrice(client)
        assert 0 < int(raised.value.response.headers["retry-after"]) <= 60
        assert httpx.get(f"{url}/v1/models", headers=bearer("no-token-of-ours")).is_success


def _ask_thrice(client: openai.OpenAI) -> None:
    # The second may fall into the next minute; the third cannot be the first of one.
    for _ in range(3):
        complete(client)


@pytest.mark.slow
def test_a_model_that_breaks_off_is_told_in_the_stream(tmp_path: Path, fake_llm: FakeLLM) -> None:
    fake_llm.default = cut()
    settings = {"model": "openai:m", "base_url": fake_llm.base_url, "api_key": "sk-test-1234567890"}
    with api(tmp_path / "data", **settings) as (_, url):
        with openai.OpenAI(base_url=f"{url}/v1", api_key="x", max_retries=0) as client:
            chunks = list(complete(client, stream=True))
            text = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
            assert "What stands above is void.]\n\n" + TRUCKS in text
            assert "\nNote: " in text
            fake_llm.default = says("Japan sent 101 trucks and other SDF vehicles [1].")
            completion = complete(client)
    assert completion.usage.prompt_tokens == 11
    assert completion.usage.completion_tokens == 7


def test_footnotes_are_taken_off_only_where_they_are_ours(article_bot: Chatbot) -> None:
    answer = article_bot.ask(QUESTION)
    assert without_footnotes(answer.text + footnotes(answer)) == answer.text
    for text in ("", "A text.", "A text.\n\n---\nAnd more.", "---\n[1] x"):
        assert without_footnotes(text) == text
