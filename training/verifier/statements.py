"""A question becomes the statement that its answer makes: people's own words for a passage.

"How many ladders did the hall buy?" becomes "The hall bought {} ladders.", with a place
for the answer.
Rules for the common forms of English questions (after Demszky et al. 2018, arXiv:1809.02922);
a question of another form gives nothing. Knows no passages and no models.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from training.verifier.lexicon import WORDS, read_words
from training.verifier.past_tense import past_tense

_BE = ("is", "are", "was", "were")
_MODALS = ("can", "could", "will", "would", "should", "may", "must", "has", "have", "had")
_AUXILIARIES = (*_BE, "did", "does", "do", *_MODALS)
_NO_VERB_AFTER = frozenset("the a an of to in on for and their his her its this that no".split())
_ASKED = re.compile(
    r"(?:(?P<prep>in|on|at|to|from|by|for|with|during)\s+)?"
    r"(?P<word>who|whom|what|which|when|where|why|how many|how much|how long|how old|how far)\s+"
    r"(?P<rest>.+)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\$?\d[\d,.]*")
_PREPOSITION = re.compile(
    r"(?:in|on|at|by|from|to|since|after|before|during|between|around|about|near|under|over|"
    r"because|due|as|for|with|through|until|every|today|yesterday|last|next)\b",
    re.IGNORECASE,
)
_MONTH = re.compile(
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december)\b",
    re.IGNORECASE,
)
_MOST_WORDS, _MOST_NOUNS = 9, 4
_ALIKE = "cut hit put set cost used done born".split()
"""Forms that the list of irregular verbs does not have, or not in their place."""
_UNSURE = frozenset("never only not no else one some any example examples other besides".split())
"""Questions with one of these have several answers, or one that a rule turns around."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A statement with ``{}`` where the answer goes, and the same denied."""

    said: str
    denied: str | None
    asked: str
    """The question word, in lower case."""

    def with_answer(self, answer: str, *, denied: bool = False) -> str | None:
        """Return the whole sentence; None where the answer does not fit or there is no denial."""
        form = self.denied if denied else self.said
        answer = answer.strip().strip(".,;:\"'“”() ")
        if form is None or not answer or len(answer.split()) > _MOST_WORDS:
            return None
        before = _preposition(self.asked, answer)
        whole = " ".join(form.replace("{}", f"{before} {answer}").split())
        return whole[0].upper() + whole[1:].rstrip(".") + "."


def verbs_of(sentences: Iterable[str]) -> frozenset[str]:
    """Return the base forms of verbs that stand behind "to" and in the past tense somewhere."""
    after_to: Counter[str] = Counter()
    seen: set[str] = set()
    for sentence in sentences:
        words = re.findall(r"[a-z]+", sentence)
        seen.update(words)
        after_to.update(after for word, after in pairwise(words) if word == "to")
    return frozenset(
        word for word, count in after_to.items() if count > 1 and past_tense(word) in seen
    )


def statement(question: str, verbs: Collection[str]) -> Statement | None:
    """Turn a question into a statement; None where no rule fits."""
    found = _ASKED.fullmatch(" ".join(question.strip().rstrip("?. ").split()))
    if found is None:
        return None
    asked = found["word"].lower()
    words = found["rest"].split()
    noun: list[str] = []
    if asked in ("what", "which", "how many", "how much"):
        while words and words[0].lower() not in _AUXILIARIES and len(noun) < _MOST_NOUNS:
            if noun and _is_past(words[0]):
                break
            noun.append(words.pop(0))
    if len(words) < 2 or _UNSURE.intersection(word.lower() for word in noun + words):
        return None
    if words[0].lower() not in _AUXILIARIES or words[1].lower() == "been":
        return _of_subject(asked, noun, words)
    if words[0].lower() in _BE:
        made = _of_be(asked, noun, words)
    else:
        made = _of_verb(asked, words, verbs)
    if made is None:
        return None
    prep = (found["prep"] or "").lower()
    said, denied = (f"{form} {prep}".strip() for form in made)
    return Statement(
        said=_placed(said, asked, noun, prep), denied=_placed(denied, asked, noun, prep),
        asked="" if prep else asked,
    )  # fmt: skip


def _placed(form: str, asked: str, noun: Sequence[str], prep: str) -> str:
    """Put the answer's place where ``<>`` stands, or at the end."""
    answer = "{}"
    if asked.startswith("how") and noun:
        answer = f"{{}} {' '.join(noun)}"
    return form.replace("<>", answer) if "<>" in form and not prep else f"{_open(form)} {answer}"


def _open(form: str) -> str:
    return " ".join(form.replace("<>", "").split())


