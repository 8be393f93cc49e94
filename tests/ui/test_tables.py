"""Tables in the text of the source pane, in a real Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from made_files import made_files
from ui_live import served
from ui_moves import PHONE, ask, settled_inside, violations

from chatbot import Chatbot, Settings

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from ui_chromium import Opener

pytest_plugins = ["ui_chromium"]
pytestmark = pytest.mark.browser

COLUMNS = ["Boat", "Berth", "Length", "Owner", "Flag", "Engine", "Insured until", "Harbour master"]
ROWS = [
    [f"Heron {n}", f"B{n}", f"{n + 5} m", f"Mr. Tarn {n}", "", "diesel", "May", "Ines Vale"]
    for n in range(120)
]
WIDE_TABLE = "\n".join(",".join(row) for row in [COLUMNS, *ROWS])


@pytest.fixture(scope="module")
def tables_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    settings = Settings(data_dir=tmp_path_factory.mktemp("tables"), corpus_dir=None)
    with Chatbot.from_settings(settings) as bot:
        bot.add_bytes(WIDE_TABLE.encode(), name="boats.csv")
        bot.add_bytes(made_files()["table.docx"][1](), name="rooms.docx")
        with served(bot, page=True) as address:
            yield address


def lit_row(page: Page, number: int) -> None:
    turn = ask(page, f"What is the length of Heron {number}?")
    turn.locator(".answer-body .marker").first.click()
    page.wait_for_selector("tr.sentence.cited.flash")


@pytest.mark.parametrize("options", [{}, {"viewport": PHONE}], ids=["desktop", "phone"])
def test_a_cited_row_is_lit_with_its_header_in_sight(
    open_page: Opener, tables_url: str, options: dict[str, object]
) -> None:
    page = open_page(tables_url, reduced_motion="reduce", **options)
    lit_row(page, 97)
    row = page.locator("tr.cited")
    texts = row.evaluate("(row) => [...row.cells].map((cell) => cell.lastChild.textContent)")
    assert texts[-1] == "Ines Vale"
    assert row.get_attribute("data-sentence") == "98"
    assert settled_inside(page, "tr.cited", ".block-table")
    assert settled_inside(page, ".block-table th", ".block-table")
    covered = """() => {
        const header = document.querySelector(".block-table th").getBoundingClientRect();
        return document.querySelector("tr.cited").getBoundingClientRect().top < header.bottom - 1;
    }"""
    assert not page.evaluate(covered)
    wide = "(node) => node.scrollWidth > node.clientWidth"
    assert page.locator(".block-table").evaluate(wide)
    assert not page.locator(".source-text").evaluate(wide)
    assert violations(page) == []


def test_a_lit_row_tells_by_keyboard_what_rests_on_it(open_page: Opener, tables_url: str) -> None:
    page = open_page(tables_url)
    lit_row(page, 41)
    page.locator("tr.cited .cited-number").press("Enter")
    page.wait_for_selector(".rests:not([hidden])")
    page.keyboard.press("Escape")
    page.wait_for_function("document.activeElement.matches('tr.cited .cited-number')")


def test_rows_of_the_page_are_the_sentences_of_the_text(open_page: Opener, tables_url: str) -> None:
    page = open_page(tables_url)
    page.get_by_role("button", name="Documents").click()
    page.get_by_role("button", name="Read rooms").click()
    table = page.get_by_role("table")
    table.filter(has_text="Hazel").wait_for()
    names = table.get_by_role("columnheader").all_inner_texts()
    assert names == ["Room", "Seats", "Projector"]
    rows = table.locator("tbody tr").all_text_contents()
    assert rows == ["Alder | 12 | no", "Hazel | 40 | yes", "Rowan | 8 | no"]
    region = page.get_by_role("region", name="Table Room Seats Projector")
    assert region.get_attribute("tabindex") == "0"
