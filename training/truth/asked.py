"""Claims made from people's questions: their own words for what a passage says.

With right answers, wrong ones and denials. Reads only files marked for training. Knows no network.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.truth.verifier_sets import SUPPORTED, UNSUPPORTED, Claim, new_words
from training.verifier.examples import rows, split
from training.verifier.statements import Statement, kind_of, statement, verbs_of

_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][\wà-ÿ]+(?: [A-Z][\wà-ÿ]+)*")
_NUMBER = re.compile(r"(?<![\w.,])\d[\d,.]*\d|\b\d\b")
_IN_PASSAGE = 0.7
_OTHER_WORDS = 0.3
"""How often an answer that is no name, number or date is changed: it seldom reads well then."""
_EVERY = 5
"""Of the passages one in so many tells which words are verbs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    source: str
    group: str
    passage: str
    statement: Statement
    answers: tuple[str, ...]


def asked(data: Path, settings: Mapping[str, Any], *, seed: int) -> Iterator[Claim]:
    """Yield claims of the questions of all sources, those of one passage side by side."""
    drawn = random.Random(f"asked {seed}")
    for source, count in settings["questions"].items():
        found = list(rows(data / f"{source}.jsonl.gz"))
        verbs = verbs_of(_passage(row) for row in found[::_EVERY])
        drawn.shuffle(found)
        questions = [one for row in found if (one := _read(source, row, verbs)) is not None]
        questions = sorted(questions[:count], key=lambda one: one.passage)
        others = defaultdict(list)
        for one in questions:
            others[kind_of(one.answers[0])].append(one.answers[0])
        for one in questions:
            yield from _claims(one, others, settings, drawn)


def _passage(row: Mapping[str, Any]) -> str:
    return str(row["context"] if "context" in row else row["ctxs"][0]["text"])


def _read(source: str, row: Mapping[str, Any], verbs: Collection[str]) -> _Asked | None:
    passage = _passage(row)
    answers = [a["text"] if isinstance(a, dict) else a for a in row["answers"]]
    answers = sorted({a for a in answers if a.lower() in passage.lower()}, key=len)
    made = statement(row["question"], verbs)
    if not answers or made is None or made.with_answer(answers[0]) is None:
        return None
    title = row.get("title") or row.get("ctxs", [{}])[0].get("title", "")
    return _Asked(
        source=source,
        group=f"{source}-{title}",
        passage=passage,
        statement=made,
        answers=tuple(answers),
    )


def _claims(
    one: _Asked,
    others: Mapping[str, Sequence[str]],
    settings: Mapping[str, Any],
    drawn: random.Random,
) -> Iterator[Claim]:
    pool = split(one.passage)
    true = one.statement.with_answer(one.answers[0])
    if drawn.random() < settings["right"]:
        yield from _some(_claim(one, true, pool, "true"))
    if drawn.random() < settings["rightly_denied"]:
        # Without these "not" alone would tell what is false.
        answer = _wrong(one, others, drawn, near=False)
        text = one.statement.with_answer(answer, denied=True) if answer else None
        yield from _some(_claim(one, text, pool, "rightly-denied"))
    kind = drawn.choices(("wrong", "denied", "withheld"), settings["wrong"])[0]
    if kind == "wrong":
        answer = _wrong(one, others, drawn)
        text = one.statement.with_answer(answer) if answer else None
        yield from _some(_claim(one, text, pool, kind, before=true))
    elif kind == "denied":
        text = one.statement.with_answer(one.answers[0], denied=True)
        yield from _some(_claim(one, text, pool, kind, before=true))
    else:
        left = tuple(s for s in pool if not any(a.lower() in s.lower() for a in one.answers))
        if left:
            yield from _some(_claim(one, true, left, kind))


def _some(claim: Claim | None) -> Iterator[Claim]:
    if claim is not None:
        yield claim


def _claim(
    one: _Asked, text: str | None, pool: tuple[str, ...], kind: str, *, before: str | None = None
) -> Claim | None:
    if text is None:
        return None
    supported = kind in ("true", "rightly-denied")
    return Claim(
        text=text,
        pool=pool,
        label=SUPPORTED if supported else UNSUPPORTED,
        group=one.group,
        origin=f"made-asked-{kind}",
        bad=() if supported else new_words(before, text) if before else None,
    )


def _wrong(
    one: _Asked, others: Mapping[str, Sequence[str]], drawn: random.Random, *, near: bool = True
) -> str | None:
    """Return another answer of the same sort, from the passage rather than from elsewhere."""
    kind = kind_of(one.answers[0])
    if kind == "words" and drawn.random() > _OTHER_WORDS:
        return None
    form = {"name": _NAME, "number": _NUMBER, "date": re.compile(r"\b(?:1\d|20)\d\d\b")}.get(kind)
    here = sorted(set(form.findall(one.passage))) if form and near else []
    said = f"{one.statement.said} {' '.join(one.answers)}".lower()

    def differs(answer: str) -> bool:
        return not any(word in said for word in re.findall(r"\w+", answer.lower()))

    here = [answer for answer in here if differs(answer)]
    far = [answer for answer in drawn.sample(others[kind], min(20, len(others[kind])))]
    far = [a for a in far if differs(a) and a.lower() not in one.passage.lower()]
    choice = here if here and (drawn.random() < _IN_PASSAGE or not far) else far
    return drawn.choice(choice) if choice else None
