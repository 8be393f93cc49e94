"""Markdown: what a reader of the rendered page sees is what is stored."""

from __future__ import annotations

import time

import pytest
from documents_helpers import parse, texts
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot.errors import DocumentError

PAGE = """---
title: "The \\"big\\" report"
source: Ministry # of defense
tags: [a, b]
---
# Overview

Japan sent **101 trucks** to [Ukraine](https://example.org/a_(b)).
It was *much*.

- First item, e.g. this
- Second item.
  It goes on.
1. Open the box.
2. Close `the_box`.

Setext heading
--------------

| Country | Trucks |
|---------|:------:|
| Japan   | 101 \\| 102 |

> A quoted line.

```python
x = 1  # not a *mark*
```
***
Last<br>words &amp; ends. <!-- hidden
instructions --> Done.
"""


def test_front_matter_headings_lists_tables_and_code_become_sentences() -> None:
    parsed = parse(PAGE, "x.md")
    assert [(s.heading, s.text) for s in parsed.sentences] == [
        ("Overview", "Overview"),
        ("Overview", "Japan sent 101 trucks to Ukraine."),
        ("Overview", "It was much."),
        ("Overview", "First item, e.g. this"),
        ("Overview", "Second item."),
        ("Overview", "It goes on."),
        ("Overview", "1. Open the box."),
        ("Overview", "2. Close the_box."),
        ("Setext heading", "Setext heading"),
        ("Setext heading", "Country | Trucks"),
        ("Setext heading", "Japan | 101 | 102"),
        ("Setext heading", "A quoted line."),
        ("Setext heading", "x = 1  # not a *mark*"),
        ("Setext heading", "Last"),
        ("Setext heading", "words & ends."),
        ("Setext heading", "Done."),
    ]
    texts(parsed)
    assert parsed.document.title == 'The "big" report'
    assert parsed.document.source == "Ministry"


def test_every_list_item_is_a_paragraph_of_its_own() -> None:
    parsed = parse("- a b\n- c d\n- e f\n", "x.md")
    assert parsed.document.text == "a b\nc d\ne f"
    assert [s.paragraph for s in parsed.sentences] == [0, 1, 2]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("a **b** c", "a b c"),
        ("**bold with *italics* inside**", "bold with italics inside"),
        ("snake_case_name and __init__", "snake_case_name and init"),
        ("5*3 and 4*2", "5*3 and 4*2"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        (r"\*not emphasis\*", "*not emphasis*"),
        ("`**code**` stays", "**code** stays"),
        ("![a picture](x.png) [link](y 'title')", "a picture link"),
        ("[text][1] and [2]", "[text][1] and [2]"),
        ("[text][1] and [2]\n\n[1]: https://nato.int", "text and [2]"),
        ("[[Home|the start]] and [[End]]", "the start and End"),
        ("- a\n\n  ```sh\n  ls *\n  ```", "a\n\nls *"),
        ("<https://nato.int>", "https://nato.int"),
        ("~~gone~~ &copy; &nosuch; AT&T", "© &nosuch; AT&T"),
        ("~~all of it~~", "[struck out] all of it"),
        ("a < b and c > d, x <y and z> w", "a < b and c > d, x <y and z> w"),
        ("H<sub>2</sub>O <b class='x'>bold</b>", "H₂O bold"),
        ("这是**重点**内容", "这是重点内容"),
        ("a footnote* and another*", "a footnote* and another*"),
    ],
)
def test_inline_marks_are_taken_out_and_words_are_not(written: str, read: str) -> None:
    assert parse(written, "x.md").document.text == read


def test_without_front_matter_the_first_heading_is_the_title() -> None:
    assert parse("text\n\n## A heading ##\n\nmore text", "x.md").document.title == "A heading"


def test_a_rule_at_the_top_is_no_front_matter() -> None:
    parsed = parse("---\nNot matter. It never ends.\n", "x.md")
    assert texts(parsed) == ["Not matter.", "It never ends."]


def test_a_paragraph_of_wrapped_lines_is_one_paragraph() -> None:
    parsed = parse("The ministers of four countries agreed on\nmore help for Ukraine.\n", "x.md")
    assert texts(parsed) == ["The ministers of four countries agreed on more help for Ukraine."]


@pytest.mark.parametrize(
    "unit", ["[", "](", "**a", "<!--", "`", "``a", "![x](", "_a", "- ", "> ", "|", "#", "\\", "<b "]
)
def test_hostile_markdown_costs_no_more_than_its_length(unit: str) -> None:
    def seconds(length: int) -> float:
        data = ("word " + unit * (length // len(unit))).encode()
        start = time.process_time()
        try:
            parse(data, "x.md")
        except DocumentError:
            pass
        return time.process_time() - start

    assert any(seconds(80_000) < 24 * max(seconds(10_000), 0.002) for _ in range(4))


@given(st.text(alphabet="ab *_`[]()#>|-\n\\!<&;:1.", max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_markdown_is_read_exactly_or_refused(text: str) -> None:
    message = "x.md"
    try:
        texts(parse("x " + text, "x.md"))
    except DocumentError as error:
        message = str(error)
    assert "x.md" in message


def test_front_matter_becomes_facts_that_can_be_cited() -> None:
    text = (
        "---\ntitle: Ferry\nauthors:\n  - Ida Bo\n  - Per Ek\nversion: 2.1\nlayout: a\n---\nText."
    )
    parsed = parse(text, "x.md")
    assert texts(parsed) == ["Authors: Ida Bo, Per Ek", "Version: 2.1", "Text."]
    assert parsed.document.title == "Ferry"


def test_a_picture_without_words_is_named() -> None:
    parsed = parse("The pump ![](pump.png) is red ![a drawing](x.png).", "x.md")
    assert texts(parsed) == ["The pump is red a drawing."]
    assert parsed.document.warnings == ("1 picture was left out.",)


def test_boxes_notes_terms_alerts_and_struck_text_are_kept_or_named() -> None:
    text = (
        "The fee is ~~8~~ 9 coins.[^2]\n\n- [x] paint the hull\n- [ ] oil the winch\n\n"
        "> [!NOTE]\n> Ring the bell first.\n\nGangway\n: A bridge to the quay.\n\n[^2]: Since May."
    )
    parsed = parse(text, "x.md")
    assert texts(parsed) == [
        "The fee is 9 coins.²",
        "[x] paint the hull",
        "[ ] oil the winch",
        "Note: Ring the bell first.",
        "Gangway: A bridge to the quay.",
        "Note 2: Since May.",
    ]
    assert parsed.document.warnings == ("1 struck-through passage was left out.",)
