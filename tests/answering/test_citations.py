from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot.answering.streaming.citations import Marker, MarkerParser, Piece, Text, strip_markers
from chatbot.answering.streaming.code_marks import marker_spans
from chatbot.types import Citation

OFFERED = {
    number: Citation(
        marker=number,
        document_id="d",
        title="T",
        source="s",
        sentence_index=number,
        start=0,
        end=1,
        text="x",
    )
    for number in range(1, 13)
}
LONGEST_HELD = 170


def parse(*deltas: str) -> list[Piece]:
    parser = MarkerParser(OFFERED)
    pieces = [piece for delta in deltas for piece in parser.feed(delta)]
    return pieces + parser.finish()


def released(pieces: list[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


def numbers(pieces: list[Piece]) -> list[int]:
    return [piece.number for piece in pieces if isinstance(piece, Marker)]


@pytest.mark.parametrize(
    ("written", "shown", "found"),
    [
        ("A [1].", "A [1].", [1]),
        ("A[1].", "A[1].", [1]),
        ("A [1, 2].", "A [1][2].", [1, 2]),
        ("A [1][2].", "A [1][2].", [1, 2]),
        ("A [1], [2].", "A [1], [2].", [1, 2]),
        ("A [1;2 and 3].", "A [1][2][3].", [1, 2, 3]),
        ("A [2-4].", "A [2][3][4].", [2, 3, 4]),
        ("A [4–2].", "A [2][3][4].", [2, 3, 4]),
        ("A [1-900].", "A [1][900].", [1, 900]),
        ("A 【3】.", "A [3].", [3]),
        ("A 【3†source】.", "A [3].", [3]),
        ("A 【4:0†L1-L5】.", "A [4].", [4]),
        ("A ［5］.", "A [5].", [5]),
        ("A [^1].", "A [1].", [1]),
        ("A [1†source].", "A [1].", [1]),
        ("A [01].", "A [1].", [1]),
        ("A ([1]).", "A [1].", [1]),
        ("A ( [1] ).", "A [1].", [1]),
        ("A ([1], [2]).", "A [1][2].", [1, 2]),
        ("A [[1]].", "A [1].", [1]),
        ("A [Source 1].", "A [1].", [1]),
        ("A [source: 1].", "A [1].", [1]),
        ("A [Sources 1, 2].", "A [1][2].", [1, 2]),
        ("A [Source 1, Source 2].", "A [1][2].", [1, 2]),
        ("A [ID:3] [citation:4] [S5] [#6].", "A [3] [4] [5] [6].", [3, 4, 5, 6]),
        ("(see [1])", "(see [1])", [1]),
        ("([1] says", "([1] says", [1]),
        ("A [1](https://evil.example/?q=1)", "A [1] (https:/ /evil.example/?q=1)", [1]),
    ],
)
def test_each_form_that_models_write_becomes_a_plain_marker(
    written: str, shown: str, found: list[int]
) -> None:
    pieces = parse(written)
    assert released(pieces) == shown
    assert numbers(pieces) == found


@pytest.mark.parametrize(
    "text",
    [
        "[sic] and [...] and [] and [a1] and [1a] and [1.5]",
        "in [2024] and [12345]",
        "[3:16] is a verse",
        "see [Document 1] and [page 2] and [note 3]",
        "an open [1 and the line\nends",
        "an open [",
        "an open ([1",
        "[Source",
        "use `array[10]` here",
        "use ``a`[1]`` here",
        "an `open span [1]\n",
        "```\nx = a[1]\n```\n",
        "~~~python\nx = a[1] # ``` [2]\n~~~\n",
        "(1) and (1, 2)",
        "[1" + " " * 60 + "]",
    ],
)
def test_what_is_no_marker_is_released_as_it_is(text: str) -> None:
    pieces = parse(text)
    assert numbers(pieces) == []
    assert released(pieces) == text


def test_an_apostrophe_written_as_a_backtick_does_not_hide_markers() -> None:
    assert numbers(parse("They don`t know [1].")) == [1]


def test_code_ends_and_markers_count_again() -> None:
    assert numbers(parse("`a[1]` [2]\n```\n[3]\n```\n[4] ```[5]``` [6]")) == [2, 4, 6]


def test_a_marker_that_was_never_offered_stays_and_has_no_citation() -> None:
    assert parse("A [99].") == [Text("A "), Marker(99, None), Text(".")]
    assert parse("A [0].")[1] == Marker(0, None)
    assert parse("A [2].")[1] == Marker(2, OFFERED[2])


def test_control_invisible_and_bidirectional_characters_are_dropped() -> None:
    text = "a\x00b\x1b[31mc\u200bd\u202ee\ufefff\U000e0041g\r\nh\tí\u2028j"
    assert released(parse(text)) == "ab[31mcdefg\nh\tí\nj"
    assert released(parse("می\u200cخواهم 👩\u200d🚀")) == "می\u200cخواهم 👩\u200d🚀"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("![x](https://evil.example/a.png?q=1)", "![x] (https:/ /evil.example/a.png?q=1)"),
        ("[x](javascript:alert(1))", "[x] (javascript:alert(1))"),
        ("an `open span ![x](https://e.example)", "an `open span ![x] (https:/ /e.example)"),
        (
            "![x][pic]\n\n[pic]: https://e.example/a.png",
            "![x][pic]\n\n[pic] : https:/ /e.example/a.png",
        ),
        ("> - [1]: https://e.example", "> - [1] : https:/ /e.example"),
        ("<img src=x onerror=alert(1)>", "< img src=x onerror=alert(1)>"),
        ("a</p><!-- b --><?c?>", "a< /p>< !-- b -->< ?c?>"),
        ("if a < b or a <= b or a<3", "if a < b or a <= b or a<3"),
        ("the `<title>` element", "the `<title>` element"),
        ("as he said [sic]: nothing", "as he said [sic]: nothing"),
    ],
)
def test_links_images_and_tags_are_broken(written: str, shown: str) -> None:
    assert released(parse(written)) == shown
    assert released(parse(*written)) == shown


