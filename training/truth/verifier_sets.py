"""Claims with their sources and labels from the sets that the earlier recipe does not read.

FoolMeTwice, FactCheck-GPT and SummEdits (Apache-2.0), and WiCE (CC BY-SA 4.0), which is measured
only: its licence would ask the same one of what is trained on it. Each reader takes the folder of
the data and yields ``Claim``s. Knows no network.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from training.truth.windows import Place
from training.verifier.examples import rows, split

UNSUPPORTED, PARTLY, SUPPORTED = 0, 1, 2
_STANCES = {
    "completely-support": SUPPORTED,
    "partially-support": PARTLY,
    "refute": UNSUPPORTED,
    "irrelevant": UNSUPPORTED,
}
_DEGREES = {"supported": SUPPORTED, "partially_supported": PARTLY, "not_supported": UNSUPPORTED}
_WORD = re.compile(r"\w+(?:[.,]\d+)*|[^\w\s]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A claim, the sentences of its source, and what is known of it."""

    text: str
    pool: tuple[str, ...]
    label: int
    group: str
    origin: str
    given: bool = False
    """``pool`` is the evidence itself."""
    bad: tuple[Place, ...] | None = None
    against: bool | None = None
    """The evidence says otherwise; None where the origin tells, or nobody knows."""
    answer: str = ""
    question: str = ""
    """What the claim answers; empty where it stands for itself."""
    measured_only: bool = False
    """It is of dev, whatever its group."""


def fool_me_twice(folder: Path) -> Iterator[Claim]:
    """Claims that people wrote to fool others, with gold sentences and others of the page."""
    for row in rows(folder / "fool_me_twice.jsonl.gz"):
        gold = tuple(item["text"] for item in row["gold_evidence"])
        found = tuple(item["text"] for item in row["retrieved_evidence"])
        yield Claim(
            text=row["text"],
            pool=tuple(dict.fromkeys(gold + found)),
            label=SUPPORTED if row["label"] == "SUPPORTS" else UNSUPPORTED,
            group=f"fm2-{row['wikipedia_page']}",
            origin="fool_me_twice",
        )


def factcheck_gpt(folder: Path) -> Iterator[Claim]:
    """Claims of a model and pieces of web pages, with a stance."""
    for row in rows(folder / "factcheck_gpt_stance.jsonl.gz"):
        pool = split(row["evidence"])
        if pool:
            yield Claim(
                text=row["claim"],
                pool=pool,
                label=_STANCES[row["stance"]],
                group=f"factcheck-{row['claim']}",
                origin=f"factcheck-{row['stance']}",
            )


def wice(folder: Path) -> Iterator[Claim]:
    """Claims of Wikipedia and the web pages that they cite."""
    for number, row in enumerate(rows(folder / "wice_dev.jsonl.gz")):
        yield Claim(
            text=row["claim"],
            pool=tuple(row["evidence"]),
            label=_DEGREES[row["label"]],
            group=f"wice-{number}",
            origin="wice",
            measured_only=True,
        )


def summedits(folder: Path) -> Iterator[Claim]:
    """Sentences of summaries with a small edit: those that were edited, and their neighbours.

    In a summary that is not consistent, the sentences that differ from the original lack support
    in the words that differ.
    """
    for path in sorted(folder.glob("summedits_*.jsonl.gz")):
        for row in rows(path):
            known = set(split(row["original_summary"]))
            pool = split(row["doc"])
            before = " ".join(sorted(known))
            for text in split(row["summary"]):
                changed = text not in known
                false = changed and not row["label"]
                if len(text.split()) < 5 or not pool:
                    continue
                yield Claim(
                    text=text,
                    pool=pool,
                    label=UNSUPPORTED if false else SUPPORTED,
                    group=f"{path.name[:-9]}-{row['id'].rsplit('_', 1)[0]}",
                    origin=path.name[:-9] + ("-edited" if changed else ""),
                    bad=new_words(_nearest(text, known) or before, text) if false else (),
                )


def new_words(before: str, after: str) -> tuple[Place, ...]:
    """Return the places in ``after`` of the words that ``before`` does not have there."""
    words = list(_WORD.finditer(after))
    matcher = difflib.SequenceMatcher(
        None, _WORD.findall(before.lower()), [w.group().lower() for w in words], autojunk=False
    )
    return tuple(
        (words[start].start(), words[end - 1].end())
        for tag, _, _, start, end in matcher.get_opcodes()
        if tag in ("replace", "insert") and end > start
    )


def _nearest(text: str, known: set[str]) -> str | None:
    found = difflib.get_close_matches(text, sorted(known), n=1, cutoff=0.4)
    return found[0] if found else None
