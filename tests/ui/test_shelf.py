"""Adding several files at once, and choosing which documents a question may use."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from ui_moves import ask, kept
from ui_watched import reload

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from ui_chromium import Opener
    from ui_fakes import FakeBot

pytest_plugins = ["ui_chromium"]
pytestmark = pytest.mark.browser

DROP = """(files) => {
    const carried = new DataTransfer();
    for (const [name, text] of files) carried.items.add(new File([text], name));
    const target = document.querySelector(".transcript");
    for (const kind of ["dragenter", "dragover", "drop"]) {
        target.dispatchEvent(new DragEvent(kind, {
            dataTransfer: carried, bubbles: true, cancelable: true,
        }));
    }
}"""


def test_each_of_several_files_says_how_it_went(page: Page, bot: FakeBot, tmp_path: Path) -> None:
    page.get_by_role("button", name="Documents").first.click()
    names = ["one.txt", "bad.exe", "empty.txt", "two.txt"]
    for name in names:
        (tmp_path / name).write_text("" if name == "empty.txt" else f"This is {name}.")
    page.set_input_files("#add-file", [tmp_path / name for name in names])
    page.wait_for_function(
        "document.querySelectorAll('.uploads li:is([data-state=done], [data-state=failed])')"
        ".length === 4"
    )
    assert page.locator(".upload-text").all_inner_texts() == [
        "Added: one.txt",
        "bad.exe is of no kind that can be read.",
        "empty.txt is empty, or a folder.",
        "Added: two.txt",
    ]
    assert [one.title for one in bot.documents()] == ["Boxes", "one.txt", "two.txt"]
    page.get_by_role("button", name="Clear this list").click()
    assert not page.locator(".uploads-box").is_visible()


def test_files_dropped_on_the_page_are_added_and_never_take_its_place(
    page: Page, bot: FakeBot
) -> None:
    address = page.url
    page.evaluate(DROP, [["dropped.txt", "It fell in."], ["more.txt", "So did this."]])
    page.wait_for_selector(".uploads li:last-child[data-state=done]")
    assert page.url == address
    assert [one.title for one in bot.documents()] == ["Boxes", "dropped.txt", "more.txt"]
    assert page.locator(".documents").is_visible()


def test_a_file_that_is_too_large_is_refused_before_it_is_sent(page: Page, bot: FakeBot) -> None:
    page.evaluate(
        """() => {
            const carried = new DataTransfer();
            carried.items.add(new File([new Uint8Array(10_000_001)], "big.txt"));
            window.dispatchEvent(new DragEvent("drop", { dataTransfer: carried }));
        }"""
    )
    page.wait_for_selector("text=big.txt is larger than 10 MB, the most that can be added.")
    assert len(bot.documents()) == 1


def test_a_question_uses_the_documents_that_are_chosen(open_page: Opener, bot: FakeBot) -> None:
    bot.add_text("Dee knows more.", title="Notes")
    bot.add_text("Eve knows most.", title="Letters")
    boxes, notes, _ = (one.id for one in bot.documents())
    page = open_page()
    ask(page, "Who?")
    assert bot.limits[-1] is None
    page.get_by_role("button", name="Documents").first.click()
    page.get_by_label("Use Letters for answers").uncheck()
    chip = page.locator(".choice")
    assert chip.inner_text() == "2 of 3 documents"
    turn = ask(page, "And who else?")
    assert bot.limits[-1] == (boxes, notes)
    assert turn.locator(".limited").inner_text() == "Asked of: Boxes, Notes"

    page.get_by_label("Use all for answers").click()
    page.get_by_label("Use all for answers").click()
    assert chip.inner_text() == "No document is chosen"
    page.fill("#question", "Anyone?")
    page.press("#question", "Enter")
    assert "Choose at least one document" in page.locator(".composer-note").inner_text()
    page.get_by_label("Use Notes for answers").check()
    page.press("#question", "Enter")
    page.wait_for_selector(".turn:nth-child(3)[data-state=done]")
    assert bot.limits[-1] == (notes,)

    kept(page)
    bot.remove(notes)
    reload(page)
    page.wait_for_selector(".turn:nth-child(3) .limited:has-text('1 removed document')")
    assert chip.inner_text() == "No document is chosen"
    turns = bot.conversations.turns(bot.conversations.list()[0].id)
    assert [one.documents for one in turns] == [None, (boxes, notes), (notes,)]
