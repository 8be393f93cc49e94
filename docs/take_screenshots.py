"""Pictures of the page in its main states, at three widths, light and dark.

    make screenshots
    python -m docs.take_screenshots --widths 390 --schemes dark --only answer,documents

Everything shown is the real program over the bundled article; where a model answers, a small server
of our own says always the same, so that the pictures do not change. They are written to
``docs/screenshots``.
"""

from __future__ import annotations

import argparse
import os
import re
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from io import BytesIO
from pathlib import Path
from typing import Literal, get_args

from PIL import Image
from playwright.sync_api import Browser, FilePayload, Page, ViewportSize, sync_playwright

from benchmarks.page_load import slow_model
from chatbot import Chatbot, Settings
from chatbot.server import create_app
from chatbot.server.serving import Server, listen
from chatbot.ui import mount

Scheme = Literal["light", "dark"]
FOLDER = Path(__file__).parent / "screenshots"
HEIGHTS = {1440: 900, 820: 1180, 390: 844}
COLOURS = 128
"""In a picture: as good to look at, and a third of the size."""
QUESTION = "How many vehicles did Japan send to Ukraine?"
MODEL_SAYS = (
    "Japan sent 101 trucks and other SDF vehicles to Ukraine [{n}]. They were sent between May "
    "2023 and March 2024, all of them by ship [{n}]. Ukraine has asked for 300 more."
)
EVIDENCE = re.compile(r"\[(\d+)\][^\[]*101 trucks")
"""The number under which the prompt shows the sentence."""
NOTES = (
    "Minutes of the harbour meeting. The harbour handled 412 ships in 2025. "
    "The council wants to repair the north pier before the winter."
)


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--widths", default=",".join(map(str, HEIGHTS)))
    parser.add_argument("--schemes", default=",".join(get_args(Scheme)))
    parser.add_argument("--only", default=",".join(STATES))
    given = parser.parse_args()
    FOLDER.mkdir(exist_ok=True)
    path = os.environ.get("CHATBOT_CHROMIUM", "/usr/bin/chromium")
    flags = ["--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
    with ExitStack() as stack:
        quoting = stack.enter_context(page_of(model_url=None))
        model = stack.enter_context(slow_model(0.0, says=says))
        writing = stack.enter_context(page_of(model_url=model))
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        for width in map(int, given.widths.split(",")):
            for scheme in [one for one in get_args(Scheme) if one in given.schemes.split(",")]:
                for state in given.only.split(","):
                    address = writing if state == "verdicts" else quoting
                    take(browser, address, state, width=width, scheme=scheme)
        browser.close()
    return 0


def says(prompt: str) -> str:
    """Return what the model says, with the number of its sentence in this prompt."""
    found = EVIDENCE.search(prompt)
    return MODEL_SAYS.format(n=found[1] if found else 1)


@contextmanager
def page_of(*, model_url: str | None) -> Iterator[str]:
    """Yield the address of the page over the bundled article, answered by a model or by quotes."""
    model = "openai:gpt-5-mini" if model_url else None
    with tempfile.TemporaryDirectory() as scratch:
        settings = Settings(data_dir=Path(scratch) / "data", model=model, base_url=model_url)
        with Chatbot.from_settings(settings) as bot, page_over(bot) as address:
            yield address


@contextmanager
def page_over(bot: Chatbot) -> Iterator[str]:
    """Yield the address of the page over a bot, served in a thread of this process."""
    app = create_app(bot)
    mount(app, bot)
    ready = threading.Event()
    found: list[str] = []

    def on_ready(address: str) -> None:
        found.append(address)
        ready.set()

    with closing(listen("127.0.0.1", 0)) as listener:
        server = Server(app, listener, host="127.0.0.1", on_ready=on_ready)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            ready.wait(60)
            yield found[0]
        finally:
            server.should_exit = True
            thread.join()


def take(browser: Browser, address: str, state: str, *, width: int, scheme: Scheme) -> None:
    """Bring a new page into a state and write its picture."""
    size = ViewportSize(width=width, height=HEIGHTS[width])
    context = browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce")
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector(".starters li", state="attached")
    STATES[state](page)
    page.mouse.move(width / 2, HEIGHTS[width] * 0.7)  # off the buttons
    page.wait_for_timeout(400)
    name = FOLDER / f"{state}-{width}-{scheme}.png"
    picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(name, optimize=True)
    context.close()
    print(name.relative_to(FOLDER.parent.parent))


def ask(page: Page, question: str) -> None:
    """Ask and wait for the answer to be complete and kept."""
    before = page.locator(".turn").count()
    page.fill("#question", question)
    page.press("#question", "Enter")
    page.locator(".turn").nth(before).wait_for()
    page.wait_for_selector(".turn:last-child[data-state=done]")
    page.wait_for_selector(".conversations .row-open", state="attached")


def welcome(page: Page) -> None:
    """Show the page before the first question."""


def answer(page: Page) -> None:
    """Show a quote, with its sentence lit up where there is room beside it."""
    ask(page, "What does Japan fear?")
    page.get_by_role("button", name="New conversation").click()
    ask(page, "What did Mark Rutte say about security?")
    page.get_by_role("button", name="New conversation").click()
    ask(page, QUESTION)


def source(page: Page) -> None:
    """Show a quote, and its sentence after a click on the number."""
    ask(page, QUESTION)
    page.locator(".answer-body .marker").first.click()
    page.wait_for_selector(".sentence.flash")


def verdicts(page: Page) -> None:
    """Show what a model wrote, with the verdict of one sentence unfolded."""
    ask(page, QUESTION)
    page.locator(".answer-body .verdict").nth(1).click()


def refusal(page: Page) -> None:
    """Show what stands there when the documents do not say."""
    ask(page, "Who is the prime minister of Japan?")


def documents(page: Page) -> None:
    """Show the list of documents, one of them left out, after adding two files."""
    files = [
        FilePayload(name="harbour-meeting.txt", mimeType="text/plain", buffer=NOTES.encode()),
        FilePayload(name="photo.jpg", mimeType="image/jpeg", buffer=b"\xff\xd8\xff"),
    ]
    page.get_by_role("button", name="Documents").first.click()
    page.set_input_files("#add-file", files)
    page.wait_for_selector(".uploads li:last-child[data-state=failed]")
    page.locator(".documents .rows .use").last.click()


def conversations(page: Page) -> None:
    """Show the list of conversations, and what can be done with one."""
    answer(page)
    if not page.locator(".conversations").is_visible():
        page.get_by_role("button", name="Conversations").click()
    page.locator(".conversations .more").first.click()


STATES: dict[str, Callable[[Page], None]] = {
    state.__name__: state
    for state in (welcome, answer, source, verdicts, refusal, documents, conversations)
}


if __name__ == "__main__":
    raise SystemExit(main())
