"""Latency and tokens, as the answer itself reports them.

``seconds``: the whole answer. ``tokens_in``, ``tokens_out``: what the model's server counted.
``dollars`` = (tokens_in · price in + tokens_out · price out) / 1,000,000, where the user gave the
prices: there is no price list here that could be out of date.
"""

from __future__ import annotations

from chatbot.evaluation.answered_case import AnsweredCase
from chatbot.evaluation.scores import Score, Scores, unscored


def score(asked: AnsweredCase) -> Scores:
    """Report the cost of one answer."""
    usage = asked.answer.usage
    total = usage.seconds.get("total", asked.seconds)
    stages = ", ".join(f"{name} {value:.3f}" for name, value in usage.seconds.items())
    scores = {"seconds": Score(value=total, why=stages or "measured from outside")}
    for name, count in (("tokens_in", usage.tokens_in), ("tokens_out", usage.tokens_out)):
        scores[name] = (
            unscored("no model was asked, or it did not say")
            if count is None
            else Score(value=float(count), why="by the model's server")
        )
    return {**scores, "dollars": _dollars(asked)}


def _dollars(asked: AnsweredCase) -> Score:
    usage, price = asked.answer.usage, asked.price
    if usage.tokens_in is None or usage.tokens_out is None:
        return unscored("no model was asked, or it did not say")
    if price is None:
        return unscored("no price was given")
    value = (usage.tokens_in * price[0] + usage.tokens_out * price[1]) / 1_000_000
    return Score(value=value, why=f"{price[0]} in and {price[1]} out for a million tokens")
