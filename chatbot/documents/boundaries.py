"""Does a sentence end at this terminator? Rules over the words around it.

Knows words, not texts: it is given one ``Stop`` and says yes, no, or None where the rules have no
opinion and syntok decides. What the rules are for is shown case by case in
``tests/golden/sentences.txt``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from syntok.segmenter import State

from chatbot.documents import abbreviations as words

_SYNTOK_ABBREVIATIONS = frozenset(State.abbreviations)
"""Words, case kept, that syntok knows as abbreviations."""
_NEXT_WORD = re.compile(r"[^\W_][\w'’.&-]*")
_OPENERS = re.compile(r"^(?:[\"'“”‘’«»„(\[{¿¡*_`「『（《〈]|\s)*")
_DOTTED = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")
_ROMAN = re.compile(r"[IVXLC]+|[ivxlc]+")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_DATE_REST = re.compile(r"\d{1,2}\.\s?\d{2,4}\b")
_ENUMERATOR = re.compile(r"\d{1,3}(?:\.\d{1,2})*|[A-Za-z]|[IVX]+|[ivx]+")
_SPEAKER = re.compile(
    r"[^\W\d_][\w'’.-]*(?: (?:of|de|von|van|der|al|the|bin|[^\W\d_][\w'’.-]*)){0,6}?"
    r" (?P<verb>[a-z]+)\b"
)
_KNOWN = _SYNTOK_ABBREVIATIONS.union(
    *(words.TITLES, words.ALWAYS_INSIDE, words.NUMBERED, words.SUFFIXES, words.COMPANIES),
    *(words.MONTHS, {"etc"}),
)
_BEFORE_NUMBERS = words.TITLES | words.ALWAYS_INSIDE | words.SUFFIXES
_QUOTES = frozenset("\"”’»'")
_URL = re.compile(r"(?:https?://|www\.)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A terminator and what stands around it."""

    mark: str
    """The run of terminators: ``.``, ``?!``, ``…``, ``. . .``."""
    closers: str
    """Closing quotes and brackets that belong to the mark."""
    word: str
    """The word before the mark, without opening quotes and brackets; may be empty."""
    previous: str
    """The word before that one; may be empty."""
    opens: bool
    """``word`` is the first of its sentence."""
    block_opens: bool
    """``word`` is the first of its block."""
    nested: bool
    """The mark stands in, or closes, a bracket that was opened in the middle of the sentence."""
    spaced: bool
    """Whitespace separates the mark from its word."""
    caseless: bool
    """The block has no upper-case letter, so that a lower-case word may begin a sentence."""
    ahead: str
    """The next characters (up to 160), from the first that is no whitespace."""
    last_words: bool
    """``ahead`` is all that is left of the block."""


def is_boundary(stop: Stop) -> bool | None:
    """Say whether a sentence ends at ``stop``; None where these rules have no opinion."""
    rest = _OPENERS.sub("", stop.ahead, count=1)
    lead = rest[:1]
    if stop.ahead[:1] in ",;:.!?%)]}":
        return False  # the sentence plainly goes on ("Inc., which"; tokenised text)
    if not stop.word and stop.closers[:1] in (")", "]"):
        return False  # "[...]", "(!)"
    if not stop.word and len(stop.mark) > 1 and not stop.spaced:
        return False  # an ellipsis that opens a quote
    match = _NEXT_WORD.match(rest)
    following = match.group() if match else ""
    if lead in "—–-":
        return _after_dash(stop)
    if lead.islower() and not _is_brand(following) and not _URL.match(rest):
        return _before_lower(stop)
    if stop.nested:
        return bool(stop.closers) and following.lower() in words.STARTERS
    if (stop.mark[0] in ".…" and len(stop.mark) > 1) or "…" in stop.mark:
        return _after_ellipsis(stop, following)
    if stop.mark != ".":
        return _after_exclamation(stop, rest, following)
    if lead.isdigit():
        return _before_number(stop, rest)
    tail = rest[len(following) :].split(None, 1)
    return _before_capital(stop, following, tail[0] if tail else "")


