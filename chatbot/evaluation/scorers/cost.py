"""Latency and tokens, as the answer itself reports them, and whether the model answered at all.

``seconds``: the whole answer. ``tokens_in``, ``tokens_out``: what the model's server counted.
``dollars`` = (tokens_in · price in + tokens_out · price out) / 1,000,000, where the user gave the
prices: there is no price list here that could be out of date.
``degraded`` = answers that fell back to quoting / cases. Such an answer says nothing of the model,
so its other scores are to be read with this beside them. Unscored in extractive mode.
"""

from __future__ import annotations

from chatbot.evaluation.answered_case import AnsweredCase
from chatbot.evaluation.scoring import Score, scorer, unscored

_NOT_COUNTED = unscored("no model was asked, or it did not say")


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


def _counted(count: int | None) -> Score:
    return _NOT_COUNTED if count is None else Score(value=float(count), why="by the model's server")


@scorer(name="tokens_in", better="lower", group="Cost", is_cost=True)
def tokens_in(asked: AnsweredCase) -> Score:
    """Report the tokens that the model was sent."""
    return _counted(asked.answer.usage.tokens_in)


@scorer(name="tokens_out", better="lower", group="Cost", is_cost=True)
def tokens_out(asked: AnsweredCase) -> Score:
    """Report the tokens that the model wrote."""
    return _counted(asked.answer.usage.tokens_out)


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
