"""What the browser tests do on the page, and the document they do it with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ui_fakes import FakeBot, answer, claims

from chatbot.types import AnswerEvent, Span, Verdict

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

PHONE = {"width": 390, "height": 844}
FILLER = "\n".join(f"Line {number} is of no use." for number in range(60))
TEXT = f"Ann sent 12 boxes to Bo.\n{FILLER}\nBo was glad about the boxes.\n{FILLER}"
BO = 61
"""The number of the sentence about Bo."""


def ask(page: Page, question: str, *, state: str = "done") -> Locator:
    """Ask and return the turn, once it is in the state."""
    turns = page.locator(".turn")
    before = turns.count()
    page.fill("#question", question)
    page.press("#question", "Enter")
    turn = turns.nth(before)
    turn.wait_for()
    page.wait_for_function(
        "([turn, state]) => turn.dataset.state === state", arg=[turn.element_handle(), state]
    )
    return turn


def settled_inside(page: Page, selector: str, frame: str) -> bool:
    """Wait until the element lies inside the frame, both measured in the window."""
    page.wait_for_function(
        """([selector, frame]) => {
            const inner = document.querySelector(selector).getBoundingClientRect();
            const outer = document.querySelector(frame).getBoundingClientRect();
            return inner.height > 0 && inner.top >= outer.top && inner.top >= 0
                && inner.bottom <= Math.min(outer.bottom, innerHeight);
        }""",
        arg=[selector, frame],
    )
    return True


def twice(bot: FakeBot, question: str) -> Iterator[AnswerEvent]:
    """Rest on two sentences far apart, in a model's words."""
    cited = (bot.citation(1), bot.citation(2, sentence=BO))
    text, made = claims(
        ("Ann sent twelve boxes.", Verdict.SUPPORTED, (1,)),
        ("Bo was **very** glad.", Verdict.PARTLY, (2,)),
        ("Cy wept.", Verdict.UNSUPPORTED, ()),
    )
    at = text.index("very")
    doubtful = replace(made[1], doubted=(Span(start=at, end=at + len("very")),))
    far = replace(made[2], nearest="Cy laughed.", by="openai:judge")
    made = (made[0], doubtful, far)
    yield answer(bot, question, text, claims=made, citations=cited, mode="some-model")


def kept(page: Page, count: int = 1) -> None:
    """Wait until so many conversations are listed beside the page."""
    page.wait_for_function(
        "(count) => document.querySelectorAll('.conversations .row-open').length === count",
        arg=count,
    )


def violations(page: Page) -> list[str]:
    """Return what axe finds, one line each, after all that moves has come to rest."""
    from axe_playwright_python.sync_playwright import Axe

    page.evaluate("Promise.all(document.getAnimations().map((one) => one.finished.catch(() => 0)))")
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]
