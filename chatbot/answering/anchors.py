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

from chatbot.answering.dates import DateMention, date_mentions
from chatbot.models.word_stems import STOP_WORDS, word_stem, words
from chatbot.types import AnchorKind

ANOTHER = "another"
"""In the place of where an anchor stands: the sentence is about another one of the kind."""
_MONTH_NAMES = tuple(calendar.month_name)
_HYPHENS = re.compile(r"[\u00ad\u2010-\u2015\u2212\u30fc\ufe58\ufe63\uff0d]")
_CODE = re.compile(r"(?<![\w.,$£€])#?[^\W_]+(?:[-_./:+][^\W_]+)*")
_GROUP = re.compile(r"\d+|[^\W\d_]+")
_JOINED = re.compile(r"[-_./:+]?")  # what stands between two parts of one code, without a space
_LOOSE = re.compile(r"[-_./:+#§№()\s]{0,4}")
"""What may stand between them where a text writes the code with spaces."""
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
_LABELLED = re.compile(
    r"(?:(?P<sign>[§#№])\s*|(?P<label>[^\W\d_]+)(?:\.\s*|\s+)(?:(?:no|nr|number|num)\.?\s*|[:#]\s*)?)"
    r"(?P<code>[a-z]?\d+(?:[./:-]?[a-z0-9]+)*(?:\([a-z0-9]{1,4}\))*)(?![\w%€$£])",
    re.IGNORECASE,
)
_ITEM = re.compile(r"\s*(?:\d+\.)*\d+[.)]\s")
"""The number of a list item or a section: "3. " is step 3, point 3, section 3."""
_COUNTED = re.compile(
    r"\bhow many\s+(?:(?:of the|other|more|different|total)\s+)?([^\W\d_]+)", re.IGNORECASE
)
_COUNT = re.compile(r"\b\d[\d,.]*\s+(?:(?:of the|more|other|new|different)\s+)?([^\W\d_]+)")
_FILLERS = frozenset("no nr number num id code".split())
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Something that a question names: ``question[start:end] == text``."""

    text: str
    kind: AnchorKind
    start: int
    end: int
    required: bool  # a sentence without it does not answer; else it weighs
    parts: tuple[str, ...] = ()
    """Of an identifier its groups of letters and digits; of a name or number its stems."""
    label: str | None = None  # of a numbered thing what it is: "room"
    date: DateMention | None = None


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
        for text in self.before:
            yield "before", text
        if self.heading:
            yield "heading", self.heading
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
        for one in finder(question):
            if not any(one.start < other.end and other.start < one.end for other in found):
                found.append(one)
    return tuple(sorted(found, key=lambda one: one.start))


def place_of(named: Named, sentence: InContext) -> str | None:
    """Return where a sentence has it: ``ANOTHER`` if another one of the kind stands nearer."""
    for where, text in sentence.places():
        if _has(named, text):
            return where
        if named.kind is not AnchorKind.NAME and _has_rival(named, text):
            return ANOTHER
    return None


def is_denied(named: Named, sentence: InContext) -> bool:
    """Say whether the evidence speaks of another date than the one that is asked for."""
    if named.kind is not AnchorKind.DATE or not _has_rival(named, sentence.text):
        return False
    return not any(_has(named, text) for _, text in sentence.places())


def is_in_title(named: Named, sentence: InContext) -> bool:
    """Say whether a date is in the title of the sentence's document, so that it names that."""
    return named.date is not None and _has(named, sentence.title)


def counted_in(question: str) -> str | None:
    """Return the noun that a question asks the number of: "How many boats …?", None if none."""
    found = _COUNTED.search(question)
    return found[1] if found and found[1].lower() not in STOP_WORDS else None


def counts_in(text: str) -> tuple[str, ...]:
    """Return the nouns that stand behind a figure: "12 boats"."""
    return tuple(match[1] for match in _COUNT.finditer(text) if match[1].lower() not in STOP_WORDS)


