"""Documents in a real Chromium: adding, reading, removing, and markers that point into them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from ui_fakes import answer, claims
from ui_moves import ask, settled_inside

from chatbot.documents import SUPPORTED_SUFFIXES
from chatbot.types import AnswerEvent, Verdict

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from ui_fakes import FakeBot
    from ui_watched import Watched


pytest_plugins = ["ui_chromium"]
pytestmark = pytest.mark.browser


# ---- documents


def test_only_what_the_server_refuses_at_its_own_addresses_is_no_mistake_of_the_page(
    page: Page, desktop: Watched
) -> None:
    status = "async ([method, path]) => (await fetch(path, { method })).status"
    for method, path in (("GET", f"api/documents/{'0' * 64}"), ("POST", "api/collections")):
        assert page.evaluate(status, [method, path]) in (404, 422)
    assert desktop.complaints == []
    for method, path in (("GET", "api/nowhere"), ("GET", "page/x"), ("POST", "api/search")):
        assert page.evaluate(status, [method, path]) in (404, 405)
    page.wait_for_timeout(200)
    assert len(desktop.complaints) == 3
    desktop.complaints.clear()


def test_documents_are_added_read_and_removed(page: Page, bot: FakeBot, tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("Dee wrote a note.")
    page.get_by_role("button", name="Documents").click()
    facts = "text · 122 sentences · Nov 22, 2026 · everybody’s"
    assert page.locator(".row-facts").all_text_contents() == [facts]
    page.set_input_files("#add-file", notes)
    page.wait_for_selector("text=Added: notes.txt")
    page.get_by_text("Paste text").click()
    page.get_by_label("Title").fill("Pasted")
    page.get_by_label("Text", exact=True).fill("Eve pasted this.")
    page.get_by_role("button", name="Add", exact=True).click()
    page.wait_for_selector("text=Added: Pasted")
    page.get_by_text("Paste text").click()
    page.get_by_label("Text", exact=True).fill("Eve pasted this.")
    page.get_by_label("Title").fill("Pasted")
    page.get_by_role("button", name="Add", exact=True).click()
    page.wait_for_selector("text=Pasted is already there, unchanged.")
    assert [one.title for one in bot.documents()] == ["Boxes", "notes.txt", "Pasted"]

    page.get_by_role("button", name="Read notes.txt").click()
    page.wait_for_selector(".sentence:has-text('Dee wrote a note.')")
    assert page.locator(".source-title").text_content() == "notes.txt"

    page.get_by_role("button", name="Documents").click()
    page.get_by_role("button", name="Remove notes.txt").click()
    page.get_by_role("button", name="Keep").click()
    page.get_by_role("button", name="Remove notes.txt").click()
    page.get_by_role("group").get_by_role("button", name="Remove").click()
    page.wait_for_selector("text=Removed: notes.txt")
    assert [one.title for one in bot.documents()] == ["Boxes", "Pasted"]
    assert page.locator(".source-title").text_content() == "Boxes"


def test_a_text_that_is_too_long_is_told_what_to_do(page: Page, bot: FakeBot) -> None:
    page.get_by_role("button", name="Documents").click()
    page.get_by_text("Paste text").click()
    page.evaluate("document.querySelector('#text-body').value = 'x '.repeat(1_000_001)")
    page.get_by_role("button", name="Add", exact=True).click()
    page.wait_for_selector("text=This text has more than 2,000,000 characters")
    assert "Split it" in page.locator(".documents-message").inner_text()
    assert [one.title for one in bot.documents()] == ["Boxes"]


def test_the_picker_offers_every_suffix_and_a_folder_is_added_with_all_it_holds(
    page: Page, bot: FakeBot, tmp_path: Path
) -> None:
    page.get_by_role("button", name="Documents").click()
    accepted = page.locator("#add-file").get_attribute("accept") or ""
    assert set(accepted.split(",")) == set(SUPPORTED_SUFFIXES)
    folder = tmp_path / "notes"
    for name in ("a.txt", "b/a.txt", "program.exe", ".hidden.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"This is {name} itself.")
    page.set_input_files("#add-folder", folder)
    page.wait_for_selector("text=1 file in the folder has a format that is not supported.")
    page.wait_for_selector("text=Added: notes/b/a.txt")
    titles = {one.title for one in bot.documents()}
    assert titles == {"Boxes", "notes/a.txt", "notes/b/a.txt"}
    assert page.locator("#add-address").count() == 0  # not permitted here


def test_a_file_of_another_kind_is_refused_in_one_sentence(page: Page, tmp_path: Path) -> None:
    (tmp_path / "x.exe").write_bytes(b"MZ")
    page.get_by_role("button", name="Documents").click()
    page.set_input_files("#add-file", tmp_path / "x.exe")
    page.wait_for_selector("text=x.exe is of no kind that can be read.")


def test_a_marker_opens_the_document_it_points_into(page: Page, bot: FakeBot) -> None:
    bot.add_text("Fay knows it.\nGus does not.", title="Other")

    def other(bot: FakeBot, question: str) -> Iterator[AnswerEvent]:
        citation = bot.citation(1, document=1, sentence=1)
        text, made = claims((citation.text, Verdict.QUOTED, (1,)))
        yield answer(bot, question, text, claims=made, citations=(citation,))

    bot.script = other
    ask(page, "Who knows?").locator(".answer-body .marker").click()
    page.wait_for_selector(".sentence.flash")
    assert page.locator(".source-title").text_content() == "Other"
    assert page.locator(".sentence.flash").inner_text() == "Gus does not."


def test_a_citation_of_a_removed_document_still_shows_what_was_quoted(
    page: Page, bot: FakeBot
) -> None:
    turn = ask(page, "Who?")
    bot.remove(bot.documents()[0].id)
    bot.add_text("Something else.", title="Else")
    page.get_by_role("button", name="Documents").click()
    page.get_by_text("Paste text").click()
    page.get_by_label("Text", exact=True).fill("  And more.\nThen it ends. ")
    page.get_by_role("button", name="Add", exact=True).click()
    page.wait_for_selector("text=Added: And more. Then it ends.")  # named after its beginning
    page.wait_for_selector(".sentence:has-text('Something else.')", state="attached")
    turn.locator(".answer-body .marker").click()
    assert page.locator(".source-text blockquote").inner_text() == "Ann sent 12 boxes to Bo."


def test_a_long_document_opens_at_the_cited_sentence(page: Page, bot: FakeBot) -> None:
    lines = [f"Paragraph {number} {'goes on and on ' * (number % 40)}." for number in range(5000)]
    bot.add_text("\n".join(lines), title="Book")

    def deep(bot: FakeBot, question: str) -> Iterator[AnswerEvent]:
        citation = bot.citation(1, document=1, sentence=4321)
        text, made = claims((citation.text, Verdict.QUOTED, (1,)))
        yield answer(bot, question, text, claims=made, citations=(citation,))

    bot.script = deep
    turn = ask(page, "Where?")
    page.wait_for_selector(".sentence[data-sentence='4321'].cited")
    page.locator(".source-text").evaluate("(node) => { node.scrollTop = 0; }")
    turn.locator(".answer-body .marker").click()
    assert settled_inside(page, ".sentence.flash", ".source-text")
