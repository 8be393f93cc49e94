"""Short answers as claims: what a fragment says, it says to its question.

"1987" is supported as the answer to "When did it open?" and not as that to "When did it burn
down?", though the passage holds it. The answers of people's questions are right fragments; answers
of other questions of the same passage, counts of other things and answers whose sentence is gone
are wrong ones. Reads only files marked for training. Knows no network.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.truth.verifier_sets import SUPPORTED, UNSUPPORTED, Claim
from training.verifier.examples import rows, split
from training.verifier.numbers import find_numbers
from training.verifier.statements import kind_of

_COUNTED = re.compile(r"how (?:many|much)\b", re.IGNORECASE)
_THING = re.compile(r"[\s-]+(?P<thing>[a-z]{3,})")
_MOST_WORDS = 8
_TRIED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    question: str
    answers: tuple[str, ...]
    passage: str
    group: str


def fragments(data: Path, settings: Mapping[str, Any], *, seed: int) -> Iterator[Claim]:
    """Yield fragments for questions of all sources, those of one passage side by side."""
    drawn = random.Random(f"fragments {seed}")
    for source, count in settings["questions"].items():
        found = [one for row in rows(data / f"{source}.jsonl.gz") if (one := _read(source, row))]
        beside, alike = defaultdict(list), defaultdict(list)
        for one in found:
            beside[one.passage].append(one)
            alike[kind_of(one.answers[0])].append(one)
        for one in sorted(drawn.sample(found, min(count, len(found))), key=lambda o: o.passage):
            makers = _wrong_makers(one, beside[one.passage], alike, drawn)
            kinds = drawn.sample(sorted(makers), min(settings["wrong"], len(makers)))
            if drawn.random() < settings["right"]:
                yield _claim(one, _written(one.answers[0], drawn), "right")
            yield from (makers[kind] for kind in kinds)


def _read(source: str, row: Mapping[str, Any]) -> _Asked | None:
    passage = str(row["context"] if "context" in row else row["ctxs"][0]["text"])
    answers = [a["text"] if isinstance(a, dict) else a for a in row["answers"]]
    answers = sorted({a.strip() for a in answers if a.strip() and a in passage}, key=len)
    if not answers or len(answers[0].split()) > _MOST_WORDS or len(row["question"].split()) < 3:
        return None
    title = row.get("title") or row.get("ctxs", [{}])[0].get("title", "")
    return _Asked(
        question=row["question"], answers=tuple(answers), passage=passage,
        group=f"{source}-{title}",
    )  # fmt: skip


def _wrong_makers(
    one: _Asked,
    beside: Sequence[_Asked],
    alike: Mapping[str, Sequence[_Asked]],
    drawn: random.Random,
) -> dict[str, Claim]:
    """Return wrong fragments by how they were made, those that can be made."""
    found: dict[str, Claim] = {}
    kind = kind_of(one.answers[0])
    near = [o.answers[0] for o in beside if _differs(one, o.answers[0])]
    same = [answer for answer in near if kind_of(answer) == kind]
    if same or near:
        found["beside"] = _claim(one, _written(drawn.choice(same or near), drawn), "beside")
    if _COUNTED.match(one.question) and (counts := other_counts(one.passage, one.answers)):
        found["count"] = _claim(one, drawn.choice(counts), "count")
    far = [drawn.choice(alike[kind]) for _ in range(_TRIED)]
    far = [o for o in far if _differs(one, o.answers[0]) and o.answers[0] not in one.passage]
    if far:
        found["elsewhere"] = _claim(one, _written(far[0].answers[0], drawn), "elsewhere")
    left = tuple(
        s
        for s in split(one.passage)
        if not any(answer.lower() in s.lower() for answer in one.answers)
    )
    if left:
        found["withheld"] = _claim(one, _written(one.answers[0], drawn), "withheld", pool=left)
    return found if len(found) > 1 else {}


def other_counts(passage: str, answers: Sequence[str]) -> list[str]:
    """Return the numbers of a passage that count something else, with and without what."""
    right = {number.value for answer in answers for number in find_numbers(answer)}
    found = []
    for number in find_numbers(passage):
        thing = _THING.match(passage, number.end)
        if number.value not in right and number.kind == "plain" and thing:
            written = passage[number.start : number.end]
            found += [written, f"{written} {thing['thing']}"]
    return found


def _differs(one: _Asked, answer: str) -> bool:
    """Say whether an answer shares no word with the right ones nor with the question."""
    said = set(re.findall(r"\w+", " ".join((one.question, *one.answers)).lower()))
    words = re.findall(r"\w+", answer.lower())
    return bool(words) and said.isdisjoint(words)


def _written(answer: str, drawn: random.Random) -> str:
    """Write an answer as models do: as it stands, or begun large and with a full stop."""
    if drawn.random() < 0.4:
        return answer
    return answer[:1].upper() + answer[1:].rstrip(".,;: ") + "."


def _claim(one: _Asked, text: str, kind: str, *, pool: tuple[str, ...] | None = None) -> Claim:
    right = kind == "right"
    return Claim(
        question=one.question,
        text=text,
        pool=split(one.passage) if pool is None else pool,
        label=SUPPORTED if right else UNSUPPORTED,
        group=one.group,
        origin=f"made-fragment-{kind}",
        # Without its sentence a right answer has no wrong words.
        bad=() if right else None if kind == "withheld" else ((0, len(text)),),
    )
