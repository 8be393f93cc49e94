"""The bot as MCP tools, spoken to by the real client over standard input and over HTTP."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from api_server import QUESTION, TRUCKS, api, bearer
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp_types import CallToolResult

from chatbot import Chatbot

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def served_bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Chatbot, str]]:
    with api(tmp_path_factory.mktemp("mcp") / "data", mcp=True) as found:
        yield found


def text_of(result: CallToolResult) -> str:
    return "".join(part.text for part in result.content if part.type == "text")


async def exercise(client: Client, *, title: str) -> None:
    """Use each tool once."""
    assert [tool.name for tool in (await client.list_tools()).tools] == [
        "ask",
        "search",
        "check",
        "add",
    ]
    asked = await client.call_tool("ask", {"question": QUESTION})
    assert text_of(asked).startswith(f"{TRUCKS} [1]")
    assert asked.structured_content["citations"][0]["text"] == TRUCKS
    text = f"The {title} to Bodø leaves at 9:40."
    added = await client.call_tool("add", {"title": title, "text": text})
    assert added.structured_content["added"][0]["title"] == title
    found = await client.call_tool("search", {"query": f"{title} to Bodø", "limit": 3})
    assert text in [one["text"] for one in found.structured_content["sentences"]]
    checked = await client.call_tool(
        "check", {"text": "It leaves at 8:15.", "sources": ["The ferry leaves at 9:40."]}
    )
    assert text_of(checked).endswith("not grounded")
    for wrong in ({"question": ""}, {"question": "x", "documents": ["0" * 64]}, {}):
        assert (await client.call_tool("ask", wrong)).is_error
    refused = await client.call_tool("search", {"query": "ferry", "limit": -5})
    assert refused.is_error
    assert text_of(refused).startswith("search cannot use its argument limit: ")
    assert "pydantic" not in text_of(refused)


async def test_all_tools_work_over_http(served_bot: tuple[Chatbot, str]) -> None:
    async with Client(f"{served_bot[1]}/mcp") as client:
        await exercise(client, title="ferry")


async def test_over_http_a_token_has_its_own_documents(served_bot: tuple[Chatbot, str]) -> None:
    bot, url = served_bot
    token = bot.tokens.create("anna")
    async with httpx.AsyncClient(headers=bearer(token)) as http:
        async with Client(streamable_http_client(f"{url}/mcp", http_client=http)) as client:
            await client.call_tool("add", {"title": "Diary", "text": "Anna keeps bees in Voss."})
            answer = await client.call_tool("ask", {"question": "Where does Anna keep bees?"})
            assert "Voss" in text_of(answer)
    async with Client(f"{url}/mcp") as client:
        answer = await client.call_tool("ask", {"question": "Where does Anna keep bees?"})
        assert "Voss" not in text_of(answer)


@pytest.mark.parametrize(
    "headers", [{"host": "evil.test"}, {"origin": "https://evil.test"}, bearer("cb_made-up")]
)
def test_over_http_the_guards_stand(
    served_bot: tuple[Chatbot, str], headers: dict[str, str]
) -> None:
    response = httpx.post(f"{served_bot[1]}/mcp", json={}, headers=headers)
    assert response.status_code in (401, 403)


def parameters(data_dir: Path) -> StdioServerParameters:
    env = os.environ | {"CHATBOT_DATA_DIR": str(data_dir)}
    return StdioServerParameters(command=sys.executable, args=["-m", "chatbot", "mcp"], env=env)


async def test_all_tools_work_over_standard_input(tmp_path: Path) -> None:
    async with Client(stdio_client(parameters(tmp_path / "data"))) as client:
        await exercise(client, title="boat")


async def test_beside_a_running_server_what_is_added_goes_through_it(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    with api(data_dir) as (bot, _):
        async with Client(stdio_client(parameters(data_dir))) as client:
            await client.call_tool("add", {"title": "raft", "text": "The raft to Bodø leaves."})
            found = await client.call_tool("search", {"query": "raft to Bodø"})
            assert "The raft to Bodø leaves." in text_of(found)
        assert "raft" in [document.title for document in bot.documents()]
