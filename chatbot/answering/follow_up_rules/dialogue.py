"""The conversation so far as the rules see it: questions already resolved, answers cleaned.

Knows turns, markers and refusals; resolves nothing itself. Used by ``antecedents``, ``references``
and ``fragments``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from chatbot.answering.follow_up_rules.mentions import Mention, find_mentions
from chatbot.answering.follow_up_rules.question_shape import Question, parse_question
from chatbot.types import Turn

MAX_EXCHANGES = 8
"""How many earlier questions are read, newest first."""
MAX_QUESTION = 500
"""Characters read of an earlier question."""
MAX_ANSWER = 1500
"""Characters read of an earlier answer."""

_MARKER = re.compile(r"\s?\[\s*\d+(?:\s*[,;–-]\s*\d+)*\s*\]")
_REFUSAL = re.compile(
    r"(?:the|these|your) (?:documents?|sources?|texts?|passages?|context|article) "
    r"(?:do|does) not (?:say|mention|contain|answer|state|provide)|"
    r"i (?:do not|don't|cannot|can't|could not|couldn't) (?:know|find|answer)|"
    r"the built-in models read english only",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+|\n+")
_BULLET = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s+", re.MULTILINE)
_SMALL_TALK = re.compile(
    r"(?:hi|hello|hey|thanks?|thank you|thx|cheers|great|good (?:morning|evening|day)|bye|"
    r"goodbye|ok|okay|cool|nice|perfect|test|please|wow|never mind)\b[^?]{0,30}",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """An earlier question, made stand-alone, and the answer it got."""

    question: Question
    answer: str
    """Without markers, bullets and refusals; empty if nothing else was in it."""
    items: tuple[str, ...]
    """What the answer lists, or its sentences: what "the second one" chooses from."""

    @cached_property
    def answer_mentions(self) -> tuple[Mention, ...]:
        """What the answer talks about, first things first."""
        return tuple(find_mentions(self.answer))


Context = tuple[Exchange, ...]
"""Newest first."""


def make_exchange(question: str, answer: str) -> Exchange:
    """Read one earlier question and its answer."""
    plain = without_markers(answer[:MAX_ANSWER])
    sentences = [s.strip() for s in _SENTENCE.split(plain) if s.strip()]
    kept = [_BULLET.sub("", s).strip() for s in sentences if not _REFUSAL.search(s)]
    bullets = [_BULLET.sub("", line).strip() for line in plain.splitlines() if _BULLET.match(line)]
    clean = " ".join(kept)
    items = tuple(bullets) if len(bullets) > 1 else _listed(clean) or tuple(kept)
    return Exchange(question=parse_question(question), answer=clean, items=items)


def _listed(text: str) -> tuple[str, ...]:
    """Return the members of the first list of names in a sentence: "Japan, Norway and Chile"."""
    name = r"[A-Z][\w'’.-]*(?: [A-Z][\w'’.-]*){0,3}"
    match = re.search(rf"({name}(?:, {name}){{1,12}}),? (?:and|or) ({name})", text[:MAX_ANSWER])
    return (*match[1].split(", "), match[2].rstrip(".")) if match else ()


def pair_turns(history: Sequence[Turn]) -> list[tuple[str, str]]:
    """Return the last questions with their answers, oldest first; answers may be empty."""
    pairs: list[tuple[str, str]] = []
    for turn in history[-4 * MAX_EXCHANGES :]:
        if turn.role == "user":
            pairs.append((turn.content.strip()[:MAX_QUESTION], ""))
        elif pairs:
            question, answer = pairs[-1]
            pairs[-1] = (question, f"{answer} {turn.content}".strip())
    return [pair for pair in pairs if pair[0] and not is_small_talk(pair[0])][-MAX_EXCHANGES:]


def without_markers(text: str) -> str:
    """Return ``text`` without citation markers such as ``[1]`` and ``[2, 3]``."""
    return _MARKER.sub("", text)


def is_small_talk(text: str) -> bool:
    """Whether a message is a greeting, thanks or the like and asks nothing."""
    return bool(_SMALL_TALK.fullmatch(text.strip()))


def reads_as_latin(text: str) -> bool:
    """Whether most letters are Latin: rules made for English have nothing to say otherwise."""
    letters = [char for char in text if char.isalpha()]
    return sum(char < "\u0250" for char in letters) * 2 >= len(letters)
