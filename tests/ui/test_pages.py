"""The pages of a document in a real Chromium: the cited sentence is lit on the page itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from documents_helpers import garden_sentences, two_column_pdf
from pypdfium2 import PdfDocument
from ui_live import served
from ui_moves import PHONE, ask

from chatbot import Chatbot, Settings

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from ui_chromium import Opener

pytest_plugins = ["ui_chromium"]
pytestmark = pytest.mark.browser

SENTENCES = garden_sentences(160)
PDF = two_column_pdf(SENTENCES)


@pytest.fixture(scope="module")
def garden_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("garden")
    settings = Settings(data_dir=folder, corpus_dir=None, allow_urls=True)
    with Chatbot.from_settings(settings) as bot:
        bot.add_bytes(PDF, name="garden.pdf")
        bot.add_text("Author: nobody. The pond is deep.", title="Pond")
        with served(bot, page=True) as address:
            yield address


def show(page: Page, sentence: int) -> None:
    """Do what a marker that points to this sentence does."""
    page.evaluate(
        """(sentence) => {
            const row = chatbotPage.shelf.find((one) => one.title === "garden");
            chatbotPage.emit("show", { target: { document: row.id, sentence } });
        }""",
        sentence,
    )
    page.wait_for_selector(f".page-light[data-sentence='{sentence}'].flash")


def words_lit(page: Page, sentence: int) -> list[str]:
    """Return what pdfium finds in the file under the boxes that the page has lit."""
    boxes = page.evaluate(
        """(sentence) => [...document.querySelectorAll(`.page-light[data-sentence="${sentence}"]`)]
            .map((light) => {
                const sheet = light.parentElement.getBoundingClientRect();
                const box = light.getBoundingClientRect();
                return [
                    Number(light.parentElement.dataset.page),
                    (box.left - sheet.left) / sheet.width, (box.top - sheet.top) / sheet.height,
                    (box.right - sheet.left) / sheet.width, (box.bottom - sheet.top) / sheet.height,
                ];
            })""",
        sentence,
    )
    document = PdfDocument(PDF)
    words = []
    for number, left, top, right, bottom in boxes:
        file_page = document[number - 1]
        width, height = file_page.get_size()
        text = file_page.get_textpage().get_text_bounded(
            left=left * width,
            right=right * width,
            top=(1 - top) * height,
            bottom=(1 - bottom) * height,
        )
        words += text.split()
    return words


@pytest.mark.parametrize("options", [{}, {"viewport": PHONE}], ids=["desktop", "phone"])
def test_a_marker_lights_the_right_words_on_the_page(
    open_page: Opener, garden_url: str, options: dict[str, object]
) -> None:
    page = open_page(garden_url, **options)
    turn = ask(page, "What did the family grow who dug plot 77 of the garden?")
    turn.locator(".answer-body .marker").first.click()
    page.wait_for_selector(".page-light.cited.flash")
    light = page.locator(".page-light.cited").first
    sentence = int(light.get_attribute("data-sentence") or "")
    assert words_lit(page, sentence) == SENTENCES[sentence].split()
    assert settled(page, ".page-light.cited", ".source-pages")
    picture = page.locator(f".page-sheet:has([data-sentence='{sentence}']) img")
    page.wait_for_function(
        "(one) => one.complete && one.naturalWidth", arg=picture.element_handle()
    )
    too_wide = "(node) => node.scrollWidth - node.clientWidth"
    assert page.locator(".source-pages").evaluate(too_wide) <= 0


def settled(page: Page, selector: str, frame: str) -> bool:
    page.wait_for_function(
        """([selector, frame]) => {
            const inner = document.querySelector(selector).getBoundingClientRect();
            const outer = document.querySelector(frame).getBoundingClientRect();
            return inner.top >= outer.top && inner.bottom <= outer.bottom;
        }""",
        arg=[selector, frame],
    )
    return True


def test_a_sentence_over_a_column_or_a_page_is_lit_in_all_its_parts(
    open_page: Opener, garden_url: str
) -> None:
    page = open_page(garden_url)
    page.wait_for_selector(".page-sheet")
    seen = set()
    for sentence in (25, 26, 51, 52):  # around the ends of the first two columns
        show(page, sentence)
        assert words_lit(page, sentence) == SENTENCES[sentence].split()
        lights = page.locator(f".page-light[data-sentence='{sentence}']")
        pages = {one.evaluate("(n) => n.parentElement.dataset.page") for one in lights.all()}
        lefts = [one.evaluate("(n) => parseFloat(n.style.left) > 50") for one in lights.all()]
        seen.add((len(pages), len(set(lefts))))
    assert any(pages == 2 for pages, _ in seen)
    assert any(sides == 2 for _, sides in seen)


def test_the_text_is_one_switch_away_by_keyboard_and_shows_the_same_sentence(
    open_page: Opener, garden_url: str
) -> None:
    page = open_page(garden_url)
    page.wait_for_selector(".page-sheet")
    show(page, 40)
    switch = page.get_by_role("button", name="Show the text")
    switch.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".source-text .sentence[data-sentence='40']")
    assert settled(page, ".sentence[data-sentence='40']", ".source-text")
    assert not page.locator(".source-pages").is_visible()
    page.get_by_role("button", name="Show the pages").press("Enter")
    page.wait_for_selector(".source-pages .page-sheet")
    assert settled(page, ".page-light[data-sentence='40']", ".source-pages")


def test_lit_sentences_are_reached_by_keyboard_and_say_what_they_are(
    open_page: Opener, garden_url: str
) -> None:
    page = open_page(garden_url)
    turn = ask(page, "What did the family grow who dug plot 77 of the garden?")
    turn.locator(".answer-body .marker").first.press("Enter")
    number = page.locator(".page-number").first
    number.wait_for()
    page.wait_for_function("document.activeElement.classList.contains('page-number')")
    assert " of the garden was dug" in (number.get_attribute("aria-label") or "")
    page.keyboard.press("Enter")
    page.wait_for_selector(".rests:not([hidden])")
    page.keyboard.press("Escape")
    page.wait_for_function("document.activeElement.classList.contains('page-number')")


def test_a_document_without_pages_is_shown_as_text(open_page: Opener, garden_url: str) -> None:
    page = open_page(garden_url)
    page.get_by_role("button", name="Documents").click()
    page.get_by_role("button", name="Read Pond").click()
    page.wait_for_selector(".source-text .sentence:has-text('The pond is deep.')")
    assert not page.locator(".source-switch").is_visible()
    assert not page.locator(".source-pages").is_visible()


def test_a_web_address_is_taken_and_one_of_this_machine_is_refused(
    open_page: Opener, garden_url: str
) -> None:
    page = open_page(garden_url)
    page.get_by_role("button", name="Documents").click()
    page.get_by_label("Web address").fill(f"{garden_url}/healthz")
    page.get_by_label("Web address").press("Enter")
    page.wait_for_selector("text=it leads to 127.0.0.1, which is not a public address.")
