"""Superlatives, counts, sums and comparisons over the rows of a table, with the arithmetic shown.

Only where a column is plainly numeric: one number in each cell, with the same words around it.
Knows no store and no network.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chatbot.answering.tables import Table, is_yes_or_no, truth
from chatbot.models.word_stems import content_stems, stems
from chatbot.types import RetrievedSentence

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
_HOW_MANY = re.compile(r"\bhow many ([^\W\d_]+)", re.IGNORECASE)
_ALL = re.compile(r"\b(?:which|what|list|name|who|all|show|how many)\b", re.IGNORECASE)
_WITHOUT = re.compile(r"\b(?:no|not|without|lacks?|don['’]t|doesn['’]t|isn['’]t)\b", re.IGNORECASE)
_BOUND = re.compile(
    r"\b(?P<more>more than|over|above|at least|greater than|longer than|larger than|exceeding)"
    r"\s+(?P<a>\d[\d,]*(?:\.\d+)?)"
    r"|\b(?P<less>less than|fewer than|under|below|at most|up to|shorter than|smaller than|cheaper "
    r"than)\s+(?P<b>\d[\d,]*(?:\.\d+)?)",
    re.IGNORECASE,
)
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


def asks_over_rows(question: str) -> bool:
    """Say whether a question asks for a superlative, a sum, a mean or a difference."""
    plain = _AT.sub(" ", question)
    return any(form.search(plain) for form in (_SUPERLATIVE, _TOTAL, _MEAN, _DIFFERENCE))


def compute(question: str, table: Table) -> Computed | None:
    """Return what all rows of a table say to a question over them; None if it asks for none."""
    if len(table.rows) < 2:
        return None
    for way in (_difference, _superlative, _aggregate, _filtered, _counted):
        if (found := way(question, table)) is not None:
            return found
    if asks_over_rows(question):
        return Computed(text=None, sentences=table.sentences)
    return None


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


def _superlative(question: str, table: Table) -> Computed | None:
    found = _SUPERLATIVE.search(_AT.sub(" ", question))
    column = _numeric_column(question, table) if found else None
    if found is None or column is None:
        return None
    word = found[1].lower()
    values = _numbers(table.column(column)) or []
    best = (max if word in _MOST.split() else min)(values)
    places = [at for at, value in enumerate(values) if value == best]
    names = ", ".join(table.rows[at][0] for at in places)
    cell = table.rows[places[0]][column]
    return Computed(
        text=f"{names}: {cell}, the {word} of {len(values)} rows.", sentences=table.sentences
    )


def _aggregate(question: str, table: Table) -> Computed | None:
    mean = bool(_MEAN.search(question))
    column = _numeric_column(question, table) if mean or _TOTAL.search(question) else None
    if column is None:
        return None
    values = _numbers(table.column(column)) or []
    total = sum(values)
    terms = " + ".join(map(_shown, values))
    result = (
        f"({terms}) / {len(values)} = {_shown(total / len(values))}"
        if mean
        else (f"{terms} = {_shown(total)}")
    )
    return Computed(
        text=f"{table.header[column]}: {result}{_unit(table, column)}.", sentences=table.sentences
    )


def _difference(question: str, table: Table) -> Computed | None:
    asked = content_stems(question)
    places = [at for at, row in enumerate(table.rows) if content_stems(row[0]) & asked]
    column = _numeric_column(question, table) if _DIFFERENCE.search(question) else None
    if column is None or len(places) != 2:
        return None
    pair = table.only(places)
    one, other = sorted(_numbers(pair.column(column)) or [0.0, 0.0], reverse=True)
    return Computed(
        text=f"{table.header[column]}: {_shown(one)} - {_shown(other)} = {_shown(one - other)}"
        f"{_unit(table, column)}.",
        sentences=pair.sentences,
    )


def _filtered(question: str, table: Table) -> Computed | None:
    """Keep the rows that say yes in the column that is named, or lie above or below a bound."""
    if not _ALL.search(question):
        return None
    keep = _kept_by_bound(question, table) or _kept_by_answer(question, table)
    if keep is None:
        return None
    places = [at for at in range(len(table.rows)) if keep(at)]
    if not places:
        return Computed(text=f"None of {len(table.rows)} rows.", sentences=table.sentences)
    rows = table.only(places)
    return Computed(
        text=_count_of(rows, table) if _HOW_MANY.search(question) else None,
        sentences=rows.sentences,
    )


def _kept_by_bound(question: str, table: Table) -> Callable[[int], bool] | None:
    bound = _BOUND.search(question)
    column = _numeric_column(question, table) if bound else None
    if bound is None or column is None:
        return None
    limit = float((bound["a"] or bound["b"]).replace(",", ""))
    values = _numbers(table.column(column)) or []
    if bound["more"]:
        least = bound["more"].lower() == "at least"
        return lambda at: values[at] > limit or (least and values[at] == limit)
    most = bound["less"].lower() in ("at most", "up to")
    return lambda at: values[at] < limit or (most and values[at] == limit)


def _kept_by_answer(question: str, table: Table) -> Callable[[int], bool] | None:
    column = table.column_named(question, but=0)
    cells = [] if column is None else table.column(column)
    if not is_yes_or_no(cells):
        return None
    wanted = not _WITHOUT.search(question)
    return lambda at: truth(cells[at]) is wanted


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


def _numeric_column(question: str, table: Table) -> int | None:
    """Return the numeric column that the question names, or the only one there is."""
    numeric = [n for n in range(1, len(table.header)) if _numbers(table.column(n))]
    asked = content_stems(question)
    shares = {n: len(content_stems(table.header[n]) & asked) for n in numeric}
    best = [n for n in numeric if shares[n] and shares[n] == max(shares.values())]
    if not best and set(stems(question)) & _PRICED:
        best = [n for n in numeric if any(map(_MONEY.search, table.column(n)))]
    if not best and not any(
        content_stems(name) & asked for n, name in enumerate(table.header) if n
    ):
        best = numeric
    return best[0] if len(best) == 1 else None


def _numbers(cells: Sequence[str]) -> list[float] | None:
    """Return the numbers of a column; None if it is not plainly numeric."""
    values, around = [], set()
    for cell in cells:
        found = _NUMBER.findall(cell)
        if len(found) != 1:
            return None
        values.append(float(found[0].replace(",", "").replace("−", "-")))
        around.add(" ".join(_NUMBER.sub("", cell).split()))
    return values if values and len(around) == 1 and len("".join(around)) < 25 else None


def _unit(table: Table, column: int) -> str:
    unit = " ".join(_NUMBER.sub("", table.rows[0][column]).split())
    return f" {unit}" if unit and unit != table.header[column] else ""


def _shown(value: float) -> str:
    return f"{round(value, 2):,.10g}" if value != int(value) else f"{int(value):,}"
