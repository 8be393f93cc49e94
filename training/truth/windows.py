"""A window of text with marked sentences: what both networks read, and how it is kept on disk.

Plain values; knows no network and no data set.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from training.truth.bodies import MINILM, Body

Place = tuple[int, int]
"""Start and end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A question (or claim) and a passage, with what is known of the two."""

    asked: str
    passage: str
    sentences: tuple[Place, ...]
    """Character places in ``passage``, in order."""
    gold: tuple[int, ...] = ()
    """Numbers of the sentences that answer; empty where none does."""
    span: Place | None = None
    """Characters of the answer in ``passage``."""
    group: str = ""
    """Windows of one question: they are ranked together and never split."""
    source: str = ""
    kind: str = ""
    dev: bool = False
    label: int = 0
    """Verifier: 0 unsupported, 1 partly, 2 supported."""
    bad: tuple[Place, ...] | None = None
    """Verifier: characters of ``asked`` that lack support; None where that is not known."""
    against: bool | None = None
    """Verifier: the evidence says otherwise; None where that is not known."""
    answer: str = ""
    """Verifier: the answer that the claim belongs to."""
    rough: bool = False
    """The question is written as in a hurry."""


def write(windows: Iterable[Window], path: Path) -> int:
    """Write windows as gzipped JSON lines and return how many they were."""
    path.parent.mkdir(parents=True, exist_ok=True)
    count = 0
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=4) as lines:
        for window in windows:
            lines.write(json.dumps(asdict(window), ensure_ascii=False) + "\n")
            count += 1
    return count


def write_counted(windows: Iterable[Window], path: Path, *, label: Callable[[Window], str]) -> None:
    """Write windows and print how many there are of each label, apart for dev and train."""
    counted: Counter[str] = Counter()

    def passed() -> Iterator[Window]:
        for window in windows:
            counted[f"{label(window)} {'dev' if window.dev else 'train'}"] += 1
            yield window

    print(write(passed(), path), "windows")
    for name, count in sorted(counted.items()):
        print(f"{count:6} {name}")


def read(path: Path) -> Iterator[Window]:
    """Yield the windows of a file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            data = json.loads(line)
            for name in ("sentences", "bad"):
                if data[name] is not None:
                    data[name] = tuple((start, end) for start, end in data[name])
            data["gold"] = tuple(data["gold"])
            data["span"] = tuple(data["span"]) if data["span"] else None
            yield Window(**data)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A window as token ids.

    ``[CLS] asked [SEP] passage [SEP]``, or as another body wants it; places are token numbers in
    the row.
    """

    ids: tuple[int, ...]
    pad: int
    """The id that fills a shorter row up."""
    asked_end: int
    """One more than the number of the last token of ``asked``; its first is 1."""
    passage_at: int
    """Number of the passage's first token: those before it are of segment 0."""
    sentences: tuple[Place, ...]
    span: Place | None
    """First and last token of the answer."""
    bad: tuple[int, ...] | None
    """Tokens of ``asked`` that lack support."""
    window: Window


MAX_ASKED = 64
"""Tokens of the question or claim that are read; longer ones are cut."""


def tokenise(
    windows: Sequence[Window], tokenizer: object, *, max_tokens: int, body: Body = MINILM
) -> list[Row]:
    """Turn windows into rows of at most ``max_tokens``.

    More than one token between question and passage does not count. What stands behind the last
    token is not read; a sentence there gets an empty place, an answer there becomes None.
    """
    asked = tokenizer.encode_batch([w.asked for w in windows], add_special_tokens=False)  # type: ignore[attr-defined]
    texts = tokenizer.encode_batch([w.passage for w in windows], add_special_tokens=False)  # type: ignore[attr-defined]
    return [
        _row(window, question, text, max_tokens, body)
        for window, question, text in zip(windows, asked, texts, strict=True)
    ]


def _row(window: Window, asked: object, text: object, max_tokens: int, body: Body) -> Row:
    first = asked.ids[:MAX_ASKED]  # type: ignore[attr-defined]
    at = 1 + len(first) + len(body.between)
    room = max_tokens - len(first) - 3
    ids, offsets = text.ids[:room], np.asarray(text.offsets[:room]).reshape(-1, 2)  # type: ignore[attr-defined]

    def tokens(place: Place) -> Place:
        start = int(np.searchsorted(offsets[:, 1], place[0], side="right"))
        end = int(np.searchsorted(offsets[:, 0], place[1], side="left"))
        return at + start, at + max(start, end)

    span = tokens(window.span) if window.span else None
    whole = window.span is None or (len(offsets) and offsets[-1, 1] >= window.span[1])
    bad = None
    if window.bad is not None:
        bad = tuple(
            number + 1
            for number, (start, end) in enumerate(asked.offsets[:MAX_ASKED])  # type: ignore[attr-defined]
            if any(start < stop and begin < end for begin, stop in window.bad)
        )
    return Row(
        ids=(body.first, *first, *body.between, *ids, body.last),
        pad=body.pad,
        asked_end=1 + len(first),
        passage_at=at,
        sentences=tuple(tokens(place) for place in window.sentences),
        span=(span[0], span[1] - 1) if span and whole and span[1] > span[0] else None,
        bad=bad,
        window=window,
    )


def same_tokens(row: Row, other: Row) -> tuple[tuple[slice, slice], ...]:
    """Return the runs of tokens that two rows of one window share: first token and question, text.

    Their bodies may want another count of tokens between the two.
    """
    asked = slice(0, min(row.asked_end, other.asked_end))
    count = min(len(one.ids) - one.passage_at for one in (row, other)) - 1
    texts = [slice(one.passage_at, one.passage_at + count) for one in (row, other)]
    return (asked, asked), (texts[0], texts[1])
