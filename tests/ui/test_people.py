"""Several people at one server in a real Chromium, and what outlives it: theirs alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from ui_live import served
from ui_moves import ask, kept
from ui_watched import new_page, reload

from chatbot import Chatbot, Settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from ui_chromium import Opener
    from ui_fakes import FakeBot

pytest_plugins = ["ui_chromium"]
pytestmark = pytest.mark.browser

SIZE = {"width": 1300, "height": 800}


def paste(page: Page, title: str, text: str) -> None:
    page.get_by_role("button", name="Documents").first.click()
    page.get_by_text("Paste text").click()
    page.get_by_label("Title").fill(title)
    page.get_by_label("Text", exact=True).fill(text)
    page.get_by_role("button", name="Add", exact=True).click()
    page.wait_for_selector(f"text=Added: {title}")


def titles(page: Page) -> list[str]:
    return page.locator(".documents .row-title").all_text_contents()


def call(page: Page, method: str, path: str, values: object = None) -> dict[str, object]:
    """Call the server as the page's script does, with any values."""
    found: dict[str, object] = page.evaluate(
        "(sent) => window.chatbotPage.api(...sent)", [method, path, values]
    )
    return found


def test_two_people_side_by_side_see_nothing_of_each_other(open_page: Opener, bot: FakeBot) -> None:
    ann, ben = open_page(viewport=SIZE), open_page(viewport=SIZE)
    paste(ann, "Diary", "Ann has a secret.")
    ask(ann, "What is the secret?")
    kept(ann)
    [conversation] = bot.conversations.list()
    [turn] = bot.conversations.turns(conversation.id)

    reload(ben)
    ben.wait_for_selector("#question")
    ben.wait_for_selector(".documents .row-title", state="attached")
    assert titles(ben) == ["Boxes"]
    assert ben.locator(".conversations .row-open").count() == 0
    assert call(ben, "GET", "api/conversations?query=secret") == {"conversations": []}
    for method, path, values in (
        ("GET", f"page/conversations/{conversation.id}", None),
        ("PATCH", f"api/conversations/{conversation.id}", {"title": "Mine now"}),
        ("DELETE", f"api/conversations/{conversation.id}", None),
        ("GET", f"page/conversations/{conversation.id}/export?format=json", None),
    ):
        answered = call(ben, method, path, values)
        assert "There is no conversation" in str(answered["error"]), path
    assert "error" in call(ben, "PUT", f"api/turns/{turn.id}/rating", {"rating": -1})
    asked = ben.evaluate(
        "(id) => sessionStorage.setItem('chatbot.conversation', id)", conversation.id
    )
    assert asked is None
    reload(ben)
    ask(ben, "What did Ann ask?")
    assert bot.asked[-1] == ("What did Ann ask?", ())
    assert [one.turn_count for one in bot.conversations.list()] == [1, 1]

    ben.get_by_role("button", name="Documents").first.click()
    ben.get_by_role("button", name="Remove Boxes").click()
    assert "hidden only from you" in ben.locator(".confirm").inner_text()
    ben.get_by_role("group").get_by_role("button", name="Remove").click()
    ben.wait_for_selector("text=Removed: Boxes")
    assert titles(ben) == []
    reload(ann)
    ann.wait_for_selector(".documents .row-title", state="attached")
    assert titles(ann) == ["Boxes", "Diary"]
    facts = ann.locator(".documents .row-facts").all_text_contents()
    assert [one.split(" · ")[-1] for one in facts] == ["everybody’s", "yours"]


def test_a_full_queue_gives_the_question_back(chromium: Browser, url: str, bot: FakeBot) -> None:
    page = new_page(chromium, viewport=SIZE)
    page.goto(url)
    page.route("**/queue/join*", lambda route: route.fulfill(status=503, body="full"))
    page.wait_for_selector("#question")
    page.fill("#question", "Is there room?")
    page.press("#question", "Enter")
    page.wait_for_selector(".composer-note.wrong:has-text('Many questions are being answered')")
    assert page.input_value("#question") == "Is there room?"
    page.unroute("**/queue/join*")
    page.fill("#question", "")
    ask(page, "And now?")
    page.context.close()


def test_a_question_outlives_any_reload(chromium: Browser, url: str, bot: FakeBot) -> None:
    page = new_page(chromium, viewport=SIZE)
    page.goto(url)
    page.fill("#question", "Half a quest")
    page.reload()
    page.wait_for_function("document.querySelector('#question')?.value === 'Half a quest'")
    page.route("**/queue/join*", lambda route: None)
    page.fill("#question", "Does anybody hear?")
    page.press("#question", "Enter")
    assert page.input_value("#question") == ""
    page.reload()
    page.wait_for_function("document.querySelector('#question')?.value === 'Does anybody hear?'")
    page.unroute("**/queue/join*")
    page.fill("#question", "")
    page.reload()
    page.wait_for_selector("#question")
    assert page.input_value("#question") == ""
    assert bot.asked == []
    page.context.close()


# A context of their own for the next two: what the browser itself says of a connection that breaks
# is no fault of the page.


def test_a_restart_of_the_program_keeps_all_of_it(chromium: Browser, tmp_path: Path) -> None:
    page = new_page(chromium, viewport=SIZE)
    settings = Settings(data_dir=tmp_path / "data")
    question = "How many vehicles did Japan send to Ukraine?"
    with Chatbot.from_settings(settings) as bot, served(bot, page=True) as address:
        page.goto(address)
        page.wait_for_selector("#question")
        shown = ask(page, question).locator(".answer-body").inner_text()
        page.get_by_role("button", name="Good answer").click()
        page.wait_for_selector("text=Saved on this machine.")
        page.goto("about:blank")
    port = urlsplit(address).port or 0
    with Chatbot.from_settings(settings) as bot, served(bot, page=True, port=port):
        page.goto(address)
        page.wait_for_selector(".turn[data-state=done]")
        assert page.locator(".answer-body").inner_text() == shown
        assert page.locator("[aria-label='Good answer'][aria-pressed=true]").count() == 1
        page.locator(".answer-body .marker").first.click()
        page.wait_for_selector(".sentence.flash:has-text('101 trucks')")
        ask(page, "When was that?")
        [conversation] = bot.conversations.list()
        turns = bot.conversations.turns(conversation.id)
        assert (conversation.title, len(turns)) == (question, 2)
        made = json.loads(json.dumps(turns[0].answer.to_dict()))
        assert made["citations"][0]["text"].startswith("Japan sent 101 trucks")
    page.context.close()


def test_a_page_that_was_open_during_a_restart_goes_on(chromium: Browser, tmp_path: Path) -> None:
    page = new_page(chromium, viewport=SIZE)
    with Chatbot.from_settings(Settings(data_dir=tmp_path / "data")) as bot:
        with served(bot, page=True) as address:
            page.goto(address)
            page.wait_for_selector("#question")
            ask(page, "How many vehicles did Japan send to Ukraine?")
        page.fill("#question", "Is anybody there?")
        page.press("#question", "Enter")
        page.wait_for_selector(".composer-note.wrong:has-text('The server does not answer')")
        assert page.input_value("#question") == "Is anybody there?"
        page.evaluate("window.before = true")
        with served(bot, page=True, port=urlsplit(address).port or 0):
            page.wait_for_function("!window.before && document.querySelector('.turn')")
            page.wait_for_selector(".turn[data-state=done]")
            page.wait_for_function(
                "document.querySelector('#question').value === 'Is anybody there?'"
            )
            ask(page, "Who said that Japan fears something?")
            [conversation] = bot.conversations.list()
            assert conversation.turn_count == 2
    page.context.close()
