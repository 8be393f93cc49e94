"""Talk on the page in a real Chromium: guides, questions to ask next, choices, strict mode."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fake_llm import FakeLLM, start_fake_llm  # noqa: F401 - a fixture
from fake_replies import Reply, Request, says
from ui_fakes import answer, quote
from ui_live import served
from ui_moves import PHONE, ask, settled_inside, violations

from chatbot import Chatbot, Settings
from chatbot.types import AnswerEvent, Choice

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page
    from ui_chromium import Opener
    from ui_fakes import FakeBot

pytest_plugins = ["ui_chromium"]
pytestmark = pytest.mark.browser

SIZE = {"width": 1300, "height": 800}
FILLER = "\n\n".join(f"Day {number} of the log was quiet." for number in range(1, 60))
BUILT = "The dam of Orvik was built by Marta Ruud on 7 May 1931 for 85,000 crowns."
LOG = f"The dam of Orvik holds the lake above the town.\n\n{FILLER}\n\n{BUILT}"
BOATS = """# Boats for hire

| Boat | Berths | Price of a week |
|---|---|---|
| Skua | 2 | 310 euros |
| Tern | 4 | 420 euros |
| Gannet | 6 | 560 euros |
| Puffin | 8 | 690 euros |
| Fulmar | 10 | 840 euros |
"""
KILN = "The kiln of Sund was opened by Per Holte in 1904. The kiln fires 300 bricks a day."


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Chatbot, str]]:
    folder = tmp_path_factory.mktemp("talk") / "data"
    with Chatbot.from_settings(Settings(data_dir=folder, corpus_dir=None)) as bot:
        bot.add_text(KILN, title="Kiln")
        bot.add_text(LOG, title="Log")
        bot.add_bytes(BOATS.encode(), name="boats.md")
        with served(bot, page=True) as address:
            yield bot, address


def guide_of(page: Page, title: str) -> Locator:
    """Open a document from the list and return its guide, once it is there."""
    page.locator(".open-documents").click()
    page.get_by_role("button", name=f"Read {title}").click()
    page.wait_for_selector(f".source-title:text-is('{title}')")
    page.wait_for_selector(".guide h3")
    return page.locator(".guide")


def next_turn(page: Page, number: int) -> Locator:
    """Return the turn with this number, counted from 1, once it is answered."""
    turn = page.locator(".turn").nth(number - 1)
    turn.wait_for()
    page.wait_for_function("(turn) => turn.dataset.state === 'done'", arg=turn.element_handle())
    return turn


# ---- the guide


def test_a_document_opens_with_its_guide_which_leads_into_it(
    open_page: Opener, real: tuple[Chatbot, str]
) -> None:
    page = open_page(real[1], viewport=SIZE)
    page.wait_for_selector(".sentence")
    assert page.locator(".guide[open]").count() == 0
    assert not [one for one in asked_for(page) if one.endswith("/guide")]  # nothing waits for it

    guide = guide_of(page, "Log")
    assert guide.locator("h3").all_inner_texts() == [
        "What it is about",
        "You can ask",
        "Names",
        "Dates",
        "Numbers",
    ]
    assert violations(page) == []
    guide.get_by_role("button", name="85,000 crowns", exact=True).click()
    page.wait_for_selector(".sentence.flash:has-text('Marta Ruud')")
    assert settled_inside(page, ".sentence.flash", ".source-text")
    page.keyboard.press("Shift+Tab")  # the keyboard went there, too
    assert page.evaluate("document.activeElement.closest('.source') !== null")


def asked_for(page: Page) -> list[str]:
    found: list[str] = page.evaluate("performance.getEntriesByType('resource').map((e) => e.name)")
    return found


def test_a_question_of_a_guide_is_answered_from_its_document(
    open_page: Opener, real: tuple[Chatbot, str]
) -> None:
    bot, address = real
    page = open_page(address, viewport=SIZE)
    guide = guide_of(page, "Log")
    [log] = [one for one in bot.documents() if one.title == "Log"]
    question = bot.guides.of(log.id).questions[0]
    guide.get_by_role("button", name=question).click()
    turn = next_turn(page, 1)
    assert turn.locator("h2.question").inner_text() == question
    assert "refused" not in (turn.get_attribute("class") or "")
    assert turn.locator(".limited").inner_text() == "Asked of: Log"


def test_the_keyboard_unfolds_a_guide_and_a_phone_shows_it(
    open_page: Opener, real: tuple[Chatbot, str]
) -> None:
    page = open_page(real[1], viewport=PHONE, locale="ja-JP")
    ask(page, "Who opened the kiln of Sund?").locator(".answer-body .marker").first.click()
    page.wait_for_selector(".sentence.flash")
    page.locator(".guide summary").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".guide h3:text-is('概要')")
    assert violations(page) == []
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0


def test_a_guide_that_cannot_be_had_says_so(page: Page, bot: FakeBot) -> None:
    page.route("**/guide", lambda route: route.fulfill(status=200, body="no JSON"))
    page.locator(".guide summary").click()
    page.wait_for_selector(".guide-body:has-text('It cannot be made right now')")


# ---- what to ask next, and what the program asks back


def test_a_question_to_ask_next_is_asked_and_answered(
    open_page: Opener, real: tuple[Chatbot, str]
) -> None:
    page = open_page(real[1], viewport=SIZE)
    turn = ask(page, "How many bricks does the kiln fire a day?")
    suggested = turn.locator(".next button").first
    question = suggested.inner_text()
    suggested.click()
    turn = next_turn(page, 2)
    assert turn.locator("h2.question").inner_text() == question
    assert "refused" not in (turn.get_attribute("class") or "")
    assert turn.locator(".answer-body .marker").count() > 0
    assert question not in turn.locator(".next button").all_inner_texts()


def asking_back(bot: FakeBot, question: str) -> Iterator[AnswerEvent]:
    yield answer(
        bot,
        question,
        "Which kiln do you mean?",
        choices=(
            Choice(label="The old kiln", question="How hot is the old kiln?"),
            Choice(label="The new kiln", question="How hot is the new kiln?"),
        ),
        suggestions=("What else is there?",),
    )


def test_the_program_asks_back_and_a_choice_is_asked(page: Page, bot: FakeBot) -> None:
    bot.script = asking_back
    turn = ask(page, "How hot is the kiln?")
    choices = turn.get_by_role("list", name="Choose one").get_by_role("button")
    assert choices.all_inner_texts() == ["The old kiln", "The new kiln"]
    assert turn.get_by_text("What else is there?").count() == 0  # one thing at a time
    assert turn.locator(".byline").inner_text() == "From the program itself"
    assert violations(page) == []
    bot.script = quote
    choices.nth(1).focus()
    page.keyboard.press("Enter")
    turn = next_turn(page, 2)
    assert turn.locator("h2.question").inner_text() == "How hot is the new kiln?"
    assert bot.asked[-1][0] == "How hot is the new kiln?"


def test_of_many_things_the_one_that_is_chosen_is_answered(
    open_page: Opener, real: tuple[Chatbot, str]
) -> None:
    page = open_page(real[1], viewport=PHONE)
    turn = ask(page, "What is the price of a week?")
    turn.get_by_role("list", name="Choose one").get_by_role("button", name="Tern").click()
    assert "420 euros" in next_turn(page, 2).locator(".answer-body").inner_text()


# ---- strict mode


def wrongly(request: Request) -> Reply:
    """Say a wrong number of what the evidence has, with the right marker."""
    found = re.search(r"\[(\d+)\] The kiln fires", request.messages[-1][1])
    assert found
    return says(f"The kiln fires 900 bricks a day [{found[1]}].")


def test_in_strict_mode_the_source_speaks_in_the_place_of_a_wrong_statement(
    open_page: Opener, fake_llm: FakeLLM, tmp_path: Path
) -> None:
    fake_llm.default = wrongly
    settings = Settings(
        data_dir=tmp_path / "data",
        corpus_dir=None,
        model="openai:test",
        base_url=fake_llm.base_url,
        strict=True,
    )
    with Chatbot.from_settings(settings) as bot, served(bot, page=True) as address:
        bot.add_text(KILN, title="Kiln")
        page = open_page(address)
        turn = ask(page, "How many bricks does the kiln fire a day?")
        body = turn.locator(".answer-body").inner_text()
        assert body.startswith("The source says: The kiln fires 300 bricks a day.")
        assert "900" not in turn.inner_text()
        assert "replaced by what the source says" in turn.locator(".notice").inner_text()
        assert turn.locator(".verdict-quoted").count() == 1
        turn.locator(".answer-body .marker").click()
        page.wait_for_selector(".sentence.flash:has-text('300 bricks')")
        page.close()
