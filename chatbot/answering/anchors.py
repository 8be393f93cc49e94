"""What a question names and the evidence must have: identifiers, dates, numbers and names.

"KB-5521" is compared letter by letter and digit by digit, after folding case, hyphens, spaces and
width; one that is near is another one. A sentence has what it says itself and what stands before it
in its passage, in its heading or in its title, unless it names another one of the kind. Knows no
store and no network.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from chatbot.answering.dates import DateMention, date_mentions
from chatbot.models.word_stems import STOP_WORDS, stems, word_stem, words
from chatbot.types import AnchorKind

ANOTHER = "another"
"""In the place of where an anchor stands: the sentence is about another one of the kind."""
_HYPHENS = re.compile(r"[\u00ad\u2010-\u2015\u2212\u30fc\ufe58\ufe63\uff0d]")
_CODE = re.compile(r"(?<![\w.,$£€])#?[^\W_]+(?:[-_./:+][^\W_]+)*")
_GROUP = re.compile(r"\d+|[^\W\d_]+")
_LOOSE = r"[-_./:+#§№()\s]"  # what may stand between two parts of one code
_LAST_WORD = re.compile(r"(\d+|[^\W\d_]+)([\W_]*)$")
_LABEL_REACH = 60
"""Characters before a number in which its label is looked for: "rooms 11, 12, 13 and 14"."""
_NO_CODE = re.compile(
    r"\d+(?:st|nd|rd|th|s)|\d+(?:[.,]\d+)*(?:kg|km|m|cm|mm|g|mg|l|ml|kw|kwh|mw|gw|w|v|a|mb|gb|tb|hz|"
    r"khz|mhz|ghz|px|pm|am|h|hr|min|ms|s|k|bn|mn|x|d|c|f|ft|in|lb|oz|mph|kph)"
    r"|\d+-[a-z]{3,}(?:-[a-z]+)*|[a-z]{3,}-\d{4}s?|\d{1,2}[:.]\d\d(?:am|pm)?",
    re.IGNORECASE,
)
_LABELS = frozenset(
    """account annex appendix article batch bed block bug building bus case chapter circular clause
    code contract customer desk document error exhibit figure file flight floor form gate grade
    house invoice issue item key kit label lane law lesson level line locker lot machine member
    model module norm note number order page paragraph part patch phase plan plate platform point
    policy port position problem protocol receipt record reference release request room route row
    rule schedule seat section serial series session sheet shelf shop size slide slot stage station
    step story suite table task terminal ticket track train type unit version volume ward week zone
    """.split()
)
_LABEL_STEMS = frozenset(map(word_stem, _LABELS))
_LABELLED = re.compile(
    r"(?:(?P<sign>[§#№])\s*|(?P<label>[^\W\d_]+)(?:\.\s*|\s+)(?:(?:no|nr|number|num)\.?\s*|[:#]\s*)?)"
    r"(?P<code>[a-z]?\d+(?:[./:-]?[a-z0-9]+)*(?:\([a-z0-9]{1,4}\))*)(?![\w%€$£])",
    re.IGNORECASE,
)
_ITEM = re.compile(r"\s*(?:\d+\.)*\d+[.)]\s")
"""The number of a list item or a section: "3. " is step 3, point 3, section 3."""
_LISTED = frozenset("and or to no nr number num id code".split())
_LISTED_GAP = re.compile(r"[\s,.:&-]*")
_DAY_FORMS = (
    "{d} {month}|{month} {d}|{y}-{m:02}-{d:02}|{d:02}.{m:02}.{y}|{d:02}/{m:02}/{y}|"
    "{m:02}/{d:02}/{y}"
)
_NUMBER = re.compile(
    r"(?<![\w.,/-])(?P<value>\d[\d,]*(?:\.\d+)?)(?:\s*(?P<unit>%|[^\W\d_]{2,})|(?=[\s?.,!]|$))"
)
_BOUND = re.compile(
    r"\b(?:more|less|fewer|greater|larger|longer|older|younger|higher|lower|over|under|above|below|"
    r"least|most|about|around|approximately|nearly|almost|exceed(?:s|ing)?|up to|within|between|"
    r"top|first|last|next|name|list|give|than)\s+(?:than\s+)?(?:[$£€]\s*)?$",
    re.IGNORECASE,
)
_SMALL = 10  # plain numbers up to here are often written in words, or ask for so many answers


@dataclass(frozen=True, slots=True)
class Named:
    """Something that a question names: ``question[start:end] == text``."""

    question: str
    kind: AnchorKind
    start: int
    end: int
    required: bool = False  # a sentence without it does not answer; else it weighs
    parts: tuple[str, ...] = ()
    """Of an identifier its groups of letters and digits; of a name or number its stems."""
    label: str | None = None  # of a numbered thing what it is: "room"
    date: DateMention | None = None

    @property
    def text(self) -> str:
        """How the question writes it."""
        return self.question[self.start : self.end]


_Found = tuple[re.Match[str], list[str], str | None]  # an identifier, its groups and its label


@dataclass(frozen=True, slots=True, kw_only=True)
class InContext:
    """A sentence that may answer, with what it leans on."""

    text: str
    before: tuple[str, ...] = ()  # the sentences before it in its passage, nearest first
    heading: str | None = None
    title: str = ""

    def places(self) -> Iterator[tuple[str, str]]:
        """Yield the texts that it may have something from, nearest first."""
        yield "sentence", self.text
        yield from (("before", text) for text in self.before)
        yield "heading", self.heading or ""
        yield "title", self.title


def plain_form(text: str) -> str:
    """Return a text with full-width letters, kinds of hyphens and case folded, at one length."""
    folded = "".join(
        one if len(one := unicodedata.normalize("NFKC", letter)) == 1 else letter for letter in text
    )
    return _HYPHENS.sub("-", folded).lower()


@lru_cache(maxsize=1_000)
def named_in(question: str) -> tuple[Named, ...]:
    """Return what a question names, in order, without overlap."""
    found: list[Named] = []
    for finder in (_identifiers, _dates, _numbers, _names):
        found += [one for one in finder(question) if not _overlaps(one, found)]
    return tuple(sorted(found, key=lambda one: one.start))


def place_of(named: Named, sentence: InContext) -> str | None:
    """Return where a sentence has it: ``ANOTHER`` if another one of the kind stands nearer."""
    for where, text in sentence.places():
        if _has(named, text):
            return where
        if _has_rival(named, text):
            return ANOTHER
    return None


def is_denied(named: Named, sentence: InContext) -> bool:
    """Say whether the evidence speaks of another date than the one that is asked for."""
    rival = named.kind is AnchorKind.DATE and _has_rival(named, sentence.text)
    return rival and not any(_has(named, text) for _, text in sentence.places())


def is_in_title(named: Named, sentence: InContext) -> bool:
    """Say whether a date is in the title of the sentence's document, so that it names that."""
    return named.date is not None and _has(named, sentence.title)


