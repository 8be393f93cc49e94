"""axe-core on the main states of the page finds nothing, grave or small, in light and in dark."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from ui_fakes import answer
from ui_moves import PHONE, ask, twice, violations

from chatbot.types import Answer, AnswerEvent, Usage

if TYPE_CHECKING:
    from ui_chromium import Opener
    from ui_fakes import FakeBot

pytest_plugins = ["ui_chromium"]
pytestmark = pytest.mark.browser


WIDE = {"width": 1440, "height": 900}


def everything(bot: FakeBot, question: str) -> Iterator[AnswerEvent]:
    """An answer with all there can be around it."""
    for event in twice(bot, question):
        assert isinstance(event, Answer)
        yield replace(
            event,
            search_query="something else",
            notice="The model was slow.",
            retrieved=tuple(bot.passage(index) for index in (0, 1, 2)),
            usage=Usage(seconds={"find": 0.01, "total": 0.02}, tokens_in=10),
        )


def nothing(bot: FakeBot, question: str) -> Iterator[AnswerEvent]:
    passages = (bot.passage(0), bot.passage(1))
    yield answer(bot, question, "It does not say.", refused=True, retrieved=passages)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_state_of_the_page_has_a_fault(open_page: Opener, bot: FakeBot, scheme: str) -> None:
    page = open_page(color_scheme=scheme, reduced_motion="reduce")
    page.wait_for_selector(".sentence")
    assert violations(page) == [], "welcome"

    bot.script = everything
    turn = ask(page, "Who was glad?")
    turn.locator(".toggle").first.click()
    turn.locator(".toggle").last.click()
    turn.locator(".chip").click()
    turn.locator(".verdict").nth(1).click()
    assert page.locator(".card-sides").is_visible()
    assert violations(page) == [], "answer with a verdict open"

    page.locator(".cited-number").first.click()
    bot.script = nothing
    ask(page, "Who is Dee?")
    assert violations(page) == [], "refusal"

    page.locator(".transcript").focus()
    page.keyboard.press("?")
    assert violations(page) == [], "shortcuts"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_sheet_of_a_phone_has_a_fault(open_page: Opener, bot: FakeBot, scheme: str) -> None:
    bot.script = everything
    page = open_page(viewport=PHONE, color_scheme=scheme, reduced_motion="reduce")
    ask(page, "Who was glad?").locator(".answer-body .marker").first.click()
    page.wait_for_selector(".sentence.flash")
    assert violations(page) == [], "source"
    page.keyboard.press("Escape")
    page.locator(".open-documents").click()
    assert violations(page) == [], "documents"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_around_the_conversation_has_a_fault(
    open_page: Opener, bot: FakeBot, scheme: str, tmp_path: Path
) -> None:
    bot.add_text("Dee knows more.", title="Notes")
    page = open_page(color_scheme=scheme, reduced_motion="reduce", viewport=WIDE)
    turn = ask(page, "Who?")
    turn.get_by_role("button", name="Bad answer").click()
    turn.get_by_role("button", name="Export this answer").click()
    page.get_by_role("button", name="More for Who?").click()
    assert violations(page) == [], "feedback, export, one conversation"

    page.get_by_role("button", name="Documents").first.click()
    for name in ("good.txt", "bad.exe"):
        (tmp_path / name).write_text("A text.")
    page.set_input_files("#add-file", [tmp_path / "good.txt", tmp_path / "bad.exe"])
    page.wait_for_selector(".uploads li:last-child[data-state=failed]")
    page.get_by_label("Use Notes for answers").uncheck()
    page.get_by_role("button", name="Remove Boxes").click()
    assert violations(page) == [], "documents"
