"""What the program says in words of its own, in English and Japanese: ``phrases.yaml``.

Knows neither store nor model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import yaml

from chatbot.types import Anchor, AnchorKind

_MOST = 5  # things that the documents lack that are named
_LONGEST = 160  # characters of a question that are repeated


def phrase(name: str, language: str = "en", *values: object, **named: object) -> str:
    """Return what is said, with its values; a language without texts gets the English one."""
    known = _phrases()
    return known.get(language, known["en"])[name].format(*values, **named)


@cache
def _phrases() -> Mapping[str, Mapping[str, str]]:
    path = Path(__file__).with_name("phrases.yaml")
    known: dict[str, dict[str, str]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return known


def refusal(question: str, *, missing: Sequence[Anchor] = (), language: str = "en") -> str:
    """Return the refusal of a question, with what it names and the documents lack."""
    plain = " ".join(question.replace("[", "(").replace("]", ")").split())
    if len(plain) > _LONGEST:
        plain = plain[: _LONGEST - 1].rstrip() + "…"
    told = [one.text for one in missing if one.kind is not AnchorKind.NUMBER]
    if len(told) > _MOST:
        told[_MOST:] = ["…"]
    lacks = phrase("missing", language, phrase("comma", language).join(told)) if told else ""
    return phrase("refusal", language, plain) + lacks