def _of_subject(asked: str, noun: Sequence[str], words: Sequence[str]) -> Statement | None:
    """``Who wrote it``, ``Which country sent trucks``: the answer is the subject."""
    if asked not in ("who", "what", "which", "how many"):
        return None
    if words[1].lower() != "been" and not _is_past(words[0]):
        return None
    subject = f"{{}} {' '.join(noun)}" if asked == "how many" else "{}"
    return Statement(said=f"{subject} {' '.join(words)}", denied=None, asked="")


def _of_be(asked: str, noun: Sequence[str], words: Sequence[str]) -> tuple[str, str] | None:
    be, rest = words[0].lower(), list(words[1:])
    passive = next((at for at, word in enumerate(rest) if at and _is_participle(word)), None)
    if asked in ("who", "what", "which", "how many", "how much"):
        if _is_participle(rest[0]) or (asked == "how many" and noun):
            return f"<> {be} {' '.join(rest)}", f"<> {be} not {' '.join(rest)}"
        if noun or any(word.endswith("ing") for word in rest):
            return None
    if passive is not None and asked not in ("who", "what", "which"):
        subject, tail = " ".join(rest[:passive]), " ".join(rest[passive:])
        return f"{subject} {be} {tail}", f"{subject} {be} not {tail}"
    if asked in ("why", "how long", "how far", "how much"):
        return None
    subject = " ".join(rest)
    return f"{subject} {be} <>", f"{subject} {be} not <>"


def _of_verb(asked: str, words: Sequence[str], verbs: Collection[str]) -> tuple[str, str] | None:
    auxiliary, rest = words[0].lower(), list(words[1:])
    at = next(
        (
            at
            for at in range(1, len(rest))
            if _is_verb(rest[at], verbs, participle=auxiliary in ("has", "have", "had"))
            and rest[at - 1].lower() not in _NO_VERB_AFTER
        ),
        None,
    )
    if at is None:
        return None
    subject, verb, tail = " ".join(rest[:at]), rest[at], " ".join(rest[at + 1 :])
    slot = "" if asked in ("when", "where", "why", "how long", "how far") else " <>"
    if auxiliary == "did":
        said = f"{subject} {past_tense(verb)}{slot} {tail}"
    elif auxiliary in ("do", "does"):
        said = f"{subject} {third_person(verb) if auxiliary == 'does' else verb}{slot} {tail}"
    else:
        said = f"{subject} {auxiliary} {verb}{slot} {tail}"
    return said, f"{subject} {auxiliary} not {verb}{slot} {tail}"


def _preposition(asked: str, answer: str) -> str:
    """Return what stands before the answer to "when", "where" and "why"."""
    if _PREPOSITION.match(answer):
        return ""
    if asked == "where":
        return "in"
    if asked == "why":
        return "because of"
    if asked == "how long":
        return "for" if answer[:1].isdigit() else ""
    if asked == "when":
        if re.fullmatch(r"(?:early|mid|late)?[ -]?\d{4}s?", answer) or (
            _MONTH.match(answer) and not re.search(r"\b\d{1,2}\b", answer)
        ):
            return "in"
        return "on" if _MONTH.search(answer) else ""
    return ""


def _is_past(word: str) -> bool:
    return word.lower() in _irregular()[0] or (word.endswith("ed") and len(word) > 4)


def _is_participle(word: str) -> bool:
    return word.lower() in _irregular()[1] or (word.endswith(("ed", "ing")) and len(word) > 4)


@lru_cache(maxsize=1)
def _irregular() -> tuple[frozenset[str], frozenset[str]]:
    """Return the irregular forms of the past and the participles."""
    groups = read_words(WORDS)["irregular"]
    return (
        frozenset([group[1] for group in groups] + _ALIKE),
        frozenset([group[-1] for group in groups if group[0] not in ("be", "do")] + _ALIKE),
    )


def _is_verb(word: str, verbs: Collection[str], *, participle: bool) -> bool:
    return _is_participle(word) if participle else word in verbs


def third_person(verb: str) -> str:
    """Return the form that goes with "it": "covers"."""
    if verb == "have":
        return "has"
    if verb.endswith(("s", "x", "ch", "sh", "o")):
        return verb + "es"
    return verb[:-1] + "ies" if re.search(r"[^aeiou]y$", verb) else verb + "s"


def kind_of(answer: str) -> str:
    """Return what sort of answer it is: wrong answers are of the same sort."""
    if _MONTH.search(answer) or re.search(r"\b(?:1\d|20)\d\d\b", answer):
        return "date"
    if _NUMBER.search(answer):
        return "number"
    words = answer.split()
    return "name" if words and words[-1][:1].isupper() else "words"
