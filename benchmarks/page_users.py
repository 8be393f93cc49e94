"""People at the page, simulated: each opens it, gets a cookie of their own, and asks.

Speaks what the page's own script speaks to the server; knows no browser.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question: seconds from sending it to the first words of the answer, and to its end."""

    first: float
    last: float
    state: str
    """How the turn ended: ``done`` if all went well."""


async def users(
    url: str, questions: Sequence[str], *, count: int, each: int, pause: float
) -> list[Asked]:
    """Let ``count`` people ask ``each`` questions, with about ``pause`` seconds between two."""
    people = (_user(url, questions, number, each, pause) for number in range(count))
    found = await asyncio.gather(*people)
    return [asked for one in found for asked in one]


async def _user(
    url: str, questions: Sequence[str], number: int, each: int, pause: float
) -> list[Asked]:
    chance = random.Random(number)
    limits = httpx.Limits(max_connections=4)
    async with httpx.AsyncClient(base_url=url, timeout=120, limits=limits) as client:
        page = await client.get("/", headers={"accept": "text/html"})
        page.raise_for_status()
        function = _ask_function((await client.get("/config")).json())
        found = []
        for turn in range(each):
            await asyncio.sleep(chance.uniform(0, 2 * pause))
            question = questions[(number + turn * 7) % len(questions)]
            found.append(await ask(client, function, question))
        return found


def _ask_function(config: dict[str, Any]) -> int:
    for one in config["dependencies"]:
        if any(event == "ask" for _, event in one["targets"]):
            return int(one["id"])
    raise LookupError("the page has no event to ask with")


async def ask(client: httpx.AsyncClient, function: int, question: str) -> Asked:
    """Ask as the page does, and read the answer as it comes."""
    session = uuid4().hex[:11]
    began = time.perf_counter()
    body = {
        "data": [None],
        "event_data": {"question": question},
        "fn_index": function,
        "session_hash": session,
    }
    (await client.post("/gradio_api/queue/join", json=body)).raise_for_status()
    first = None
    state = "lost"
    async for turn in _turns(client, session):
        if first is None and turn.get("blocks"):
            first = time.perf_counter() - began
        state = turn.get("state", state)
    last = time.perf_counter() - began
    return Asked(first=last if first is None else first, last=last, state=state)


async def _turns(client: httpx.AsyncClient, session: str) -> AsyncIterator[dict[str, Any]]:
    """Yield the turn each time that it has changed; the server sends what is new in it."""
    value: Any = None
    events = client.stream("GET", "/gradio_api/queue/data", params={"session_hash": session})
    async with events as response:
        async for line in response.aiter_lines():
            if not line.startswith("data:"):
                continue
            message = json.loads(line[5:])
            if message["msg"] == "process_generating":
                value = _patched(value, message["output"]["data"][0])
                yield json.loads(value["json"])["turn"]
            elif message["msg"] == "process_completed" and not message["success"]:
                raise RuntimeError("the server answered with an error")
            elif message["msg"] == "close_stream":
                return


def _patched(value: Any, sent: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return the value after what was sent: all of it, or a list of changes to it."""
    if not isinstance(sent, list):
        return sent
    for action, path, new in sent:
        value = _changed(value, action, path, new)
    return value


def _changed(value: Any, action: str, path: list[Any], new: Any) -> Any:  # noqa: ANN401
    if not path:
        return value + new if action == "append" else new
    step, rest = path[0], path[1:]
    if rest or action in ("append", "replace"):
        value[step] = _changed(value[step], action, rest, new)
    elif action == "delete":
        del value[step]
    elif isinstance(value, list):
        value.insert(step, new)
    else:
        value[step] = new
    return value