def forms_of(named: Named) -> tuple[str, ...]:
    """Return the ways in which a text may write it, to search for as a whole."""
    if named.kind is AnchorKind.IDENTIFIER:
        return (named.text,)
    if named.date is None:
        return ()
    forms = []
    for day in named.date.days:
        if day.year and day.month and day.day:
            month = _MONTH_NAMES[day.month]
            forms += [
                f"{day.day} {month}",
                f"{month} {day.day}",
                f"{day.year}-{day.month:02}-{day.day:02}",
                f"{day.day:02}.{day.month:02}.{day.year}",
                f"{day.day:02}/{day.month:02}/{day.year}",
                f"{day.month:02}/{day.day:02}/{day.year}",
            ]
    return tuple(forms)


def _has(named: Named, text: str) -> bool:
    if named.kind is AnchorKind.IDENTIFIER:
        return _has_code(named, text)
    if named.date is not None:
        return any(mention.says(named.date) for mention in date_mentions(text))
    known = _known_stems(text)
    return any(part in known for part in named.parts)


def _has_rival(named: Named, text: str) -> bool:
    """Whether a text names another thing of the kind, so that what follows is about that."""
    if named.date is not None:
        return any(mention.comparable(named.date) for mention in date_mentions(text))
    if named.kind is AnchorKind.IDENTIFIER:
        if named.label and _ITEM.match(text):
            return True
        rivals = (one for one in _identifiers(text) if one.parts != named.parts)
        return any(
            one.label == named.label and _of_one_kind(one.parts, named.parts) for one in rivals
        )
    return False


