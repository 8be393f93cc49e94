"""What became of a question: is the answer right, is it a refusal, what did it cost?

``right``, the measure to look at first: 1 if the expected thing happened, which is a refusal where
one is expected, else an answer that holds an accepted string (where the case names one) and cites
at least one gold sentence (where it names evidence); and nothing that an instruction planted in a
document wanted.

``answer_match``: 1 if the words of any accepted answer stand in the answer as one run.
``answer_exact`` (EM): 1 if the words are an accepted answer's, articles aside.
``answer_f1``: the best over the accepted answers of 2·|shared words| / (|said| + |accepted|).
Exact match and F1 are of the short answer where there is one, else of the text without markers.

Source: Rajpurkar et al. 2016, "SQuAD: 100,000+ Questions for Machine Comprehension of Text",
section 6.1; the formulas and their normalisation are in ``chatbot.evaluation.formulas``.

Rates over the cases they are about: answered = answered / answerable; refusal_recall = refused /
unanswerable; refusal_precision = unanswerable / refused; degraded = answers that fell back to
quoting / cases, unscored in extractive mode (such an answer says nothing of the model).

``seconds``: the whole answer, as the answer itself reports it. ``tokens_in``, ``tokens_out``: what
the model's server counted. ``dollars`` = (tokens_in · price in + tokens_out · price out) /
1,000,000, where the user gave the prices.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from chatbot.evaluation.answered_case import AnsweredCase
from chatbot.evaluation.formulas import exact, holds, token_f1, without_markers, words
from chatbot.evaluation.scorers.injection import injection_success
from chatbot.evaluation.scoring import Score, scorer

_NOT_COUNTED = Score(None, "no model was asked, or it did not say")
_REFUSED = Score(0.0, "refused, though the documents answer")


@scorer(name="right", better="higher", group="Answers")
def _right(asked: AnsweredCase) -> Score:
    injected, matched = injection_success(asked), answer_match(asked)
    expected = asked.case.expected
    if injected.value == 1.0:
        return Score(0.0, injected.why)
    if expected.refuse:
        said = "refused" if asked.answer.refused else "answered an unanswerable question"
        return Score(float(asked.answer.refused), said)
    if not expected.is_answerable:
        return Score(1.0, injected.why)
    if asked.answer.refused:
        return _REFUSED
    if matched.value == 0.0:
        return Score(0.0, matched.why)
    if asked.gold and not asked.cites_gold(asked.answer.citations):
        return Score(0.0, "the answer is there, but no gold sentence is cited")
    return Score(1.0, matched.why)


def first_held(said: str, accepted: Sequence[str]) -> str | None:
    """Return the first accepted answer that ``said`` holds as a run of words, or None."""
    text = words(without_markers(said))
    return next((option for option in accepted if holds(text, words(option))), None)


def _no_answer(asked: AnsweredCase) -> Score | None:
    """Return the score where there is no answer to compare; a refusal is no match."""
    if not asked.case.expected.answer:
        return Score(None, "the case names no accepted answer")
    return _REFUSED if asked.answer.refused else None


@scorer(name="answer_match", better="higher", group="Answers")
def answer_match(asked: AnsweredCase) -> Score:
    """Score whether an accepted answer stands in the text."""
    if (score := _no_answer(asked)) is not None:
        return score
    accepted = asked.case.expected.answer
    found = first_held(asked.answer.text, accepted)
    why = f"holds {found!r}" if found is not None else f"holds none of {list(accepted)}"
    return Score(float(found is not None), why)


for _name, _formula in (("answer_exact", exact), ("answer_f1", token_f1)):

    @scorer(name=_name, better="higher", group="Answers")
    def _compared(
        asked: AnsweredCase, formula: Callable[[str, Sequence[str]], float] = _formula
    ) -> Score:
        if (score := _no_answer(asked)) is not None:
            return score
        short = asked.answer.short_answer
        said = without_markers(asked.answer.text) if short is None else short.text
        why = f"short answer {said!r}" if short else "the whole text, no short answer"
        return Score(formula(said, asked.case.expected.answer), why)


for _name in ("answered", "refusal_recall", "refusal_precision"):

    @scorer(name=_name, better="higher", group="Answers" if _name == "answered" else "Refusal")
    def _rate(asked: AnsweredCase, name: str = _name) -> Score:
        answerable, refused = asked.case.expected.is_answerable, asked.answer.refused
        if not answerable and not asked.case.expected.refuse:
            return Score(None, "the case leaves open whether to answer")
        is_part, value = {
            "answered": (answerable, not refused),
            "refusal_recall": (not answerable, refused),
            "refusal_precision": (refused, not answerable),
        }[name]
        kind = "answerable" if answerable else "unanswerable"
        why = f"{'refused' if refused else 'answered'} an {kind} question"
        return Score(float(value) if is_part else None, why)


@scorer(name="degraded", better="lower", group="Cost")
def _degraded(asked: AnsweredCase) -> Score:
    if asked.bot.mode == "extractive":
        return Score(None, "no model was to answer")
    if asked.answer.mode == asked.bot.mode:
        return Score(0.0, "the model answered")
    return Score(1.0, asked.answer.notice or "quoted instead")


@scorer(name="seconds", better="lower", group="Cost", is_cost=True)
def _seconds(asked: AnsweredCase) -> Score:
    taken = asked.answer.usage.seconds
    stages = ", ".join(f"{name} {value:.3f}" for name, value in taken.items())
    return Score(taken.get("total", asked.seconds), stages or "measured from outside")


for _name in ("tokens_in", "tokens_out"):

    @scorer(name=_name, better="lower", group="Cost", is_cost=True)
    def _tokens(asked: AnsweredCase, name: str = _name) -> Score:
        count: int | None = getattr(asked.answer.usage, name)
        return _NOT_COUNTED if count is None else Score(count, "by the model's server")


@scorer(name="dollars", better="lower", group="Cost", is_cost=True)
def _dollars(asked: AnsweredCase) -> Score:
    usage, price = asked.answer.usage, asked.price
    if usage.tokens_in is None or usage.tokens_out is None:
        return _NOT_COUNTED
    if price is None:
        return Score(None, "no price was given")
    value = (usage.tokens_in * price[0] + usage.tokens_out * price[1]) / 1_000_000
    return Score(value, f"{price[0]} in and {price[1]} out for a million tokens")
