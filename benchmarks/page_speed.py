"""How long the page takes from a click on a number to the lit sentence, with much in the store.

    python -m benchmarks.page_speed
    python -m benchmarks.page_speed --conversations 200 --sentences 5000 --clicks 20

A real browser (CHATBOT_CHROMIUM, else /usr/bin/chromium) at the real page, one person with so many
conversations and a document of so many sentences. See README.md.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, sync_playwright

from chatbot import Chatbot, Settings
from docs.take_screenshots import ask, page_over

TARGET = 200
"""Milliseconds from the click to the lit sentence standing in its pane."""
CLICK = """(marker) => new Promise((resolve) => {
    for (const one of document.querySelectorAll(".sentence.flash")) one.classList.remove("flash");
    const frame = document.querySelector(".source-text");
    frame.scrollTop = 0;
    requestAnimationFrame(() => requestAnimationFrame(() => {
        const began = performance.now();
        marker.click();
        let frames = 0; // it counts once it has stood there in the frame before, so was painted
        const look = () => {
            const lit = document.querySelector(".sentence.flash");
            const inside = lit && lit.getBoundingClientRect();
            const outer = frame.getBoundingClientRect();
            if (inside && inside.top >= outer.top && inside.bottom <= outer.bottom) {
                frames += 1;
                if (frames === 2) return resolve(performance.now() - began);
            }
            requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
    }));
})"""


def click_to_highlight(page: Page, *, clicks: int) -> list[float]:
    """Return milliseconds from a click on the last number to its lit sentence, for each click."""
    marker = page.locator(".answer-body .marker").last.element_handle()
    return [float(page.evaluate(CLICK, marker)) for _ in range(clicks)]


def person_in(context: BrowserContext) -> str:
    """Return who a browser is to the server: its cookie holds the name, signed."""
    [cookie] = [one for one in context.cookies() if one["name"].startswith("chatbot-")]
    return str(cookie["value"]).rpartition(".")[0]


def book(sentences: int) -> str:
    """Return a text of so many sentences, the last but some about a lighthouse."""
    lines = [
        f"In chapter {number} nothing happens that is worth telling twice."
        for number in range(sentences - 200)
    ]
    lines.append("The lighthouse of Verdane was built in 1872 by Ada Quill.")
    lines += [f"Appendix {number} lists what was left out." for number in range(199)]
    return "\n\n".join(lines)


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--conversations", type=int, default=200)
    parser.add_argument("--sentences", type=int, default=5000)
    parser.add_argument("--clicks", type=int, default=20)
    given = parser.parse_args()
    path = os.environ.get("CHATBOT_CHROMIUM", "/usr/bin/chromium")
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        settings = Settings(data_dir=Path(scratch) / "data", model=None)
        with Chatbot.from_settings(settings) as bot, page_over(bot) as address:
            bot.add_text(book(given.sentences), title="A long book")
            browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
            context = browser.new_context(viewport={"width": 1440, "height": 900})
            page = context.new_page()
            page.goto(address)
            page.wait_for_selector(".starters", state="attached")
            fill(bot, person_in(context), given.conversations)
            measure(page, sentences=bot.documents()[-1].sentence_count, clicks=given.clicks)
            browser.close()
    return 0


def fill(bot: Chatbot, person: str, count: int) -> None:
    """Save so many conversations of this person, with one answer each."""
    kept = bot.for_owner(person).conversations
    answer = bot.ask("How many vehicles did Japan send to Ukraine?")
    for number in range(count):
        begun = kept.start(f"Conversation {number} about vehicles")
        kept.append(begun.id, question=f"How many, {number}?", answer=answer)


def measure(page: Page, *, sentences: int, clicks: int) -> None:
    """Measure at a page whose person has all that, and print."""
    began = time.perf_counter()
    page.reload()
    page.wait_for_selector(".conversations .row-open")
    listed = 1000 * (time.perf_counter() - began)
    rows = page.locator(".conversations .row-open").count()
    print(f"page with {rows} conversations listed: {listed:.0f} ms")
    ask(page, "When was the lighthouse of Verdane built?")
    page.wait_for_selector(".sentence.cited", state="attached")
    times = click_to_highlight(page, clicks=clicks)
    worst = max(times)
    print(f"document with {sentences} sentences, {len(times)} clicks on a number to its sentence:")
    print(f"median {statistics.median(times):.0f} ms, most {worst:.0f} ms, target {TARGET} ms")


if __name__ == "__main__":
    raise SystemExit(main())
