"""An answer to take along: footnotes as plain text and as Markdown, its doubts told in words."""

from __future__ import annotations

from pathlib import Path

import pytest
from ui_fakes import FakeBot, answer, claims

from chatbot.types import Answer, Claim, Verdict
from chatbot.ui.footnotes import markdown_footnotes, plain_footnotes
from chatbot.ui.texts import texts_in

EN, JA = texts_in("en"), texts_in("ja")


@pytest.fixture
def bot(tmp_path: Path) -> FakeBot:
    bot = FakeBot(tmp_path, model="some-model")
    bot.add_text("Ann *sent* <b>12</b> boxes.\nCy stayed.", title="Boxes [new]")
    return bot


def doubted(bot: FakeBot) -> Answer:
    text, made = claims(
        ("Ann sent **12** boxes.", Verdict.SUPPORTED, (1,)),
        ("Cy <b>ran</b>.", Verdict.PARTLY, (2,)),
        ("Dee wept.", Verdict.UNSUPPORTED, ()),
    )
    cited = (bot.citation(1), bot.citation(2, sentence=1))
    return answer(bot, "?", text, claims=made, citations=cited)


def test_plain_text_lists_each_source_and_says_what_is_not_supported(bot: FakeBot) -> None:
    assert plain_footnotes(doubted(bot), EN).split("\n") == [
        "Ann sent **12** boxes. [1] Cy <b>ran</b>. [2] (supported only in part) "
        "Dee wept. (not supported by the documents)",
        "",
        "[1] “Ann *sent* <b>12</b> boxes.” (Boxes [new])",
        "[2] “Cy stayed.” (Boxes [new])",
    ]


def test_markdown_has_footnotes_and_no_markup_of_a_document_or_html_of_a_model(
    bot: FakeBot,
) -> None:
    assert markdown_footnotes(doubted(bot), EN).split("\n") == [
        r"Ann sent **12** boxes. [^1] Cy \<b>ran\</b>. [^2] (supported only in part) "
        "Dee wept. (not supported by the documents)",
        "",
        r"[^1]: “Ann \*sent\* \<b\>12\</b\> boxes.” (Boxes \[new\])",
        r"[^2]: “Cy stayed.” (Boxes \[new\])",
    ]


def test_a_citation_that_the_check_found_and_a_marker_of_nothing_are_both_told(
    bot: FakeBot,
) -> None:
    text = "Ann sent them. [9]"
    claim = Claim(
        text="Ann sent them.",
        start=0,
        end=14,
        verdict=Verdict.UNSUPPORTED,
        score=0.1,
        citations=(1,),
        unknown_markers=(9,),
    )
    made = answer(bot, "?", text, claims=(claim,), citations=(bot.citation(1),))
    body = markdown_footnotes(made, EN).split("\n")[0]
    assert body == r"Ann sent them. \[9\] [^1] (not supported by the documents)"


def test_a_quotation_is_escaped_as_a_whole(tmp_path: Path) -> None:
    bot = FakeBot(tmp_path)
    bot.add_text("# Not *a* heading.", title="T")
    text, made = claims(("# Not *a* heading.", Verdict.QUOTED, (1,)))
    quoted = answer(bot, "?", text, claims=made, citations=(bot.citation(1),))
    assert markdown_footnotes(quoted, JA).split("\n") == [
        r"\# Not \*a\* heading. [^1]",
        "",
        r"[^1]: 「\# Not \*a\* heading.」（T）",
    ]


def test_a_refusal_is_copied_without_sources(bot: FakeBot) -> None:
    refusal = answer(bot, "?", "It does not say.", refused=True, retrieved=(bot.passage(0),))
    assert plain_footnotes(refusal, EN) == markdown_footnotes(refusal, EN) == "It does not say."
