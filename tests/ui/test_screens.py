"""Screens in a real Chromium: small, dark, calm, by keyboard, and what must never happen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from ui_fakes import answer, claims, quote
from ui_moves import PHONE, ask, settled_inside, twice

from chatbot.types import AnswerEvent, TextDelta, Verdict

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from ui_chromium import Opener
    from ui_fakes import FakeBot, Script


pytest_plugins = ["ui_chromium"]
pytestmark = pytest.mark.browser


# ---- small screens, dark, calm


def wide_answer(bot: FakeBot, question: str) -> Iterator[AnswerEvent]:
    text = "x" * 400 + " and `" + "y" * 200 + "`\n```\n" + "z" * 300 + "\n```"
    yield answer(bot, question, text, mode="some-model", notice="n" * 200)


@pytest.mark.parametrize("script", [quote, twice, wide_answer], ids=lambda one: one.__name__)
def test_a_phone_shows_one_column_that_never_scrolls_sideways(
    open_page: Opener, bot: FakeBot, script: Script
) -> None:
    bot.script = script
    page = open_page(viewport=PHONE)
    ask(page, "w" * 300)
    for panel in ("", "source", "documents"):
        page.evaluate("(panel) => { document.body.dataset.panel = panel; }", panel)
        for frame in ("html", "body", ".transcript", ".source-text", ".documents"):
            too_wide = page.locator(frame).evaluate("(node) => node.scrollWidth - node.clientWidth")
            assert too_wide <= 0, (panel, frame)


def test_on_a_phone_a_marker_opens_the_source_and_escape_goes_back(
    open_page: Opener, bot: FakeBot
) -> None:
    bot.script = twice
    page = open_page(viewport=PHONE)
    turn = ask(page, "Who was glad?")
    assert not page.locator(".source").is_visible()
    turn.locator(".answer-body .marker").nth(1).click()
    page.wait_for_selector(".sentence.flash")
    assert settled_inside(page, ".sentence.flash", ".source-text")
    assert settled_inside(page, ".marker[data-marker='2']", ".transcript")
    page.keyboard.press("Escape")
    assert not page.locator(".source").is_visible()
    assert page.evaluate("document.activeElement.dataset.marker") == "2"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_is_readable_in_light_and_dark(open_page: Opener, bot: FakeBot, scheme: str) -> None:
    bot.script = twice
    page = open_page(color_scheme=scheme)
    page.wait_for_selector(".sentence")
    ask(page, "Who was glad?")
    names = [".question", ".answer-body", ".summary", ".marker", ".cited", ".composer-note"]
    for name in [*names, ".source-facts", ".mode summary span"]:
        assert page.locator(name).first.evaluate(CONTRAST) >= 4.5, name


CONTRAST = """(node) => {
    const parse = (color) => color.match(/[\\d.]+/g).map(Number);
    let ground = node;
    while (parse(getComputedStyle(ground).backgroundColor)[3] === 0) ground = ground.parentElement;
    const light = (color) => parse(color).slice(0, 3)
        .map((part) => part / 255)
        .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
        .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
    const [one, two] = [light(getComputedStyle(node).color),
        light(getComputedStyle(ground).backgroundColor)].sort();
    return (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
}"""


def test_who_wants_no_motion_gets_none(open_page: Opener, bot: FakeBot) -> None:
    page = open_page(reduced_motion="reduce")
    page.wait_for_selector(".sentence")
    ask(page, "Who?").locator(".answer-body .marker").click()
    page.wait_for_selector(".sentence.flash")
    assert (
        page.evaluate(
            "document.getAnimations().filter((one) => one.playState === 'running').length"
        )
        == 0
    )


def test_the_page_is_usable_by_keyboard_alone(page: Page, bot: FakeBot) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.type("Who?")
    page.keyboard.press("Enter")
    page.wait_for_selector(".turn[data-state=done]")
    for _ in range(20):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.classList.contains('marker')"):
            break
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Space")
    page.wait_for_function("document.activeElement.classList.contains('sentence')")


# ---- what must never happen

PAYLOAD = (
    "![i](http://evil.test/md.png) <img src=http://evil.test/i.png onerror='window.hit=1'> "
    "<script>window.hit=2</script> <svg onload='window.hit=3'></svg> "
    "<iframe src=http://evil.test/f></iframe> "
    '<p style="background:url(http://evil.test/c.png)">p</p> '
    "[x](javascript:window.hit=4) <form action=http://evil.test/s><button>b</button></form> "
    "</script><script>window.hit=5</script> ${window.hit=6} {{constructor}} "
    "<link rel=stylesheet href=http://evil.test/s.css>"
)


def poisoned(bot: FakeBot, question: str) -> Iterator[AnswerEvent]:
    citation = bot.citation(1, document=len(bot.documents()) - 1)
    for piece in re.findall(r".{1,7}", PAYLOAD):
        yield TextDelta(text=piece)
    text, made = claims((PAYLOAD, Verdict.SUPPORTED, (1,)))
    yield answer(
        bot,
        question,
        text,
        claims=made,
        citations=(citation,),
        mode="some-model",
        notice=PAYLOAD,
        search_query=PAYLOAD,
    )


def poisoned_refusal(bot: FakeBot, question: str) -> Iterator[AnswerEvent]:
    yield answer(bot, question, PAYLOAD, refused=True, retrieved=(bot.passage(0),))


def take_along(page: Page) -> None:
    """Open what is exported, in a conversation whose name is the payload, and its print."""
    page.keyboard.press("Escape")
    page.locator(".conversations .more").first.click()
    with page.expect_popup() as opened:
        page.locator(".conversations").get_by_role("button", name="Print").click()
    opened.value.wait_for_selector("q:has-text('window.hit')")
    opened.value.wait_for_timeout(300)
    assert opened.value.evaluate("window.hit") is None
    opened.value.close()


def test_no_script_of_a_document_or_a_model_runs_and_nothing_is_loaded(
    open_page: Opener, bot: FakeBot
) -> None:
    bot.reset(script=poisoned)
    bot.add_text(f"{PAYLOAD}\nMore.", title=PAYLOAD, source=PAYLOAD)
    page = open_page()
    page.wait_for_selector(".sentence")
    turn = ask(page, PAYLOAD)
    turn.locator(".answer-body .marker").click()
    bot.script = poisoned_refusal
    ask(page, "Again?").locator("[data-passage]").click()
    page.get_by_role("button", name="Documents").click()
    page.locator(".rows .quiet").last.click()
    take_along(page)
    page.wait_for_timeout(500)
    assert page.evaluate("window.hit") is None
    assert PAYLOAD in turn.locator(".question").inner_text()
    assert "<script>" in turn.locator(".answer-body").inner_text()
    assert "<script>" in page.locator(".conversations .row-title").first.inner_text()
    inside = ":is(.turns, .source, .documents, .conversations)"
    markup = ":is(img, script, iframe, form[action], link, a)"
    assert page.locator(f"{inside} {markup}").count() == 0


def test_the_page_speaks_japanese_to_a_japanese_browser(open_page: Opener, bot: FakeBot) -> None:
    page = open_page(locale="ja-JP")
    page.wait_for_selector(".sentence")
    assert page.evaluate("document.documentElement.lang") == "ja"
    assert page.title() == "文書に質問する"
    turn = ask(page, "Who?")
    assert turn.locator(".summary").inner_text() == "1文からの引用"
    page.get_by_role("button", name="文書", exact=False).first.click()
    assert page.get_by_role("heading", name="文書を追加").is_visible()