def _of_one_kind(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether codes are built alike: "KB-5521" and "KB-8", "KB-5521" and "QX-1034"."""
    if [part.isdigit() for part in one] != [part.isdigit() for part in other]:
        return False
    return one[0] == other[0] or [*map(len, one)] == [*map(len, other)]


def _has_code(named: Named, text: str) -> bool:
    plain = plain_form(text)
    groups = list(_GROUP.finditer(plain))
    values = [group[0] for group in groups]
    size = len(named.parts)
    for at in range(len(groups) - size + 1):
        if tuple(values[at : at + size]) != named.parts:
            continue
        inner = all(
            _LOOSE.fullmatch(plain[groups[k].end() : groups[k + 1].start()])
            for k in range(at, at + size - 1)
        )
        if (
            inner
            and _stands_alone(plain, groups, at, size)
            and _is_labelled(named, plain, groups, at)
        ):
            return True
    return False


def _stands_alone(plain: str, groups: Sequence[re.Match[str]], at: int, size: int) -> bool:
    """Whether no letter, digit or joint makes the code longer than it is asked for."""
    start, end = groups[at].start(), groups[at + size - 1].end()
    if at and _JOINED.fullmatch(plain[groups[at - 1].end() : start]):
        return False
    more = at + size < len(groups)
    return not (more and _JOINED.fullmatch(plain[end : groups[at + size].start()]))


def _is_labelled(named: Named, plain: str, groups: Sequence[re.Match[str]], at: int) -> bool:
    """Whether a numbered thing is of its kind: "room 12", not "table 12"; "rooms 11 and 12" too."""
    if named.label is None or (len(named.parts) == 1 and len(named.parts[0]) >= 4):
        return True
    label = word_stem(named.label)
    if at == 0 and _ITEM.match(plain):
        return True
    if named.label in "§#№":
        return named.label in plain[max(0, groups[at].start() - 3) : groups[at].start()]
    for k in range(at - 1, max(-1, at - 8), -1):
        word = groups[k][0]
        if word_stem(word) == label:
            return True
        gap = plain[groups[k].end() : groups[k + 1].start()]
        listed = word.isdigit() or word in ("and", "or", "to") or word in _FILLERS
        if not listed or not re.fullmatch(r"[\s,.:&-]*", gap):
            return False
    return False


@lru_cache(maxsize=4_000)
def _identifiers(text: str) -> tuple[Named, ...]:
    plain = plain_form(text)
    dates = [(one.start, one.end) for one in date_mentions(text)]
    found = [*_labelled(text, plain, dates), *_codes(text, plain, dates)]
    kept: list[Named] = []
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return tuple(kept)


def _codes(text: str, plain: str, dates: Sequence[tuple[int, int]]) -> Iterator[Named]:
    for match in _CODE.finditer(plain):
        groups = tuple(_GROUP.findall(match[0]))
        digits = sum(group.isdigit() for group in groups)
        letters = len(groups) - digits
        joined = "_" in match[0]
        mixed = bool(digits and letters) and not _NO_CODE.fullmatch(match[0].lstrip("#"))
        long = letters == 0 and (digits > 2 or match[0].startswith("#"))
        if (mixed or joined or long) and not _overlaps(match, dates):
            yield _identifier(text, match.start(), match.end(), groups)


def _labelled(text: str, plain: str, dates: Sequence[tuple[int, int]]) -> Iterator[Named]:
    for match in _LABELLED.finditer(plain):
        label = match["sign"] or match["label"]
        original = text[match.start() : match.start() + len(label)]
        capital = original[0].isupper() and match.start() > 0 and label not in STOP_WORDS
        known = word_stem(label) in _LABEL_STEMS if label.isalpha() else True
        lettered = known and re.fullmatch(r"\d+[a-z]", match["code"])  # "type 52d" is no unit
        if _overlaps(match, dates) or (_NO_CODE.fullmatch(match["code"]) and not lettered):
            continue
        follows = re.match(r"\s+([a-z]+)s\b", plain[match.end() :])
        if capital and label not in _LABELS and follows:  # "In Brussels 12 ministers met"
            continue
        if not known and original.isupper() and len(original) > 1:  # "KB 5521"
            yield _identifier(text, match.start(), match.end(), tuple(_GROUP.findall(match[0])))
        elif known or capital:
            groups = tuple(_GROUP.findall(match["code"]))
            yield _identifier(text, match.start(), match.end(), groups, label=label)


_LABEL_STEMS = frozenset(map(word_stem, _LABELS))


def _identifier(
    text: str, start: int, end: int, groups: tuple[str, ...], *, label: str | None = None
) -> Named:
    return Named(
        text=text[start:end],
        kind=AnchorKind.IDENTIFIER,
        start=start,
        end=end,
        required=True,
        parts=groups,
        label=label,
    )


def _dates(question: str) -> Iterator[Named]:
    for mention in date_mentions(question):
        exact = any(day.day is not None for day in mention.days) and mention.until is None
        yield Named(
            text=question[mention.start : mention.end],
            kind=AnchorKind.DATE,
            start=mention.start,
            end=mention.end,
            required=exact and not (mention.after or mention.before),
            date=mention,
        )


def _numbers(question: str) -> Iterator[Named]:
    for match in _NUMBER.finditer(question):
        value = match["value"].rstrip(",")
        small = value.isdigit() and int(value) <= _SMALL
        bound = _BOUND.search(question[: match.start()])
        if small or bound:
            continue
        yield Named(
            text=match[0].strip(),
            kind=AnchorKind.NUMBER,
            start=match.start(),
            end=match.end(),
            required=match["unit"] is not None and match["unit"].lower() not in STOP_WORDS,
            parts=(word_stem(value), word_stem(value.replace(",", ""))),
        )


def _names(question: str) -> Iterator[Named]:
    """Yield the words that are written as names; the first word only if it is no common one."""
    for at, word in enumerate(words(question)):
        first = word.surface[0]
        if not first.isupper() or word.surface.lower() in STOP_WORDS or word.surface.isdigit():
            continue
        if at == 0 and not word.surface.isupper():
            continue
        yield Named(
            text=word.surface,
            kind=AnchorKind.NAME,
            start=word.start,
            end=word.end,
            required=False,
            parts=(word.stem,),
        )


@lru_cache(maxsize=4_000)
def _known_stems(text: str) -> frozenset[str]:
    return frozenset(word.stem for word in words(text))


def _overlaps(match: re.Match[str], spans: Sequence[tuple[int, int]]) -> bool:
    return any(match.start() < end and start < match.end() for start, end in spans)
