"""The line under an answer, in words."""

from __future__ import annotations

import pytest
from ui_fakes import claims

from chatbot.cli.terminal import VERDICTS
from chatbot.types import Answer, Verdict
from chatbot.ui.assets import STATIC
from chatbot.ui.export.web_page import SIGNS
from chatbot.ui.summary import summary, verdict_words
from chatbot.ui.texts import texts_in

EN = texts_in("en")


def verdicts(*found: Verdict) -> Answer:
    text, made = claims(*((f"Claim {index}.", one, (1,)) for index, one in enumerate(found)))
    return Answer(
        text=text,
        refused=False,
        mode="m",
        notice=None,
        question="?",
        search_query="?",
        claims=made,
    )


Q, S, P, U, C, X, N = (
    Verdict.QUOTED,
    Verdict.SUPPORTED,
    Verdict.PARTLY,
    Verdict.UNSUPPORTED,
    Verdict.CONTRADICTED,
    Verdict.UNCHECKED,
    Verdict.NO_CLAIM,
)


@pytest.mark.parametrize(
    ("found", "line", "level"),
    [
        ((Q, Q), "Quoted from 1 sentence", "quoted"),
        ((S,), "The statement is supported by the documents", "good"),
        ((S, S, Q, N), "3 of 3 statements supported", "good"),
        ((S, P), "1 of 2 statements supported · 1 only in part", "partly"),
        (
            (S, X),
            "1 of 2 statements supported · 1 statement was not checked: the built-in check reads "
            "English only",
            "unchecked",
        ),
        (
            (X, X),
            "2 statements were not checked: the built-in check reads English only",
            "unchecked",
        ),
        ((U,), "1 statement is not supported by the documents", "bad"),
        ((C,), "1 statement is contradicted by the documents", "bad"),
        (
            (S, U, C),
            "1 of 3 statements supported · 1 statement is not supported by the documents · "
            "1 statement is contradicted by the documents",
            "bad",
        ),
        (
            (S, U, U),
            "1 of 3 statements supported · 2 statements are not supported by the documents",
            "bad",
        ),
    ],
)
def test_the_line_under_an_answer_counts_in_words(
    found: tuple[Verdict, ...], line: str, level: str
) -> None:
    assert summary(verdicts(*found), EN) == {"text": line, "level": level}


def test_an_answer_that_claims_nothing_of_the_texts_has_no_line() -> None:
    assert summary(verdicts(N), EN) is None
    assert summary(verdicts(Verdict.CATALOGUE, N), EN) is None


@pytest.mark.parametrize("verdict", [one for one in Verdict if one is not Verdict.NO_CLAIM])
def test_every_verdict_has_words_and_a_sign_wherever_it_is_shown(verdict: Verdict) -> None:
    [claim] = verdicts(verdict).claims
    assert verdict_words(claim, EN)
    assert verdict_words(claim, texts_in("ja"))
    assert SIGNS[verdict]
    assert VERDICTS[verdict][0]
    assert f'    {verdict}: "M' in (STATIC / "dom.js").read_text(encoding="utf-8")
