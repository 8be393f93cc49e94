"""The FastAPI application: the routes behind the guards. The page is mounted on it last."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from chatbot.bot import Chatbot
from chatbot.bot.threads import in_thread
from chatbot.errors import ChatbotError
from chatbot.server import guards, openapi, problems
from chatbot.server.access.limits import FLUSH_SECONDS, Limits
from chatbot.server.access.people import Credentials, People, load_key
from chatbot.server.routes import ROUTERS
from chatbot.server.routes.pages import STATIC
from chatbot.server.serving import is_loopback
from chatbot.server.state import ServerState, Slots
from chatbot.server.watched import Watched
from chatbot.server.watching import Metrics, Tracing
from chatbot.version import __version__

logger = logging.getLogger(__name__)

GUIDE_SECONDS = 2.0
"""Between two looks for new documents."""


def create_app(bot: Chatbot, *, host: str | None = None) -> FastAPI:
    """Return the application with the HTTP API, behind the guards.

    The pages of FastAPI's documentation are off: they load their assets from elsewhere. Ours is
    ``/api/docs``.

    Args:
        bot: what answers.
        host: what the server will be bound to (default: as in the settings). On a loopback
            address only this machine's own names are accepted; on any other a token is wanted.
    """
    settings, local = bot.settings, is_loopback(host or bot.settings.host)
    state = _state(bot)
    app = FastAPI(
        title="chatbot",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=_lifespan,
        # FastAPI's own would take whatever exporter the shell names.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.state.chatbot = state
    app.mount("/api/assets", StaticFiles(directory=STATIC / "assets"))
    for router in ROUTERS:
        app.include_router(router)
    openapi.describe(app)
    problems.install(app)

    # The last one added is the outermost: every refusal carries the headers and is told of.
    app.add_middleware(guards.Guard, guards.overused, guards.nameless)
    app.add_middleware(
        People, credentials=state.credentials, local=local, links=settings.share_links
    )
    hosts = [guards.foreign_host] if local else []
    app.add_middleware(guards.Guard, *hosts, guards.foreign_origin, guards.oversized)
    app.add_middleware(Watched)
    return app


def _state(bot: Chatbot) -> ServerState:
    settings = bot.settings
    metrics = Metrics()
    slots = Slots(at_once=settings.answers_at_once, waiting=settings.queue_size)
    metrics.watch("chatbot_answers_running", "Requests that hold a slot.", lambda: slots.running)
    metrics.watch("chatbot_answers_waiting", "Requests that wait for one.", lambda: slots.waiting)
    elsewhere = "Requests that wait at other servers of the store."
    metrics.watch("chatbot_answers_waiting_elsewhere", elsewhere, lambda: slots.elsewhere)
    bot.meter = limits = Limits(bot.usage, settings, metrics=metrics)
    return ServerState(
        bot=bot,
        slots=slots,
        metrics=metrics,
        credentials=Credentials(load_key(settings.data_dir), bot.tokens),
        limits=limits,
        tracing=Tracing(settings.otlp_endpoint),
    )


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    state: ServerState = app.state.chatbot
    ending = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(_flush_often(state, ending))
        tasks.create_task(make_guides(state.bot, state.slots, ending))
        try:
            yield
        finally:
            ending.set()
    await _flush(state)
    state.tracing.close()


async def _flush_often(state: ServerState, ending: asyncio.Event) -> None:
    while not ending.is_set():
        await _wait(ending, FLUSH_SECONDS)
        await _flush(state)


async def _flush(state: ServerState) -> None:
    """Keep what was used, every few seconds and at the end; learn who waits at other servers."""
    slots, usage = state.slots, state.bot.usage
    try:
        await in_thread(state.limits.flush)
        waiting = partial(usage.waiting_elsewhere, slots.name, slots.waiting)
        slots.elsewhere = await in_thread(waiting)
    except ChatbotError as error:
        logger.warning("What was used could not be kept: %s", error)


async def _wait(ending: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(ending.wait(), seconds)


async def make_guides(bot: Chatbot, slots: Slots, ending: asyncio.Event) -> None:
    """Make guides to documents as they are added, so that nobody waits for one.

    One at a time until the server ends, and only while nothing is answered. Documents that were
    there before get theirs when they are first opened.
    """
    seen: int | None = None
    while not ending.is_set():
        added = None
        try:
            if not slots.running:
                seen, added = await in_thread(partial(bot.guides.added_after, seen))
            if added is not None:
                await in_thread(partial(bot.guides.of, added))
        except ChatbotError as error:
            logger.warning("A guide could not be made: %s", error)
        if added is None:
            await _wait(ending, GUIDE_SECONDS)
