"""Questions that sentences answer, made by rule: the page starts with some, drafts of cases too.

Few and safe: a template is used only where the sentence shows its parts beyond doubt, so that the
question reads well and its answer stands in the document. English alone. Pure.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from chatbot.types import Sentence

_NAME = r"[A-Z][a-z’'-]\w* [A-Z][a-z’'-]\w*"
_NO_SUBJECT = (
    "It|He|She|They|We|You|I|This|That|These|Those|There|Here|Who|Which|What|Each|Some|Both|None|"
    "In|On|At|By|For|From|As|After|Before|When|While|If|His|Her|Its|Their|Our|My|Your|Not|No"
)
_NOT_INSIDE = "who|which|that|was|were|is|are|be|been|has|had|have|and|or|but|not|it|he|she|they"
_SUBJECT = (
    rf"(?P<what>(?=[A-Z])(?!(?:{_NO_SUBJECT})\b)(?:The |A |An )?[\w’'-]+"
    rf"(?: (?!(?:{_NOT_INSIDE})\b)[\w’'-]+){{0,5}}?)"
)
"""A noun phrase at the beginning of a sentence, without comma, pronoun or clause."""
_TIME = r"(?:(?:in|on|at|since|by) )(?:\w+ ){0,2}\d"
_DONE = (
    "founded|built|opened|born|established|published|launched|signed|created|introduced|"
    "completed|discovered|invented|elected|released|destroyed|closed|adopted|approved"
)
_BY = {
    "written": "wrote", "designed": "designed", "founded": "founded", "built": "built",
    "discovered": "discovered", "invented": "invented", "directed": "directed", "led": "led",
    "painted": "painted", "composed": "composed", "developed": "developed", "created": "created",
}  # fmt: skip
_BASE = {
    "sent": "send", "built": "build", "bought": "buy", "sold": "sell",
    "won": "win", "lost": "lose", "killed": "kill", "made": "make",
}  # fmt: skip
_SINGULAR = {
    "leaves": "leave", "opens": "open", "closes": "close", "starts": "start", "begins": "begin",
    "ends": "end", "arrives": "arrive", "departs": "depart",
}  # fmt: skip
_DO = {"cost": "do", "costs": "does"}
_SENT = re.compile(
    rf"^(?P<who>[A-Z]\w+) (?P<verb>{'|'.join(_BASE)}) "
    r"(?:about |more than |at least |some )?\d[\d,.]* (?P<what>[a-z]+s)\b"
)
_SAID = (
    re.compile(rf"\bsaid (?:[A-Z]\w+ )*?(?P<name>{_NAME})[.,;]"),
    re.compile(rf"(?P<name>{_NAME}),? (?:has |had )?said\b"),
)
_WAS_DONE = re.compile(rf"^{_SUBJECT} (?P<be>was|were) (?P<done>{_DONE})\b[^,;]*? {_TIME}")
_WAS_BY = re.compile(rf"^{_SUBJECT} (?:was|were|is|are) (?P<done>{'|'.join(_BY)}) by [A-Z]")
_HAPPENS = re.compile(rf"^{_SUBJECT} (?P<verb>{'|'.join(_SINGULAR)}) (?:daily |every day )?{_TIME}")
_COSTS = re.compile(rf"^{_SUBJECT} (?P<verb>costs?) [^\w\s]?(?:\w+ ){{0,2}}[^\w\s]?\d")
_PLACED = re.compile(
    rf"^{_SUBJECT} (?P<be>is|are) (?:located|based|situated|held|found) "
    r"(?:in|at|on|near|next to|behind|between|under|above|opposite) "
)
_MEANS = re.compile(rf"^{_SUBJECT} (?:means|refers to|stands for) ")
_DEFINED = re.compile(r"^(?P<what>[A-Z][a-z]{3,}) (?P<be>is|are) (?:an?|the) [a-z]+")
_WORD = re.compile(r"[^\W_]+")
_PLURAL = re.compile(r"(?:s|men|ren|people)$")
_MID_NAME = re.compile(r"(?<=[a-z,] )[A-Z][\w’'-]+(?: (?:of |the )?[A-Z][\w’'-]+)+")
_TEMPLATES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], str], str]], ...] = (
    (_WAS_DONE, lambda match, what: f"When {match['be']} {what} {match['done']}?"),
    (_WAS_BY, lambda match, what: f"Who {_BY[match['done']]} {what}?"),
    (_HAPPENS, lambda match, what: f"When does {what} {_SINGULAR[match['verb']]}?"),
    (_COSTS, lambda match, what: f"How much {_DO[match['verb']]} {what} cost?"),
    (_PLACED, lambda match, what: f"Where {match['be']} {what}?"),
    (_MEANS, lambda match, what: f"What does {what} mean?"),
)
_OFTEN = 2
"""Sentences that have to name somebody before the document counts as telling of them."""


def rule_questions(sentences: Sequence[Sentence]) -> Iterator[tuple[Sentence, str]]:
    """Yield questions with their sentences: those with a figure or a name, then the vaguer ones."""
    spelling = _Spelling(sentences)
    for sentence in sentences:
        for question in _questions(sentence.text, spelling):
            yield sentence, question
    for sentence in sentences:
        match = _DEFINED.match(sentence.text)
        if match and (what := spelling.inside(match["what"])) and what.islower():
            yield sentence, f"What {match['be']} {what}?"
    yield from _told_of(sentences)


def _questions(sentence: str, spelling: _Spelling) -> Iterator[str]:
    match = _SENT.match(sentence)
    if match and (who := spelling.inside(match["who"], acts=True)):
        yield f"How many {match['what']} did {who} {_BASE[match['verb']]}?"
    for pattern in _SAID:
        if match := pattern.search(sentence):
            yield f"What did {match['name']} say?"
    for pattern, question in _TEMPLATES:
        match = pattern.match(sentence)
        if match and (what := spelling.inside(match["what"])):
            yield question(match, what)


def _told_of(sentences: Sequence[Sentence]) -> Iterator[tuple[Sentence, str]]:
    """Yield a question about each name that several sentences mention, the most named first."""
    told = [(name, one) for one in sentences for name in dict.fromkeys(_MID_NAME.findall(one.text))]
    first = dict(reversed(told))
    for name, times in Counter(name for name, _ in told).most_common():
        if times >= _OFTEN:
            yield first[name], f"Tell me about {name}."


class _Spelling:
    """How the words that begin a document's sentences are written inside of one."""

    def __init__(self, sentences: Sequence[Sentence]) -> None:
        inside = {word for one in sentences for word in _WORD.findall(one.text.partition(" ")[2])}
        self._small = {word for word in inside if word.islower()}
        self._names = inside - self._small

    def inside(self, what: str, *, acts: bool = False) -> str | None:
        """Return what begins a sentence as it stands inside of one; None if that cannot be known.

        A subject that ``acts``, alone and singular, is a name.
        """
        first, _, rest = what.partition(" ")
        if first in ("The", "A", "An") or first.lower() in self._small:
            return what[:1].lower() + what[1:]
        named = first in self._names or not first[1:].islower() or rest[:1].isupper()
        one = acts and not rest and not _PLURAL.search(first)
        return what if named or one else None