def forms_of(named: Named) -> tuple[str, ...]:
    """Return the ways in which a text may write it, to search for as a whole."""
    if named.kind is AnchorKind.IDENTIFIER:
        return (named.text,)
    days = () if named.date is None else named.date.days
    return tuple(
        form
        for day in days
        if day.year and day.month and day.day
        for form in _DAY_FORMS.format(
            y=day.year, m=day.month, d=day.day, month=calendar.month_name[day.month]
        ).split("|")
    )


def _has(named: Named, text: str) -> bool:
    if named.kind is AnchorKind.IDENTIFIER:
        return _has_code(named, text)
    if named.date is not None:
        return any(mention.says(named.date) for mention in date_mentions(text))
    return not set(named.parts).isdisjoint(stems(text))


def _has_rival(named: Named, text: str) -> bool:
    """Whether a text names another thing of the kind, so that what follows is about that."""
    if named.date is not None:
        return any(mention.comparable(named.date) for mention in date_mentions(text))
    if named.kind is not AnchorKind.IDENTIFIER:
        return False
    return bool(named.label and _ITEM.match(text)) or any(
        one.label == named.label
        and one.parts != named.parts
        and _of_one_kind(one.parts, named.parts)
        for one in _identifiers(text)
    )


def _of_one_kind(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether codes are built alike: "KB-5521" and "KB-8", "KB-5521" and "QX-1034"."""
    alike = [part.isdigit() for part in one] == [part.isdigit() for part in other]
    return alike and (one[0] == other[0] or [*map(len, one)] == [*map(len, other)])


def _has_code(named: Named, text: str) -> bool:
    plain = plain_form(text)
    found = _code_pattern(named.parts).finditer(plain)
    return any(_is_labelled(named, plain, one.start()) for one in found)


@lru_cache(maxsize=1_000)
def _code_pattern(parts: Sequence[str]) -> re.Pattern[str]:
    """Return what finds a code where no letter, digit or joint makes it longer."""
    pattern = re.escape(parts[0])
    for one, other in pairwise(parts):
        least = 1 if one.isdigit() == other.isdigit() else 0
        pattern += f"{_LOOSE}{{{least},4}}{re.escape(other)}"
    return re.compile(rf"(?<![^\W_])(?<![^\W_][-_./:+]){pattern}(?![-_./:+]?[^\W_])")


def _is_labelled(named: Named, plain: str, at: int) -> bool:
    """Whether a numbered thing is of its kind: "room 12", not "table 12"; "rooms 11 and 12" too."""
    if named.label is None or (len(named.parts) == 1 and len(named.parts[0]) >= 4):
        return True
    before = plain[max(0, at - _LABEL_REACH) : at]
    found = _LAST_WORD.search(before)
    if found is None and _ITEM.match(plain):
        return True
    if named.label in "§#№":
        return named.label in before[-3:]
    while found is not None:
        if word_stem(found[1]) == word_stem(named.label):
            return True
        listed = found[1].isdigit() or found[1] in _LISTED
        if not listed or not _LISTED_GAP.fullmatch(found[2]):
            return False
        found = _LAST_WORD.search(before, 0, found.start())
    return False


@lru_cache(maxsize=4_000)
def _identifiers(text: str) -> tuple[Named, ...]:
    plain = plain_form(text)
    found = [*_labelled(text, plain), *_codes(plain)]
    taken: list[Named | DateMention] = list(date_mentions(text))
    kept = []
    for match, parts, label in sorted(found, key=lambda one: (one[0].start(), -one[0].end())):
        one = Named(text, AnchorKind.IDENTIFIER, *match.span(), True, tuple(parts), label)
        if not _overlaps(one, taken):
            kept.append(one)
            taken.append(one)
    return tuple(kept)


def _codes(plain: str) -> Iterator[_Found]:
    for match in _CODE.finditer(plain):
        groups = _GROUP.findall(match[0])
        digits = sum(group.isdigit() for group in groups)
        mixed = 0 < digits < len(groups) and not _NO_CODE.fullmatch(match[0].lstrip("#"))
        long = digits == len(groups) and (digits > 2 or match[0].startswith("#"))
        if mixed or long or "_" in match[0]:
            yield match, groups, None


def _labelled(text: str, plain: str) -> Iterator[_Found]:
    for match in _LABELLED.finditer(plain):
        label = match["sign"] or match["label"]
        original = text[match.start() : match.start() + len(label)]
        capital = original[0].isupper() and match.start() > 0 and label not in STOP_WORDS
        known = not label.isalpha() or word_stem(label) in _LABEL_STEMS
        lettered = known and re.fullmatch(r"\d+[a-z]", match["code"])  # "type 52d" is no unit
        if _NO_CODE.fullmatch(match["code"]) and not lettered:
            continue
        follows = re.match(r"\s+([a-z]+)s\b", plain[match.end() :])
        if capital and label not in _LABELS and follows:  # "In Brussels 12 ministers met"
            continue
        if not known and original.isupper() and len(original) > 1:  # "KB 5521"
            yield match, _GROUP.findall(match[0]), None
        elif known or capital:
            yield match, _GROUP.findall(match["code"]), label


def _dates(question: str) -> Iterator[Named]:
    for one in date_mentions(question):
        exact = any(day.day is not None for day in one.days)
        required = exact and one.until is None and not (one.after or one.before)
        yield Named(question, AnchorKind.DATE, one.start, one.end, required, date=one)


def _numbers(question: str) -> Iterator[Named]:
    for match in _NUMBER.finditer(question):
        value, unit = match["value"].rstrip(","), match["unit"]
        small = value.isdigit() and int(value) <= _SMALL
        if small or _BOUND.search(question[: match.start()]):
            continue
        required = unit is not None and unit.lower() not in STOP_WORDS
        parts = (word_stem(value), word_stem(value.replace(",", "")))
        yield Named(question, AnchorKind.NUMBER, *match.span(), required, parts)


def _names(question: str) -> Iterator[Named]:
    """Yield the words that are written as names; the first word only if it is no common one."""
    for at, word in enumerate(words(question)):
        common = word.surface.lower() in STOP_WORDS or word.surface.isdigit()
        written = word.surface[0].isupper() and (at > 0 or word.surface.isupper())
        if written and not common:
            yield Named(question, AnchorKind.NAME, word.start, word.end, parts=(word.stem,))


def _overlaps(one: Named, others: Sequence[Named | DateMention]) -> bool:
    return any(one.start < other.end and other.start < one.end for other in others)
