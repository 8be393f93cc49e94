"""What holds for every follow-up question, and rewriting by a chat model."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from chatbot.answering.follow_up import MAX_QUERY, rewrite_with_model, stand_alone
from chatbot.answering.prompts import load_prompt
from chatbot.errors import LLMAuthError, LLMBadResponse, LLMError, LLMIncomplete
from chatbot.models.cancel import Cancel
from chatbot.models.llm import Completion, Message
from chatbot.models.llm.chunks import TokenUsage
from chatbot.types import Turn

HISTORY = [
    Turn(role="user", content="How many vehicles did Japan send to Ukraine?"),
    Turn(role="assistant", content="Japan sent 101 trucks [1][2] and other vehicles [3, 4]."),
]
PIECES = st.sampled_from(
    [
        *"when why who what about and it they there that those one she his the of did was".split(),
        *"Japan Mark Rutte meeting second else more how many in 2023 yes please Paris'".split(),
        *["[1]", "[2, 3]", "?", ".", ",", "\n", "'s"],
    ]
)
TEXTS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=12).map(" ".join))
TURNS = st.lists(
    st.builds(Turn, role=st.sampled_from(["user", "assistant"]), content=TEXTS), max_size=6
)


@given(TEXTS, TURNS)
def test_any_question_after_any_history_gives_a_bounded_query(
    question: str, history: list[Turn]
) -> None:
    query = stand_alone(question, history)

    assert len(query.text) <= max(len(question), MAX_QUERY)
    assert query.changed == (query.text != question)
    assert not query.by_model
    assert not question.strip() or query.text.strip()


@given(TEXTS)
def test_without_earlier_turns_every_question_stays_as_it_is(question: str) -> None:
    assert stand_alone(question, []).text == question


@given(TEXTS, TURNS)
def test_no_marker_of_an_earlier_answer_comes_into_the_query(
    question: str, history: list[Turn]
) -> None:
    answers = [turn for turn in history if turn.role == "assistant"]
    users = [Turn(role="user", content=re.sub(r"[\[\]]", "", t.content)) for t in history]
    mixed = [turn for pair in zip(users, answers, strict=False) for turn in pair]
    plain = re.sub(r"[\[\]]", "", question)

    assert not re.search(r"\[\d", stand_alone(plain, mixed).text)


def test_a_sentence_is_chosen_by_its_marker() -> None:
    history = [
        Turn(role="user", content="Which plans are there?"),
        Turn(role="assistant", content="The basic plan is free [1]. The family plan costs 9 [2]."),
    ]

    assert (
        stand_alone("What does [2] include?", history).text == "What does the family plan include?"
    )


def test_a_long_conversation_with_long_answers_is_read_in_no_time() -> None:
    history = [
        turn
        for number in range(300)
        for turn in (
            Turn(role="user", content=f"What is the population of town {number}? " + "a " * 2000),
            Turn(role="assistant", content="It has many inhabitants, " * 5000),
        )
    ]
    started = time.perf_counter()

    stand_alone("And when?", [*history, *HISTORY])

    assert time.perf_counter() - started < 2


def test_only_the_last_question_is_followed_up_after_a_change_of_topic() -> None:
    history = [
        *HISTORY,
        Turn(role="user", content="Who painted Guernica?"),
        Turn(role="assistant", content="Pablo Picasso painted Guernica [1]."),
    ]

    assert stand_alone("When was it painted?", history).text == "When was Guernica painted?"
    assert stand_alone("Where was he born?", history).text == "Where was Pablo Picasso born?"


def test_thanks_between_two_questions_do_not_break_the_thread() -> None:
    history = [
        *HISTORY,
        Turn(role="user", content="Thank you!"),
        Turn(role="assistant", content="You are welcome."),
    ]

    assert stand_alone("And when?", history).text == "When did Japan send vehicles to Ukraine?"


class FakeModel:
    """Says what it was told to say; keeps what it was asked."""

    def __init__(self, reply: str | LLMError) -> None:
        self.reply = reply
        self.asked: list[Message] = []

    def complete(
        self, messages: Sequence[Message], *, cancel: Cancel, deadline: object = None
    ) -> Completion:
        self.asked.extend(messages)
        if isinstance(self.reply, LLMError):
            raise self.reply
        return Completion(text=self.reply, usage=TokenUsage(tokens_in=90, tokens_out=9))


def rewrite(model: FakeModel, question: str = "And when?", history: Sequence[Turn] = HISTORY):  # noqa: ANN201
    return rewrite_with_model(
        question,
        history,
        model=model,  # type: ignore[arg-type]
        prompt=load_prompt("rewrite"),
        cancel=Cancel(),
    )


RULES = "When did Japan send vehicles to Ukraine?"


def test_the_model_rewrites_the_question() -> None:
    model = FakeModel("When did Japan send the trucks to Ukraine?")

    query = rewrite(model)

    assert query.text == "When did Japan send the trucks to Ukraine?"
    assert query.changed
    assert query.by_model
    assert query.usage == TokenUsage(tokens_in=90, tokens_out=9)


@pytest.mark.parametrize(
    "reply",
    [
        '  "When did Japan send the trucks to Ukraine?"\n',
        "Rewritten question: When did Japan send the trucks to Ukraine?",
        "**When did Japan send the trucks to Ukraine? [1]**",
    ],
)
def test_labels_quotes_and_markers_around_the_rewrite_are_dropped(reply: str) -> None:
    assert rewrite(FakeModel(reply)).text.strip() == "When did Japan send the trucks to Ukraine?"


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "   ",
        "When did Japan send trucks?\nHere is why I wrote it so.",
        "When " + "did Japan send vehicles to Ukraine " * 12 + "?",
        "Japan sent the trucks between May 2023 and March 2024.",
        "Which penguins discovered Antarctica's chocolate volcano?",
        "[1]",
    ],
)
def test_a_reply_that_is_no_rewritten_question_leaves_it_to_the_rules(reply: str) -> None:
    query = rewrite(FakeModel(reply))

    assert query.text == RULES
    assert not query.by_model
    assert query.usage.tokens_in == 90


def test_a_question_that_the_model_repeats_counts_as_unchanged() -> None:
    query = rewrite(FakeModel("who is the king of norway"), question="Who is the King of Norway?")

    assert query.text == "Who is the King of Norway?"
    assert not query.changed


def test_a_rewrite_in_the_language_of_the_question_is_kept() -> None:
    model = FakeModel("日本はいつウクライナに車両を送りましたか?")

    assert (
        rewrite(model, question="いつですか?").text == "日本はいつウクライナに車両を送りましたか?"
    )


@pytest.mark.parametrize("error", [LLMIncomplete("It was cut."), LLMBadResponse("No content.")])
def test_a_cut_or_malformed_reply_leaves_it_to_the_rules(error: LLMError) -> None:
    assert rewrite(FakeModel(error)).text == RULES


def test_a_server_that_fails_is_told_to_the_caller() -> None:
    with pytest.raises(LLMAuthError):
        rewrite(FakeModel(LLMAuthError("The key was refused.")))


def test_a_stop_is_no_reason_to_go_on_by_rules() -> None:
    cancel = Cancel()
    cancel.set()

    with pytest.raises(LLMIncomplete):
        rewrite_with_model(
            "And when?",
            HISTORY,
            model=FakeModel(LLMIncomplete("Stopped.")),  # type: ignore[arg-type]
            prompt=load_prompt("rewrite"),
            cancel=cancel,
        )


def test_nothing_is_sent_without_earlier_turns() -> None:
    model = FakeModel("What?")

    assert rewrite(model, history=[]).text == "And when?"
    assert model.asked == []


def test_the_model_sees_the_conversation_as_data_and_without_markers() -> None:
    model = FakeModel("When did Japan send the trucks to Ukraine?")

    rewrite(model)

    (_, system), (_, user) = model.asked
    boundary = user.splitlines()[0]
    assert boundary in system
    inside = user.split(boundary)[1]
    assert "User: How many vehicles did Japan send to Ukraine?" in inside
    assert "Assistant: Japan sent 101 trucks and other vehicles." in inside
    assert user.rstrip().endswith("Last question: And when?")


_WORDS = (
    "what when it he they and how many of the Japan Ukraine going said B%iT 0 that those ? , . "
    "which who did is was there then second one yes please about sent why where other also not in"
).split()
_JUMBLES = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=9).map(" ".join)


@hypothesis_settings(max_examples=300, deadline=None)
@given(question=_JUMBLES, earlier=_JUMBLES, answer=_JUMBLES)
def test_words_that_the_rules_look_for_never_trip_them(
    question: str, earlier: str, answer: str
) -> None:
    history = [Turn(role="user", content=earlier), Turn(role="assistant", content=answer)]
    assert stand_alone(question, history).text