def _after_dash(stop: Stop) -> bool:
    """Split before the next speech in a dialogue, not before the name that signs a quote."""
    first = stop.ahead.lstrip("—–- ")[:1]
    if first.islower() or not first:
        return False
    signed = _QUOTES.intersection(stop.closers)
    return not (signed and stop.last_words and len(stop.ahead) <= 80)


def _before_lower(stop: Stop) -> bool:
    if not stop.caseless or stop.mark not in (".", "!", "?") or stop.closers or stop.nested:
        return False
    word = stop.word.lower()
    if len(word) < 2 or "." in word or word in _KNOWN:
        return False
    return not (stop.opens and _NUMBER.fullmatch(word))


def _after_ellipsis(stop: Stop, following: str) -> bool:
    if following[:1].isdigit():
        return False  # the dots of a table of contents
    if following.lower() in words.STARTERS:
        return True
    if following == "I" or following.startswith(("I'", "I’")):
        return not stop.opens  # "Well… I do not know."
    if stop.spaced and not stop.closers:
        return not following[:1].isupper()  # "He met … Smith": words were left out
    return True


def _after_exclamation(stop: Stop, rest: str, following: str) -> bool:
    starter = following.lower() in words.STARTERS
    if stop.word.lower() in words.NAMES_WITH_MARK and not stop.closers:
        return starter
    speaker = _SPEAKER.match(rest) if _QUOTES.intersection(stop.closers) and not starter else None
    return speaker is None or speaker["verb"] not in words.SPEECH  # "Who paid?" the baker asked.


def _before_number(stop: Stop, rest: str) -> bool | None:
    word = stop.word.lower()
    if stop.opens and _ENUMERATOR.fullmatch(stop.word):
        return False
    if _NUMBER.fullmatch(word):
        return not (len(word) <= 2 and _DATE_REST.match(rest))
    dotted = _DOTTED.fullmatch(stop.word) is not None
    if dotted or len(word) == 1 or word in words.MONTHS or word in words.NUMBERED:
        return False
    return word not in _BEFORE_NUMBERS


def _before_capital(stop: Stop, following: str, then: str) -> bool | None:
    """Decide at a plain full stop before a capital, an uncased letter or a symbol."""
    word = stop.word.lower()
    starter = following.lower() in words.STARTERS
    if stop.opens and _ENUMERATOR.fullmatch(stop.word):
        # "1. Open the box." is one sentence at the start of a block; in a line, syntok is asked.
        if not stop.block_opens and stop.word.isdigit():
            return None
        return not stop.block_opens and stop.word == "I" and starter
    if word in words.ALWAYS_INSIDE or (word in words.TITLES and not stop.closers):
        return False
    if word in words.CLOCK:
        return following.lower().rstrip(".") not in words.AFTER_CLOCK
    if _NUMBER.fullmatch(word):
        return following.lower() not in words.ORDINAL_NOUNS
    if len(word) == 1:
        return _after_letter(stop, starter)
    if starter or stop.closers:
        return True
    return _after_abbreviation(stop, following, then)


def _after_abbreviation(stop: Stop, following: str, then: str) -> bool | None:
    """Decide before a capital that is no function word."""
    word = stop.word.lower()
    company = word in words.COMPANIES or (word in words.STATES and stop.previous.endswith(","))
    if company or (word in words.MONTHS and stop.word[:1].isupper()):
        # "Shares fell" begins a sentence, "Chief Executive Tim Cook" goes on with the name.
        return not following or then[:1].islower()
    if word in words.SUFFIXES or _DOTTED.fullmatch(stop.word):
        return False
    if stop.word in _SYNTOK_ABBREVIATIONS and word != "etc":
        return None
    return True


def _after_letter(stop: Stop, starter: bool) -> bool:
    """Tell an initial ("John F. Kennedy") from a label ("plan B.") and the pronoun ("than I.")."""
    if stop.closers or not stop.word.isalpha() or starter:
        return True
    if stop.word.isupper() and stop.previous.lower() in words.LETTERED:
        return True
    return stop.word == "I" and stop.previous.islower()


def _is_brand(word: str) -> bool:
    """Recognise iPhone, eBay, macOS: a capital soon after lower-case letters."""
    return any(letter.isupper() for letter in word[1:4])
