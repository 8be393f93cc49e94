"""Made examples: true sentences changed into false ones, and reworded into true ones.

RAGTruth's answers are nearly all about web passages and their errors are mostly additions; what
a changed number, name, date or place looks like is taught here. Knows no features.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from training.verifier import changes, rewordings
from training.verifier.examples import Example

FALSE = (
    ("number", 4), ("unit", 3), ("month", 3), ("name", 4), ("place", 3), ("subject", 3),
    ("negate", 3), ("opposite", 3), ("word", 6), ("swap", 3), ("done", 5), ("quantify", 2),
    ("elsewhere", 1), ("withheld", 3), ("half", 2),
)  # fmt: skip
TRUE = (
    ("copy", 1), ("shorten", 8), ("move", 2), ("reword", 3), ("respell", 3), ("introduce", 1),
    ("join", 4), ("appose", 4),
)  # fmt: skip
_TRIES = 12  # rare changes seldom apply: try again, so that they are not drowned by common ones
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][a-zà-ÿ]{2,}(?: [A-Z][a-zà-ÿ]+)*")


class Maker:
    """Makes examples of passages; the same seed gives the same examples."""

    def __init__(
        self, groups: dict[str, list[list[str]]], sentences: Sequence[str], *, seed: int
    ) -> None:
        self._source = random.Random(seed)
        self._pairs = [(first, second) for first, second in groups["opposite"]]
        self._near = rewordings.near_words(groups["near"])
        self._words: dict[str, list[str]] = {}
        for sentence in sentences:
            for word in re.findall(r"\b[a-z]{4,}\b", sentence):
                self._words.setdefault(changes.ending(word), []).append(word)
        self._sentences = [s for s in sentences if 6 <= len(s.split()) <= 40]

    def examples(self, group: str, pool: tuple[str, ...], *, each: int) -> Iterator[Example]:
        """Yield about ``each`` false and ``each`` true claims of one passage."""
        usable = [s for s in pool if 5 <= len(s.split()) <= 45 and s[0].isupper()]
        if not usable:
            return
        names = sorted(set(_NAME.findall(" ".join(pool))))
        for supported, kinds in ((False, FALSE), (True, TRUE)):
            for _ in range(each):
                for _ in range(_TRIES):
                    kind = self._source.choices([k for k, _ in kinds], [w for _, w in kinds])[0]
                    start = self._source.choice(usable)
                    made = self._one(kind, supported, start, group, pool, names)
                    if made is not None:
                        yield made
                        break

    def _one(  # noqa: C901 - one step after another, each with a chance of its own
        self, kind: str, supported: bool, start: str, group: str, pool: tuple[str, ...],
        names: Sequence[str],
    ) -> Example | None:  # fmt: skip
        source = self._source
        claim: str | None = start
        evidence: tuple[str, ...] = (start,)
        if kind == "join" or kind == "half":
            other = source.choice(pool if kind == "join" else self._sentences)
            if other == start or len(other.split()) < 4:
                return None
            pair = (start, other) if source.random() < 0.6 else (other, start)
            claim, evidence = (
                rewordings.join(*pair, source),
                (start, other) if kind == "join" else (start,),
            )
        else:
            for _ in range(0 if kind in ("copy", "elsewhere", "withheld") else 2):
                if source.random() < 0.5:
                    start = rewordings.shorten(start, source) or start
            claim = self._changed(kind, start, names)
        if not claim or (claim in pool and not (supported or kind in ("withheld", "elsewhere"))):
            return None
        if not supported and kind not in ("elsewhere", "withheld") and source.random() < 0.25:
            claim = rewordings.reword(claim, source, self._near) or claim
        if source.random() < 0.1:
            claim = rewordings.introduce(claim, source)
        given = source.random() < 0.4
        if kind == "withheld":
            pool, given = tuple(s for s in pool if not _alike(s, evidence[0])), False
        elif kind == "elsewhere":
            given = source.random() < 0.3
        if not pool:
            return None
        if given and source.random() < 0.4:
            evidence = (
                tuple(s for s in pool if s in evidence or source.random() < 0.3)[:6] or evidence
            )
        return Example(
            claim=claim, pool=evidence if given else pool, supported=supported, group=group,
            origin=f"made-{kind}", given=given,
        )  # fmt: skip

    def _changed(self, kind: str, start: str, names: Sequence[str]) -> str | None:
        source = self._source
        if kind in ("copy", "withheld"):
            return start
        if kind == "elsewhere":
            return source.choice(self._sentences)
        if kind in ("name", "subject", "place"):
            return getattr(changes, kind)(start, source, names)  # type: ignore[no-any-return]
        if kind == "opposite":
            return changes.opposite(start, source, self._pairs)
        if kind == "word":
            return changes.word(start, source, self._words)
        if kind == "reword":
            return rewordings.reword(start, source, self._near)
        change = getattr(changes, kind, None) or getattr(rewordings, kind)
        return change(start, source)  # type: ignore[no-any-return]


def _alike(one: str, other: str) -> bool:
    """Say whether two sentences share most words: passages of the web repeat each other."""
    first, second = set(one.lower().split()), set(other.lower().split())
    return len(first & second) > 0.5 * min(len(first), len(second))


def word_groups(path: Path) -> dict[str, list[list[str]]]:
    """Read the word lists that the package carries."""
    groups: dict[str, list[list[str]]] = json.loads(path.read_text(encoding="utf-8"))
    return groups
