from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot.answering.streaming.claim_spans import ClaimSpan, ClaimSplitter, claims_of


def split(*pieces: str) -> list[ClaimSpan]:
    splitter = ClaimSplitter()
    claims = [claim for piece in pieces for claim in splitter.feed(piece)]
    return claims + splitter.feed("", final=True)


def shown(text: str) -> list[tuple[str, tuple[int, ...]]]:
    return [(text[claim.start : claim.end], claim.markers) for claim in claims_of(text)]


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("Japan sent 101 trucks [1].", [("Japan sent 101 trucks [1].", (1,))]),
        ("Japan sent 101 trucks. [1]", [("Japan sent 101 trucks.", (1,))]),
        ("Japan sent 101 trucks.[1][2]", [("Japan sent 101 trucks.", (1, 2))]),
        ("Japan sent 101 trucks [1]", [("Japan sent 101 trucks", (1,))]),
        (
            "Japan sent trucks [1] and food [2][1].",
            [
                ("Japan sent trucks [1] and food [2][1].", (1, 2)),
            ],
        ),
        (
            "One was sent. [1], [2] Two were sent.[3]. Three were sent.",
            [
                ("One was sent.", (1, 2)),
                ("Two were sent.", (3,)),
                ("Three were sent.", ()),
            ],
        ),
        (
            "He met U.S. Gov. Smith at 5 p.m. on Monday [1]. It rained.",
            [
                ("He met U.S. Gov. Smith at 5 p.m. on Monday [1].", (1,)),
                ("It rained.", ()),
            ],
        ),
        (
            'He said "We must win." [1] She left.',
            [
                ('He said "We must win."', (1,)),
                ("She left.", ()),
            ],
        ),
        ("日本は車両を送った。[1] 多い。", [("日本は車両を送った。", (1,)), ("多い。", ())]),
        (
            "- Trucks [1]\n- Food. Much of it. [2]\n1. Third\n2) Fourth",
            [
                ("Trucks", (1,)),
                ("Food.", ()),
                ("Much of it.", (2,)),
                ("Third", ()),
                ("Fourth", ()),
            ],
        ),
        ("> - [x] Quoted item. [4]", [("Quoted item.", (4,))]),
        (
            "| Land | N |\n|---|---|\n| Japan | 101 [1] |\n| U.S. | 5 |",
            [
                ("Japan | 101", (1,)),
                ("U.S. | 5", ()),
            ],
        ),
        ("| Japan | 101 |", [("Japan | 101", ())]),
        ("# Vehicles\n\n**Overview**\n**Sources:**\nText.", [("Text.", ())]),
        ("# Vehicles [3]\nText.", [("Vehicles", (3,)), ("Text.", ())]),
        ("**Japan sent trucks.**", [("**Japan sent trucks.**", ())]),
        ("**Japan** sent trucks.", [("**Japan** sent trucks.", ())]),
        ("```\nx = a[1]. No.\n```\nText `a[2]`. [3]", [("Text `a[2]`.", (3,))]),
        ("Japan sent\n101 trucks.", [("Japan sent", ()), ("101 trucks.", ())]),
        ("Japan sent all\nthe trucks.", [("Japan sent all\nthe trucks.", ())]),
        ("Japan sent trucks.\n[1]\n\nMore.", [("Japan sent trucks.", (1,)), ("More.", ())]),
        ("[2]\nJapan sent trucks.", [("Japan sent trucks.", (2,))]),
        ("[2] Japan sent trucks.", [("[2] Japan sent trucks.", (2,))]),
        ("---\n***\n\n", []),
        ("[1]", []),
        ("", []),
    ],
)
def test_claims_are_sentences_items_and_rows_with_their_markers(
    text: str, claims: list[tuple[str, tuple[int, ...]]]
) -> None:
    assert shown(text) == claims


def test_a_claim_is_complete_when_the_next_has_begun() -> None:
    splitter = ClaimSplitter()
    assert splitter.feed("Japan sent 101 trucks. ") == []
    assert splitter.feed("[1]") == []
    claims = splitter.feed(" The cabinet said so on Monday.")
    assert claims == [ClaimSpan(start=0, end=22, markers=(1,))]
    assert splitter.feed("\n") == []
    assert [claim.start for claim in splitter.feed("", final=True)] == [27]


FRAGMENTS = st.sampled_from(
    [
        *" \n.,;!?|*#->`~()[]_:",
        *("[1]", "[12]", "[345]", " [2]", ". [3]", ".[4] ", '."', "。", "…"),
        *("Japan sent trucks", "the U.S.", "Gov. Smith", "e.g. this", "He said", "5 p.m.", "日本"),
        *("\n- ", "\n1. ", "\n> ", "\n# ", "\n| ", " | ", "\n|---|\n", "\n```\n", "`a[1].`", "**"),
        *(". And so it was said by all. ", " x" * 15, ", ,"),
    ]
)
ANSWERS = st.lists(FRAGMENTS, max_size=25).map("".join)


@settings(max_examples=250, deadline=None)
@given(ANSWERS, st.lists(st.integers(0, 400), max_size=12))
def test_a_stream_gives_the_claims_of_the_whole(text: str, cuts: list[int]) -> None:
    edges = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    whole = claims_of(text)
    assert split(*(text[start:end] for start, end in pairwise(edges))) == whole
    assert split(*text) == whole


@settings(max_examples=250, deadline=None)
@given(ANSWERS)
def test_claims_are_in_order_do_not_overlap_and_have_words(text: str) -> None:
    claims = claims_of(text)
    for claim in claims:
        part = text[claim.start : claim.end]
        assert part == part.strip()
        assert any(char.isalnum() for char in part)
    assert all(one.end <= other.start for one, other in pairwise(claims))