KNOWN = "Tickets are sold at https://ferry.example/buy and nowhere else."


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("See https://ferry.example/buy.", "See https://ferry.example/buy."),
        ("(https://ferry.example/buy)", "(https://ferry.example/buy)"),
        ("at https://ferry.example/ or", "at https://ferry.example/ or"),
        ("See https://ferry.example/buy?q=secret.", "See https:/ /ferry.example/buy?q=secret."),
        ("See https://ferry.example/buy~secret", "See https:/ /ferry.example/buy~secret"),
        ("See https://ferry.example/buy(secret)", "See https:/ /ferry.example/buy(secret)"),
        ("HTTP://evil.example", "HTTP:/ /evil.example"),
        ("xhttps://evil.example ftp://a", "xhttps:/ /evil.example ftp:/ /a"),
        ("https://" + "a" * 400, "https:/ /" + "a" * 400),
        ("half of it: https:/", "half of it: https:/"),
        ("and/or 1//2 c://x", "and/or 1//2 c://x"),
        ("ftp://x y http://z", "ftp:/ /x y http:/ /z"),
    ],
)
def test_an_address_that_no_sentence_holds_is_broken(written: str, shown: str) -> None:
    offered = {1: replace(OFFERED[1], text=KNOWN)}
    for deltas in ([written], list(written), [written[:9], written[9:]]):
        parser = MarkerParser(offered)
        pieces = [piece for delta in deltas for piece in parser.feed(delta)] + parser.finish()
        assert released(pieces) == shown


def test_half_a_surrogate_pair_waits_for_the_other_half() -> None:
    assert released(parse("a\ud83d", "\ude80b")) == "a🚀b"
    assert released(parse("a\ud83d")) == "a\ufffd"
    assert released(parse("a\ude80", "b")) == "a\ufffdb"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Japan sent 101 vehicles [1].", "Japan sent 101 vehicles."),
        ("Japan [1][2] sent it", "Japan sent it"),
        ("No `a[1]` marker", "No `a[1]` marker"),
        ("[1] Japan", " Japan"),
    ],
)
def test_words_are_left_when_markers_are_stripped(text: str, words: str) -> None:
    assert strip_markers(text) == words


FRAGMENTS = st.sampled_from(
    [
        *"[]()【】`~\n .,;-†^#*|:é7\\",
        *("[1]", "[12]", "[77]", "[1, 2]", "[1-3]", "([4])", "[[5]]", "[sic]", "[Source 1]"),
        *(
            "]:",
            "](",
            "<",
            "<img",
            "![",
            "> ",
            "https:",
            "//",
            "/",
            "http://e.example/~a",
            "x" * 90,
        ),
        *("```", "\n```\n", "`x[1]`", "source", "101", "word ", "don`t", "[1](", "( "),
        *("\u200b", "\ud83d", "\ude80", "\r\n"),
    ]
)
ANSWERS = st.lists(FRAGMENTS, max_size=30).map("".join)


@st.composite
def cut_answers(draw: st.DrawFn) -> tuple[str, list[str]]:
    text = draw(ANSWERS)
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=12)))
    edges = [0, *cuts, len(text)]
    return text, [text[start:end] for start, end in pairwise(edges)]


@settings(max_examples=300, deadline=None)
@given(cut_answers())
def test_however_the_stream_is_cut_the_answer_is_the_same(case: tuple[str, list[str]]) -> None:
    text, deltas = case
    whole, cut, single = parse(text), parse(*deltas), parse(*text)
    assert released(whole) == released(cut) == released(single)
    assert numbers(whole) == numbers(cut) == numbers(single)


@settings(max_examples=300, deadline=None)
@given(ANSWERS)
def test_the_markers_of_the_released_text_are_those_that_were_resolved(text: str) -> None:
    pieces = parse(text)
    assert [span.number for span in marker_spans(released(pieces))] == numbers(pieces)


@settings(max_examples=200, deadline=None)
@given(ANSWERS)
def test_never_half_a_marker_is_released_and_little_is_held_back(text: str) -> None:
    parser = MarkerParser(OFFERED)
    pieces: list[Piece] = []
    whole = released(parse(text))
    for fed, char in enumerate(text, start=1):
        pieces += parser.feed(char)
        so_far = released(pieces)
        assert whole.startswith(so_far)
        assert len(released(parse(text[:fed]))) - len(so_far) <= LONGEST_HELD
    inside = {at for span in marker_spans(whole) for at in range(span.start + 1, span.end)}
    position = 0
    for piece in pieces:
        position += len(piece.text)
        assert position not in inside
