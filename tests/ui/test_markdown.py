"""The Markdown of answers: a small subset, as values with offsets, and never anything else."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.ui.markdown import parse


@pytest.mark.parametrize("plain", [True, False])
@given(source=st.text(alphabet="ab \n*`-#1.[]2<>|é😀", max_size=60))
def test_every_run_is_the_text_at_its_offsets_and_runs_never_overlap(
    source: str, plain: bool
) -> None:
    end = 0
    for block in parse(source, plain=plain):
        for run in block.runs:
            assert source[run.start : run.end] == run.text
            assert run.start >= end
            end = run.end


@given(source=st.text(alphabet="ab \n[]12", max_size=60))
def test_plain_text_loses_nothing_but_white_space(source: str) -> None:
    shown = "".join(run.text for block in parse(source, plain=True) for run in block.runs)
    assert "".join(shown.split()) == "".join(source.split())


def test_the_subset_is_paragraphs_headings_lists_bold_and_code() -> None:
    source = (
        "# Head\nOne **two `x` [1]**\n\n- item\n  goes on\n- next\n1. first\n```py\na = [1]\n```"
    )
    assert [block.kind for block in parse(source)] == [
        "heading",
        "paragraph",
        "bullet",
        "bullet",
        "number",
        "code",
    ]
    bold = [run.text for run in parse(source)[1].runs if run.strong]
    assert bold == ["two ", "x", " ", "[1]"]
    assert parse(source)[-1].runs[0].text == "a = [1]"
    assert parse(source)[-1].runs[0].marker is None


@pytest.mark.parametrize(
    "source",
    ["![x](https://evil.test/i.png)", "[x](javascript:alert(1))", "<img src=x onerror=alert(1)>"],
)
def test_images_links_and_html_stay_the_text_they_are(source: str) -> None:
    assert [run.text for run in parse(source)[0].runs] == [source]


def test_a_table_is_a_header_and_rows_of_cells() -> None:
    source = "So:\n| Who | What |\n|:--|---|\n| **Ann** [1] | |\n|Bo|sent `x|\nThen."
    found = [
        (block.kind, [(run.cell, run.text, run.strong) for run in block.runs])
        for block in parse(source)
    ]
    assert found == [
        ("paragraph", [(0, "So:", False)]),
        ("header", [(0, "Who", False), (1, "What", False)]),
        ("row", [(0, "Ann", True), (0, " ", False), (0, "[1]", False)]),
        ("row", [(0, "Bo", False), (1, "sent `x", False)]),
        ("paragraph", [(0, "Then.", False)]),
    ]


def test_a_table_grows_row_by_row_while_it_streams() -> None:
    source = "| a | b |\n|---|---|\n| 1 | 2 |"
    kinds = [[block.kind for block in parse(source[:end])] for end in range(len(source) + 1)]
    assert [kind for before, kind in pairwise(kinds) if kind != before] == [
        ["header"],
        ["header", "row"],
    ]
