"""What models write in odd ways: loops, numbers first or alone, prefaces, refusals of their own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fake_llm import FakeLLM, start_fake_llm  # noqa: F401 - a fixture
from fake_replies import says
from hypothesis import given, settings
from hypothesis import strategies as st
from llm_helpers import make_bot_with_model  # noqa: F401 - a fixture

from chatbot import Answer, Chatbot, Verdict
from chatbot.answering.claims import claimed, is_fragment, is_no_claim, is_silence
from chatbot.answering.streaming.reply import Reply
from chatbot.models.llm.text import ThoughtFilter
from chatbot.types import Citation, TextDelta

GATE = "The gate of the Ostwerk opens at 6.30 on workdays."
GUARD = "Its guard, Mira Falk, keeps the 12 keys."
LOCK = "The lock was changed in March 2019."
TEXT = f"{GATE} {GUARD} {LOCK} Bicycles stand in the yard."

Ask = Callable[..., Answer]


@pytest.fixture
def ask(make_bot: Callable[..., Chatbot], fake_llm: FakeLLM) -> Ask:
    bot = make_bot(corpus_dir=None)
    bot.add_text(TEXT, title="Ostwerk")

    def run(question: str, said: str) -> Answer:
        fake_llm.queue(says(said))
        return bot.ask(question)

    return run


@pytest.mark.parametrize(
    ("question", "said", "verdict", "source"),
    [
        ("Who is the guard of the gate?", "Mira Falk", Verdict.SUPPORTED, GUARD),
        ("How many keys does the guard keep?", "12 keys", Verdict.SUPPORTED, GUARD),
        ("When was the lock changed?", "In March 2019.", Verdict.SUPPORTED, LOCK),
        ("When was the lock changed?", "It was changed in March 2019.", Verdict.SUPPORTED, LOCK),
        ("How many keys does the guard keep?", "Three", Verdict.UNSUPPORTED, None),
        ("Who is the mayor of the city?", "Mira Falk", Verdict.UNSUPPORTED, None),
    ],
)
def test_a_claim_without_a_marker_is_read_as_an_answer(
    question: str, said: str, verdict: Verdict, source: str | None, ask: Ask
) -> None:
    answer = ask(question, said)
    if answer.mode == "openai:test" and not answer.refused:
        assert [claim.verdict for claim in answer.claims] == [verdict]
        assert [one.text for one in answer.citations] == ([source] if source else [])
        assert answer.usage.repairs.get("marker missing", 0) == bool(source)
    else:
        assert verdict is Verdict.UNSUPPORTED, "only a wrong one may not be shown at all"


def test_a_wrong_marker_is_joined_by_the_right_one(ask: Ask) -> None:
    answer = ask("When was the lock changed?", "The lock was changed in March 2019 [4].")
    [claim] = answer.claims
    assert claim.verdict in (Verdict.SUPPORTED, Verdict.QUOTED)
    assert LOCK in [one.text for one in answer.citations]
    assert answer.usage.repairs == {"marker wrong": 1}


def test_numbers_alone_quote_their_sentences(ask: Ask) -> None:
    answer = ask("When was the lock changed?", "[3]")
    assert answer.text == f"{LOCK} [3]"
    assert [claim.verdict for claim in answer.claims] == [Verdict.QUOTED]
    assert answer.usage.repairs == {"numbers alone": 1}


def test_a_number_that_was_not_offered_alone_is_no_answer(ask: Ask) -> None:
    answer = ask("When was the lock changed?", "[71]")
    assert answer.mode == "extractive"
    assert answer.text.startswith(LOCK)
    assert answer.notice is not None


@pytest.mark.parametrize(
    "said",
    [
        "The documents do not say.",
        "I cannot find this in the sentences.",
        "There is no information about that in the text.",
        "The price of the keys in 2019 is not mentioned in the provided sentences.",
        "Not specified.",
    ],
)
def test_a_refusal_in_words_of_its_own_is_a_refusal(said: str, ask: Ask) -> None:
    answer = ask("How many keys does the guard keep?", said)
    assert answer.refused
    assert answer.text == said, "what was streamed does not change"
    assert answer.citations == ()
    assert answer.usage.repairs == {"refusal in words of its own": 1}


def test_a_sentence_that_is_said_again_ends_the_answer(ask: Ask) -> None:
    said = f"{GUARD} [2] " * 30
    answer = ask("How many keys does the guard keep?", said)
    assert answer.text.count("Mira Falk") < 5
    assert answer.usage.repairs["loop"] == 1
    assert [claim.verdict for claim in answer.claims[:2]] == [Verdict.QUOTED] * 2


def test_a_phrase_that_never_ends_is_cut() -> None:
    reply = Reply(["The guard "] + ["of the gate of the yard "] * 200, {})
    assert len("".join(piece.text for piece in reply)) < 300
    assert reply.loops


@pytest.mark.parametrize(
    "text", ["| a | b |\n| --- | --- | --- | --- | --- |\n", "- None\n- None\n- None\n- None\n" * 2]
)
def test_lines_and_short_items_are_no_loop(text: str) -> None:
    reply = Reply(list(text), {})
    assert "".join(piece.text for piece in reply) == text.rstrip()
    assert not reply.loops


@pytest.mark.parametrize(
    ("said", "shown", "reformed"),
    [
        ("The gate opens (Source 1).", "The gate opens [1].", 1),
        ("The gate opens (sentences 1 and 2).", "The gate opens [1][2].", 1),
        ("The gate opens [1, 2].", "The gate opens [1][2].", 1),
        ("[1] The gate opens.", "[1] The gate opens.", 0),
        ("It has (source of water) 3 taps (2).", "It has (source of water) 3 taps (2).", 0),
        ("**Answer:** see (Sentence", "**Answer:** see (Sentence", 0),
    ],
)
def test_markers_in_other_forms_are_read_and_counted(said: str, shown: str, reformed: int) -> None:
    reply = Reply(list(said), {})
    assert "".join(piece.text for piece in reply) == shown
    assert reply.repairs["marker in another form"] == reformed


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from(["[1]", "[9]", "(Source 2)", " ", "word ", "NO_ANSWER", "x of y z "])),
    st.integers(1, 7),
)
def test_a_reply_is_the_same_however_it_is_cut(parts: list[str], size: int) -> None:
    whole = "".join(parts)
    one = Reply([whole[at : at + size] for at in range(0, len(whole), size)], {})
    other = Reply(list(whole), {})
    if "x of y z " * 4 in whole:  # where it is cut off depends on the pieces
        return
    assert "".join(piece.text for piece in one) == "".join(piece.text for piece in other)
    assert one.markers == other.markers


@pytest.mark.parametrize("tag", ["think", "thinking", "reasoning"])
def test_thinking_aloud_is_taken_out_and_counted(tag: str, ask: Ask) -> None:
    answer = ask("When was the lock changed?", f"<{tag}>Hm, March?</{tag}>\n\n{LOCK} [3]")
    assert answer.text == f"{LOCK} [3]"
    assert answer.usage.repairs == {"thinking aloud": 1}


def test_what_only_looks_like_a_tag_is_shown() -> None:
    thoughts = ThoughtFilter()
    assert "".join([*map(thoughts.feed, "<thin ice>"), thoughts.finish()]) == "<thin ice>"


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("According to the documents, the gate opens.", "The gate opens."),
        ("Based on the provided sentences, the gate opens [1].", "The gate opens."),
        ("The answer is: 12 keys.", "12 keys."),
        ("Sure! The gate opens.", "The gate opens."),
        ("According to Mira Falk, the gate opens.", "According to Mira Falk, the gate opens."),
        ("From the yard, the gate opens.", "From the yard, the gate opens."),
    ],
)
def test_a_preface_is_no_part_of_the_claim(text: str, claim: str) -> None:
    assert claimed(text) == claim


@pytest.mark.parametrize(
    "text",
    [
        "The lock is not made of iron.",
        "No keys were found in the yard.",
        "The gate was not opened by the guard.",
        "No, the gate opens at 6.30.",
        "The documents do not say who, but the lock was changed in 2019.",
    ],
)
def test_a_denial_is_a_claim_and_no_refusal(text: str) -> None:
    assert not is_no_claim(text)
    assert not is_silence(text)


def test_fragments_are_told_from_sentences() -> None:
    assert all(map(is_fragment, ["Three", "In March 2019.", "Mira Falk", "12 keys"]))
    assert not any(map(is_fragment, ["The gate opens.", "It was changed.", "She keeps keys."]))


def test_the_text_of_a_model_is_streamed_before_it_is_checked(
    make_bot: Callable[..., Chatbot], fake_llm: FakeLLM
) -> None:
    bot = make_bot(corpus_dir=None)
    bot.add_text(TEXT, title="Ostwerk")
    fake_llm.queue(says("[3] The lock was changed in March 2019."))
    events = list(bot.stream("When was the lock changed?"))
    texts = [event.text for event in events if isinstance(event, TextDelta)]
    assert "".join(texts) == "[3] The lock was changed in March 2019."
    citation = next(one for one in events[-1].citations)  # type: ignore[union-attr]
    assert isinstance(citation, Citation)
