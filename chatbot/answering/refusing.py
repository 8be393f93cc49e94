"""What the program says of an answer: what is missing, that sources differ, that it asks back.

In English and Japanese; knows neither store nor model.
"""

from __future__ import annotations

from collections.abc import Sequence

from chatbot.types import Anchor, AnchorKind

_LONGEST = 160
"""Characters of a question that are repeated."""
_REFUSALS = {
    "en": ("The documents do not answer: “{}”", " The documents do not mention {}.", ", "),
    "ja": (
        "文書の中にこの質問への答えは見つかりませんでした：「{}」",
        "文書に{}は出てきません。",
        "、",
    ),
}
_NOTHING_MORE = {
    "en": "The documents say nothing more about it.",
    "ja": "文書にはこれ以上のことは書かれていません。",
}

_OPENINGS = {
    "en": {
        "differ": "The documents differ:",
        "depends": "It depends on which one is meant:",
        "which": "Which one do you mean?",
    },
    "ja": {
        "differ": "文書によって異なります：",
        "depends": "どれを指すかで変わります：",
        "which": "どれのことですか？",
    },
}


def refusal(question: str, *, missing: Sequence[Anchor] = (), language: str = "en") -> str:
    """Return the refusal of a question.

    Args:
        question: as it was asked.
        missing: what it names and the documents lack.
        language: ISO 639-1; a language without a text gets the English one.
    """
    answer, mention, comma = _REFUSALS.get(language, _REFUSALS["en"])
    plain = " ".join(question.replace("[", "(").replace("]", ")").split())
    if len(plain) > _LONGEST:
        plain = plain[: _LONGEST - 1].rstrip() + "…"
    told = [one.text for one in missing if one.kind is not AnchorKind.NUMBER]
    return answer.format(plain) + (mention.format(comma.join(told)) if told else "")


def nothing_more(language: str = "en") -> str:
    """Return what is said to "tell me more" where everything was said."""
    return _NOTHING_MORE.get(language, _NOTHING_MORE["en"])


def opening(name: str, language: str = "en") -> str:
    """Return the line before sentences of several sources or things, or the one that asks which."""
    return _OPENINGS.get(language, _OPENINGS["en"])[name]
