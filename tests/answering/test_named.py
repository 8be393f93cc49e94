"""Questions that name their document by its title."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot import Chatbot, Settings
from chatbot.answering.named import name_in, without_name

TITLE = "Brisa 200 espresso machine, owner's manual"
MANUAL = """# Brisa 200 espresso machine

The Brisa 200 is made in Lunden. The Brisa 200 has no grinder.

## Care

Descale the machine every two months. Dissolve one sachet of descaler in half a litre of water and \
pour it into the tank.

## Warranty

The warranty lasts three years.
"""


@pytest.mark.parametrize(
    ("query", "title", "name"),
    [
        ("How do I descale the Brisa 200?", TITLE, "Brisa 200"),
        ("how do i descale the brisa 200", TITLE, "brisa 200"),
        ("When was Ilse Marwitz born?", "Ilse Marwitz", "Ilse Marwitz"),
        ("What did the Bank of Lunden buy?", "History of the Bank of Lunden", "Bank of Lunden"),
        ("Is the Brisa dear?", TITLE, None),
        ("Where is the espresso machine?", TITLE, None),
        ("What did NATO defense ministers say?", "Partners meet NATO defense ministers", None),
        ("Why?", TITLE, None),
        ("", "", None),
    ],
)
def test_a_name_is_two_words_of_a_title_in_capitals_or_numbers(
    query: str, title: str, name: str | None
) -> None:
    assert name_in(query, title) == name


@pytest.mark.parametrize(
    ("query", "name", "left"),
    [
        ("How do I descale the Brisa 200?", "Brisa 200", "How do I descale it?"),
        ("What is the Brisa 200's tank made of?", "Brisa 200", "What is its tank made of?"),
        ("Is Brisa 2000 older than Brisa 200?", "Brisa 200", "Is Brisa 2000 older than it?"),
    ],
)
def test_it_stands_for_the_name(query: str, name: str, left: str) -> None:
    assert without_name(query, name) == left


def test_what_the_document_calls_otherwise_is_found(tmp_path: Path) -> None:
    (tmp_path / "manual.md").write_text(MANUAL, encoding="utf-8")
    with Chatbot.from_settings(Settings(data_dir=tmp_path / "d", corpus_dir=None)) as bot:
        bot.add(tmp_path / "manual.md")
        answer = bot.ask("How do I descale the Brisa 200?")
        assert not answer.refused
        assert answer.citations[0].text == "Descale the machine every two months."
        assert not any("grinder" in citation.text for citation in answer.citations)
        assert bot.ask("What does the Brisa 200 cost?").refused
