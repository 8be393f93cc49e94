"""Collections and links to conversations in a real Chromium, over the real program."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from ui_live import served
from ui_moves import PHONE, ask, violations
from ui_watched import reload

from chatbot import Chatbot, Settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from ui_chromium import Opener

pytest_plugins = ["ui_chromium"]
pytestmark = pytest.mark.browser

SIZE = {"width": 1300, "height": 800}
RENT = "The rent of the north pier is 900 euros a month."
BEES = "The hives in Voss hold nine swarms."
QUESTION = "What is the rent of the north pier?"


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Chatbot, str]]:
    folder = tmp_path_factory.mktemp("collections") / "data"
    settings = Settings(data_dir=folder, corpus_dir=None, share_links=True)
    with Chatbot.from_settings(settings) as bot:
        for title, text in (("Lease", RENT), ("Bees", BEES), ("Ferry", "The ferry is blue.")):
            bot.add_text(text, title=title)
        with served(bot, page=True) as address:
            yield bot, address


@pytest.fixture
def person(open_page: Opener, real: tuple[Chatbot, str]) -> Page:
    """The page of somebody who has not been here yet."""
    return opened(open_page, real[1], viewport=SIZE)


def opened(open_page: Opener, address: str, **options: object) -> Page:
    page = open_page(address, **options)
    page.wait_for_selector(".documents .rows li", state="attached")
    return page


def panel(page: Page) -> None:
    page.locator(".open-documents").click()


def collect(page: Page, name: str, *titles: str) -> None:
    """Make a collection of the documents with these titles, in the open panel."""
    for title in page.locator(".rows .row-title").all_text_contents():
        page.get_by_label(f"Use {title} for answers").set_checked(title in titles)
    page.get_by_role("button", name="New collection").click()
    page.get_by_label("Name of the collection").fill(name)
    page.keyboard.press("Enter")
    page.wait_for_selector(f".choice:has-text('{name}:')", state="attached")


def shown(page: Page) -> list[str]:
    return page.locator(".rows li:visible .row-title").all_text_contents()


def test_a_question_uses_the_collection_that_is_chosen_and_the_conversation_keeps_it(
    person: Page,
) -> None:
    page = person
    assert not page.locator(".choice").is_visible()
    panel(page)
    collect(page, "Voss", "Bees", "Ferry")
    assert shown(page) == ["Bees", "Ferry"]
    assert page.locator(".choice").inner_text() == "Voss: 2 documents"
    turn = ask(page, QUESTION)
    assert "refused" in (turn.get_attribute("class") or "")
    assert turn.locator(".limited").inner_text() == "Asked of: Bees, Ferry"

    page.get_by_role("button", name="New conversation").click()
    page.get_by_label("Collection", exact=True).select_option("")
    assert page.locator(".choice").inner_text() == "2 of 3 documents"
    page.get_by_label("Use all for answers").check()
    assert page.locator(".choice").inner_text() == "All documents"
    turn = ask(page, QUESTION)
    assert RENT in turn.locator(".answer-body").inner_text()
    page.wait_for_function("document.querySelectorAll('.row-open').length === 2")

    page.locator(".row-open").last.click()
    page.wait_for_selector(".choice:has-text('Voss: 2 documents')")
    reload(page)
    page.wait_for_selector(".turn .limited")
    page.wait_for_selector(".choice:has-text('Voss: 2 documents')")
    page.locator(".row-open").first.click()
    page.wait_for_selector(".choice:has-text('All documents')")


def test_what_is_added_goes_into_the_collection_and_ticks_change_what_is_in_it(
    person: Page, tmp_path: Path
) -> None:
    page = person
    panel(page)
    collect(page, "Mine", "Bees")
    (tmp_path / "notes.txt").write_text("Ida Holm is the harbour master.")
    page.set_input_files("#add-file", tmp_path / "notes.txt")
    page.wait_for_selector(".choice:has-text('Mine: 2 documents')")
    page.get_by_text("Paste text").click()
    page.get_by_label("Title").fill("Pasted")
    page.get_by_label("Text", exact=True).fill("The crane is red.")
    page.get_by_role("button", name="Add", exact=True).click()
    page.wait_for_selector(".choice:has-text('Mine: 3 documents')")
    assert shown(page) == ["Bees", "notes", "Pasted"]

    page.get_by_role("button", name="Collections of Bees").click()
    page.get_by_role("group", name="Collections of Bees").get_by_label("Mine").uncheck()
    page.wait_for_selector(".choice:has-text('Mine: 2 documents')")
    assert shown(page) == ["notes", "Pasted"]
    page.get_by_role("button", name="Remove notes").click()
    page.get_by_role("group").get_by_role("button", name="Remove").click()
    page.wait_for_selector(".choice:has-text('Mine: 1 document')")
    page.get_by_label("Collection", exact=True).select_option("")
    page.get_by_role("button", name="Collections of Lease").click()
    page.get_by_role("group", name="Collections of Lease").get_by_label("Mine").check()
    page.wait_for_selector("#collection option:text-is('Mine (2)')", state="attached")

    page.get_by_label("Collection", exact=True).select_option(label="Mine (2)")
    page.get_by_role("button", name="Rename or delete Mine").click()
    page.get_by_label("Name of the collection").first.fill("Yours")
    page.get_by_role("button", name="Rename", exact=True).click()
    page.wait_for_selector(".choice:has-text('Yours: 1 of 2 documents')")
    page.get_by_role("button", name="Rename or delete Yours").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_role("button", name="Keep").click()
    page.get_by_role("button", name="Rename or delete Yours").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_role("button", name="Delete", exact=True).click()
    page.wait_for_selector(".choice:has-text('2 of 4 documents')")
    assert len(shown(page)) == 4


def test_a_name_that_is_taken_and_an_empty_collection_are_told(person: Page) -> None:
    page = person
    panel(page)
    for name in ("Empty", "empty"):
        page.get_by_role("button", name="New collection").click()
        page.get_by_label("Name of the collection").fill(name)
        page.keyboard.press("Enter")
        page.wait_for_selector(".choice:has-text('Empty: no document yet')")
    page.wait_for_selector("text=There is a collection 'empty' already: choose another name.")
    page.keyboard.press("Escape")
    assert "What you add now goes into it" in page.locator(".rows-empty").inner_text()
    page.fill("#question", "Anything?")
    page.press("#question", "Enter")
    assert "Choose at least one document" in page.locator(".composer-note").inner_text()


def test_all_of_it_goes_by_keyboard(person: Page) -> None:
    page = person
    panel(page)
    page.get_by_role("button", name="New collection").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    focused = "document.activeElement.getAttribute('aria-label') || document.activeElement.id"
    assert page.evaluate(focused) == "New collection"
    page.keyboard.press("Enter")
    page.keyboard.type("Keys")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.id === 'collection'")
    page.keyboard.press("ArrowUp")
    page.wait_for_selector(".choice:has-text('All documents')")
    page.get_by_role("button", name="Collections of Ferry").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    page.wait_for_selector("#collection option:text-is('Keys (1)')", state="attached")
    page.keyboard.press("Escape")
    assert page.evaluate(focused) == "Collections of Ferry"


def test_nobody_sees_another_persons_collection(
    open_page: Opener, real: tuple[Chatbot, str]
) -> None:
    ann = opened(open_page, real[1], viewport=SIZE)
    panel(ann)
    collect(ann, "Ann’s own", "Bees")
    ben = opened(open_page, real[1], viewport=SIZE)
    assert ben.locator("#collection option").all_text_contents() == ["All documents"]
    known = ann.evaluate("window.chatbotPage.collection().id")
    ben.evaluate("(id) => sessionStorage.setItem('chatbot.collection', id)", known)
    reload(ben)
    ben.wait_for_selector(".documents .rows li", state="attached")
    assert not ben.locator(".choice").is_visible()
    assert RENT in ask(ben, QUESTION).locator(".answer-body").inner_text()


def test_a_collection_that_was_deleted_elsewhere_never_becomes_all_documents(
    person: Page, real: tuple[Chatbot, str]
) -> None:
    page = person
    panel(page)
    collect(page, "Gone", "Bees")
    known = page.evaluate("window.chatbotPage.collection().id")
    bot = real[0]
    with bot._store.parts.home.writing() as connection:
        connection.exec_driver_sql("DELETE FROM collections WHERE name = 'Gone'")
    turn = ask(page, QUESTION, state="failed")
    assert f"There is no collection '{known}'" in turn.locator(".error").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_has_no_fault_on_a_phone(
    open_page: Opener, real: tuple[Chatbot, str], scheme: str
) -> None:
    page = opened(open_page, real[1], viewport=PHONE, color_scheme=scheme, reduced_motion="reduce")
    panel(page)
    collect(page, "A name that is as long as it may be " + "w" * 64, "Bees", "Lease")
    page.get_by_role("button", name="Collections of Bees").click()
    page.locator(".collection-line").get_by_role("button").last.click()
    assert violations(page) == [], "panel"
    page.get_by_role("button", name="Delete", exact=True).click()
    assert violations(page) == [], "deleting"
    for frame in ("html", "body", ".documents"):
        wide = page.locator(frame).evaluate("(node) => node.scrollWidth - node.clientWidth")
        assert wide <= 0, frame
    for one in page.locator(".collection-line :is(select, button):visible").all():
        box = one.bounding_box()
        assert box is not None
        assert box["height"] >= 44
        assert box["x"] + box["width"] <= PHONE["width"]
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    ask(page, QUESTION)
    page.locator(".open-conversations").click()
    page.locator(".conversations .more").click()
    page.get_by_role("button", name="Make a read-only link").click()
    page.wait_for_selector(".share-made input")
    assert violations(page) == [], "sharing"
    address = page.get_by_label("The link", exact=True).input_value()
    page.goto(address)
    assert violations(page) == [], "what is shared"
    wide = page.locator("html").evaluate("(node) => node.scrollWidth - node.clientWidth")
    assert wide <= 0


def test_it_speaks_japanese(open_page: Opener, real: tuple[Chatbot, str]) -> None:
    page = opened(open_page, real[1], viewport=SIZE, locale="ja-JP")
    panel(page)
    page.get_by_role("button", name="新しいコレクション").click()
    page.get_by_label("コレクション名").fill("港")
    page.get_by_role("button", name="作成").click()
    page.wait_for_selector(".choice:has-text('港：文書がまだありません')")
    page.get_by_label("コレクション", exact=True).select_option("")
    assert page.locator(".choice").inner_text() == "すべての文書"


# ---- links


def test_a_link_is_made_copied_opened_by_a_stranger_and_taken_back(
    person: Page, chromium: Browser
) -> None:
    page = person
    ask(page, QUESTION)
    page.get_by_role("button", name=f"More for {QUESTION}").click()
    page.get_by_role("button", name="Make a read-only link").click()
    field = page.get_by_label("The link", exact=True)
    field.wait_for()
    assert "Whoever has this link" in page.locator(".share-note").inner_text()
    address = field.input_value()
    assert address.startswith(page.url.split("?")[0])
    page.get_by_role("button", name="Copy", exact=True).click()
    page.wait_for_selector(".share-note:text-is('Copied')")

    ask(page, "And what is the ferry like?")
    stranger = chromium.new_context(viewport=PHONE).new_page()
    answered = stranger.goto(address)
    assert answered is not None
    assert answered.status == 200
    assert stranger.locator("h1").inner_text() == QUESTION
    assert stranger.locator("q").inner_text().strip("“”") == RENT
    assert "ferry" not in stranger.content()
    assert stranger.context.cookies() == []
    assert stranger.evaluate("document.scripts.length") == 0

    page.get_by_role("button", name=f"More for {QUESTION}").click()
    page.get_by_role("button", name=f"More for {QUESTION}").click()
    assert not page.get_by_label("The link", exact=True).is_visible()  # it is shown once
    page.get_by_role("button", name="Take back the link that works until").click()
    page.wait_for_selector("text=Taken back. The link no longer works.")
    assert page.locator(".share-links li").count() == 0
    stranger.reload()
    assert stranger.locator("h1").inner_text() == "This link does not work any more"
    stranger.context.close()


def test_without_the_setting_nothing_is_offered(page: Page) -> None:
    ask(page, "Who?")
    page.get_by_role("button", name="More for Who?").click()
    page.get_by_role("button", name="Rename Who?").wait_for()
    assert page.get_by_text("Make a read-only link").count() == 0
    path = f"api/conversations/{'0' * 32}/links"
    told = page.evaluate("(path) => window.chatbotPage.api('POST', path, {})", path)
    assert "Links are switched off" in told["error"]
