"""Superlatives, counts, sums and comparisons over the rows of a table, with the arithmetic shown.

Only where a column is plainly numeric: one number in each cell, with the same words around it.
Knows no store and no network.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import compress

from chatbot.answering.anchors import InContext
from chatbot.answering.tables import Table, truth
from chatbot.answering.tuning import TUNING
from chatbot.models.word_stems import STOP_WORDS, content_stems, stems, word_stem
from chatbot.types import RetrievedSentence

Alike = Callable[[str, Sequence[str], float], str | None]
"""Returns which of some nouns is most like one, None if none is near enough."""

_MOST = (
    "most highest largest biggest greatest longest tallest heaviest widest deepest fastest latest "
    "newest maximum max priciest dearest strongest farthest furthest busiest hottest warmest"
)
_LEAST = (
    "least lowest smallest fewest shortest lightest narrowest slowest earliest minimum min "
    "cheapest nearest closest coldest youngest"
)
_SUPERLATIVE = re.compile(rf"\b({'|'.join((_MOST + ' ' + _LEAST).split())})\b", re.IGNORECASE)
_AT = re.compile(r"\bat (?:the )?(?:most|least)\b", re.IGNORECASE)  # a bound, and no superlative
_TOTAL = re.compile(r"\b(?:total|sum|altogether|in all|combined|all together)\b", re.IGNORECASE)
_MEAN = re.compile(r"\b(?:average|the mean)\b", re.IGNORECASE)
_DIFFERENCE = re.compile(
    r"\b(?:difference between|how (?:much|many) (?:more|less|fewer|longer|higher|cheaper))\b", re.I
)
_HOW_MANY = re.compile(
    r"\bhow many\s+(?:(?:of the|other|more|different|total)\s+)?([^\W\d_]+)", re.IGNORECASE
)
_COUNT = re.compile(r"\b\d[\d,.]*\s+(?:(?:of the|more|other|new|different)\s+)?([^\W\d_]+)")
_ALL = re.compile(r"\b(?:which|what|list|name|who|all|show|how many)\b", re.IGNORECASE)
_WITHOUT = re.compile(r"\b(?:no|not|without|lacks?|don['’]t|doesn['’]t|isn['’]t)\b", re.IGNORECASE)
_MORE = "more than|over|above|at least|greater than|longer than|larger than|exceeding".split("|")
_LESS = "less than|fewer than|under|below|at most|up to|shorter than|smaller than|cheaper than"
_BOUND = re.compile(
    rf"\b(?P<how>{'|'.join(_MORE)}|{_LESS})\s+(?P<limit>\d[\d,]*(?:\.\d+)?)", re.IGNORECASE
)
_EXACTLY = {"at least": operator.ge, "at most": operator.le, "up to": operator.le}
_NUMBER = re.compile(r"[-+−]?\d+(?:,\d{3})*(?:\.\d+)?")
_MONEY = re.compile(
    r"[$£€¥]|\b(?:euros?|dollars?|pounds?|yen|usd|eur|gbp|jpy|chf)\b", re.IGNORECASE
)
_PRICED = frozenset(stems("price cost cheap cheapest expensive dear dearest priciest fee pay"))
_KEYED = re.compile(r"^(?P<key>[^:]{1,60}):\s+(?P<rest>.*\d.*)$", re.DOTALL)
_COUNTED = re.compile(r"(?P<number>\d+(?:,\d{3})*(?:\.\d+)?)\s+(?P<noun>[^\W\d_]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Computed:
    """What rows say together."""

    text: str | None  # the result with its arithmetic; None where the rows speak for themselves
    sentences: tuple[RetrievedSentence, ...]  # the rows that it rests on


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    """A column that is plainly numeric."""

    name: str
    cells: list[str]
    values: list[float]
    unit: str  # the words around each number

    @property
    def shown_unit(self) -> str:
        return f" {self.unit}" if self.unit and self.unit != self.name else ""


def counts_another(question: str, sentence: InContext, alike: Alike) -> bool:
    """Say whether a sentence counts other things than those that a question asks the number of."""
    asked = _HOW_MANY.search(question)
    around = f"{sentence.text} {sentence.heading or ''}"
    if asked is None or asked[1].lower() in STOP_WORDS or word_stem(asked[1]) in stems(around):
        return False
    nouns = [match[1] for match in _COUNT.finditer(sentence.text)]
    counted = [noun for noun in nouns if noun.lower() not in STOP_WORDS]
    return bool(counted) and alike(asked[1], counted, TUNING.same_thing) is None


def asks_over_rows(question: str) -> bool:
    """Say whether a question asks for a superlative, a sum, a mean or a difference."""
    plain = _AT.sub(" ", question)
    return any(form.search(plain) for form in (_SUPERLATIVE, _TOTAL, _MEAN, _DIFFERENCE))


def compute(question: str, table: Table) -> Computed | None:
    """Return what all rows of a table say to a question over them; None if it asks for none."""
    if len(table.rows) < 2:
        return None
    found = None
    if (column := _numeric_column(question, table)) is not None:
        ways = (_difference, _superlative, _aggregate)
        found = next((one for way in ways if (one := way(question, table, column))), None)
    found = found or _filtered(question, table, column) or _counted(question, table)
    if found is None and asks_over_rows(question):
        return Computed(text=None, sentences=table.sentences)
    return found


def keyed_rows(sentences: Sequence[RetrievedSentence]) -> Table:
    """Return sentences such as "March: 12 trains, 3 buses." as the rows of a table."""
    rows, kept, nouns = [], [], dict.fromkeys([""])
    for sentence in sentences:
        match = _KEYED.match(sentence.text)
        counts = {m["noun"]: m[0] for m in _COUNTED.finditer(match["rest"])} if match else {}
        if match and counts:
            rows.append({"": match["key"].strip(), **counts})
            kept.append(sentence)
            nouns |= dict.fromkeys(counts)
    return Table(
        header=tuple(nouns),
        rows=tuple(tuple(row.get(noun, "") for noun in nouns) for row in rows),
        sentences=tuple(kept),
    )


def _superlative(question: str, table: Table, column: _Column) -> Computed | None:
    found = _SUPERLATIVE.search(_AT.sub(" ", question))
    if found is None:
        return None
    word = found[1].lower()
    best = (max if word in _MOST.split() else min)(column.values)
    places = [at for at, value in enumerate(column.values) if value == best]
    names = ", ".join(table.rows[at][0] for at in places)
    text = f"{names}: {column.cells[places[0]]}, the {word} of {len(column.values)} rows."
    return Computed(text=text, sentences=table.sentences)


def _aggregate(question: str, table: Table, column: _Column) -> Computed | None:
    mean = bool(_MEAN.search(question))
    if not mean and not _TOTAL.search(question):
        return None
    total, count = sum(column.values), len(column.values)
    terms = " + ".join(map(_shown, column.values))
    result = (
        f"({terms}) / {count} = {_shown(total / count)}" if mean else f"{terms} = {_shown(total)}"
    )
    text = f"{column.name}: {result}{column.shown_unit}."
    return Computed(text=text, sentences=table.sentences)


def _difference(question: str, table: Table, column: _Column) -> Computed | None:
    asked = content_stems(question)
    named = [bool(content_stems(row[0]) & asked) for row in table.rows]
    if not _DIFFERENCE.search(question) or sum(named) != 2:
        return None
    one, other = sorted(compress(column.values, named), reverse=True)
    result = f"{_shown(one)} - {_shown(other)} = {_shown(one - other)}"
    text = f"{column.name}: {result}{column.shown_unit}."
    return Computed(text=text, sentences=table.only(named).sentences)


def _filtered(question: str, table: Table, column: _Column | None) -> Computed | None:
    """Keep the rows that say yes in the column that is named, or lie above or below a bound."""
    kept = None
    if column is not None and (bound := _BOUND.search(question)):
        how, limit = bound["how"].lower(), float(bound["limit"].replace(",", ""))
        fits = _EXACTLY.get(how, operator.gt if how in _MORE else operator.lt)
        kept = [fits(value, limit) for value in column.values]
    elif (number := table.column_named(question, but=0)) is not None:
        says = [truth(cell) for cell in table.column(number)]
        if any(table.column(number)) and None not in says:
            kept = [one is not bool(_WITHOUT.search(question)) for one in says]
    if kept is None or not _ALL.search(question):
        return None
    if not any(kept):
        return Computed(text=f"None of {len(table.rows)} rows.", sentences=table.sentences)
    rows = table.only(kept)
    text = _count_of(rows, table) if _HOW_MANY.search(question) else None
    return Computed(text=text, sentences=rows.sentences)


def _counted(question: str, table: Table) -> Computed | None:
    noun = _HOW_MANY.search(question)
    named = noun and set(stems(noun[1])) & {*stems(table.header[0]), "row", "entri"}
    beyond = content_stems(question) - content_stems(noun[0]) if noun else frozenset()
    if not named or len(beyond) > 1:
        return None
    return Computed(text=_count_of(table, table), sentences=table.sentences)


def _count_of(rows: Table, table: Table) -> str:
    names = ", ".join(row[0] for row in rows.rows)
    return f"{len(rows.rows)} of {len(table.rows)} rows: {names}."


def _numeric_column(question: str, table: Table) -> _Column | None:
    """Return the numeric column that the question names, or the only one there is."""
    asked = content_stems(question)
    names = range(1, len(table.header))
    numeric = [one for n in names if (one := _column(table.header[n], table.column(n)))]
    shares = [len(content_stems(one.name) & asked) for one in numeric]
    most = max(shares, default=0)
    best = [one for one, share in zip(numeric, shares, strict=True) if share == most > 0]
    if not best and set(stems(question)) & _PRICED:
        best = [one for one in numeric if any(map(_MONEY.search, one.cells))]
    if not best and not any(content_stems(table.header[n]) & asked for n in names):
        best = numeric
    return best[0] if len(best) == 1 else None


def _column(name: str, cells: list[str]) -> _Column | None:
    numbers = [_NUMBER.findall(cell) for cell in cells]
    units = {" ".join(_NUMBER.sub("", cell).split()) for cell in cells}
    if any(len(found) != 1 for found in numbers) or len(units) != 1:
        return None
    values = [float(found[0].replace(",", "").replace("−", "-")) for found in numbers]
    unit = units.pop()
    return _Column(name=name, cells=cells, values=values, unit=unit) if len(unit) < 25 else None


def _shown(value: float) -> str:
    return f"{round(value, 2):,.10g}" if value != int(value) else f"{int(value):,}"
