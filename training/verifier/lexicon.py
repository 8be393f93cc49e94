"""Write the verifier's word lists: ``words.json`` from ``words.txt``, and stem counts from texts.

Knows no claims; run by ``train``.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from chatbot.models.verifier.text import Lexicon

WORDS = Path(__file__).with_name("words.txt")
SINGLE = ("irrealis", "negation", "quantifier")


def read_words(path: Path) -> dict[str, list[list[str]]]:
    """Read the hand-written groups by section."""
    groups: dict[str, list[list[str]]] = {}
    section: list[list[str]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        line = line.split("#")[0].strip()
        if line.startswith("["):
            section = groups.setdefault(line.strip("[]"), [])
        elif line:
            section.append(line.split())
    return groups


def count(
    sentences: Iterable[str], groups: dict[str, list[list[str]]], *, least: int
) -> dict[str, int]:
    """Count in how many sentences each stem stands in lower case (names by their own form)."""
    lexicon = Lexicon(groups, {})
    seen: Counter[str] = Counter()
    total = 0
    for sentence in sentences:
        total += 1
        lower = {
            token.canon
            for token in lexicon.read(sentence).tokens
            if token.content and not token.number and sentence[token.start].islower()
        }
        seen.update(lower)
    kept = {stem: number for stem, number in sorted(seen.items()) if number >= least}
    return {"": total, **kept}


def write(folder: Path, groups: dict[str, list[list[str]]], counts: dict[str, int]) -> None:
    """Write ``words.json`` and ``counts.json``."""
    for name, value in (("words.json", groups), ("counts.json", counts)):
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        (folder / name).write_text(text + "\n", encoding="utf-8")
