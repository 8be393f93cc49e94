"""What became of a question: answered or refused, in what time, for how many tokens.

Rates over the cases they are about: answered = answered / answerable; refusal_recall = refused /
unanswerable; refusal_precision = unanswerable / refused; degraded = answers that fell back to
quoting / cases, unscored in extractive mode (such an answer says nothing of the model).

``seconds``: the whole answer, as the answer itself reports it. ``tokens_in``, ``tokens_out``: what
the model's server counted. ``dollars`` = (tokens_in · price in + tokens_out · price out) /
1,000,000, where the user gave the prices.
"""

from __future__ import annotations

from collections.abc import Callable

from chatbot.evaluation.answered_case import AnsweredCase
from chatbot.evaluation.scoring import Score, scorer, unscored

_NOT_COUNTED = unscored("no model was asked, or it did not say")
_Outcome = Callable[[bool, bool], bool | None]
"""Of whether the documents answer and whether it was refused; None: the rate is of other cases."""


def _register(name: str, group: str, outcome: _Outcome) -> None:
    @scorer(name=name, better="higher", group=group)
    def score(asked: AnsweredCase) -> Score:
        expected, refused = asked.case.expected, asked.answer.refused
        answerable = bool(expected.answer or expected.evidence)
        if not answerable and not expected.refuse:
            return unscored("the case leaves open whether to answer")
        found = outcome(answerable, refused)
        why = (
            f"{'refused' if refused else 'answered'} an "
            f"{'answerable' if answerable else 'unanswerable'} question"
        )
        return unscored(why) if found is None else Score(value=float(found), why=why)


_register("answered", "Answers", lambda known, refused: not refused if known else None)
_register("refusal_recall", "Refusal", lambda known, refused: None if known else refused)
_register("refusal_precision", "Refusal", lambda known, refused: not known if refused else None)


@scorer(name="degraded", better="lower", group="Cost")
def degraded(asked: AnsweredCase) -> Score:
    """Score whether quoting took over from the model that was to answer."""
    if asked.mode == "extractive":
        return unscored("no model was to answer")
    if asked.answer.mode == asked.mode:
        return Score(value=0.0, why="the model answered")
    return Score(value=1.0, why=asked.answer.notice or "quoted instead")


@scorer(name="seconds", better="lower", group="Cost", is_cost=True)
def seconds(asked: AnsweredCase) -> Score:
    """Report the latency of the whole answer."""
    taken = asked.answer.usage.seconds
    stages = ", ".join(f"{name} {value:.3f}" for name, value in taken.items())
    return Score(value=taken.get("total", asked.seconds), why=stages or "measured from outside")


for _name in ("tokens_in", "tokens_out"):

    @scorer(name=_name, better="lower", group="Cost", is_cost=True)
    def _tokens(asked: AnsweredCase, name: str = _name) -> Score:
        count: int | None = getattr(asked.answer.usage, name)
        return _NOT_COUNTED if count is None else Score(value=count, why="by the model's server")


@scorer(name="dollars", better="lower", group="Cost", is_cost=True)
def dollars(asked: AnsweredCase) -> Score:
    """Report the price of one answer."""
    usage, price = asked.answer.usage, asked.price
    if usage.tokens_in is None or usage.tokens_out is None:
        return _NOT_COUNTED
    if price is None:
        return unscored("no price was given")
    value = (usage.tokens_in * price[0] + usage.tokens_out * price[1]) / 1_000_000
    return Score(value=value, why=f"{price[0]} in and {price[1]} out for a million tokens")
