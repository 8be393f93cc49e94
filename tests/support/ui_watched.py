"""What happens in a browser while a test drives it: requests, complaints, events awaited."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from starlette.routing import Route

from chatbot.server.routes import ROUTERS
from chatbot.ui.views import ROUTES

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

OWN = re.compile(r"http://127\.0\.0\.1:|data:|blob:")
KNOWN = [
    route.path_regex
    for route in (*(one for router in ROUTERS for one in router.routes), *ROUTES)
    if isinstance(route, Route) and route.path.startswith(("/api/", "/page/"))
    if "{rest:path}" not in route.path
]
"""Addresses that the server has."""
EVENTS = re.compile(r"/gradio_api/queue/")
PATIENCE = 90_000
"""Milliseconds until a test gives up; the machine may be busy."""
WATCHED: WeakKeyDictionary[BrowserContext, Watched] = WeakKeyDictionary()


@dataclass
class Watched:
    """A browser context and what happened in it."""

    context: BrowserContext
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    listening: set[Request] = field(default_factory=set)
    """Gradio's requests for events that have not ended."""

    def __post_init__(self) -> None:
        self.context.set_default_timeout(PATIENCE)
        self.context.on("request", lambda request: self.requests.append(request.url))
        self.context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        self.context.on(
            "console",
            lambda message: (
                message.type == "error"
                and not _is_refusal(message)
                and self.complaints.append(f"{message.text} {message.location['url']}")
            ),
        )
        self.context.on("request", lambda one: EVENTS.search(one.url) and self.listening.add(one))
        WATCHED[self.context] = self
        self.context.on("requestfinished", lambda one: self.listening.discard(one))
        self.context.on("requestfailed", lambda one: self.listening.discard(one))

    def settle(self) -> None:
        """Close the pages: nothing may have gone elsewhere, and no script may have failed."""
        for page in self.context.pages:
            page.close()
        self.listening.clear()
        foreign = [one for one in self.requests if not OWN.match(one)]
        complaints = list(self.complaints)
        self.requests.clear()
        self.complaints.clear()
        assert foreign == []
        assert complaints == []


def _is_refusal(message: ConsoleMessage) -> bool:
    """Whether the server refused what it could have done: the page says why, as the browser does.

    An address that it does not have, or not for this method, is a mistake of the page.
    """
    path = urlsplit(message.location["url"]).path
    return "status of 405" not in message.text and any(one.match(path) for one in KNOWN)


def new_page(browser: Browser, **options: object) -> Page:
    """Open a page in a context of its own, of which nothing is watched."""
    context = browser.new_context(**options)
    context.set_default_timeout(PATIENCE)
    return context.new_page()


def reload(page: Page) -> None:
    """Reload once the page has heard all it asked for: Gradio calls an end before it an error."""
    until = time.monotonic() + PATIENCE / 1000
    quiet = 0
    while quiet < 5:
        open_ones = WATCHED[page.context].listening
        listening = [one.url for one in open_ones if one.frame.page == page]
        assert time.monotonic() < until, listening
        quiet = 0 if listening else quiet + 1
        page.wait_for_timeout(20)
    page.reload()
