"""Reads the word lists that claims are made with. Knows no claims."""

from __future__ import annotations

from pathlib import Path

WORDS = Path(__file__).with_name("words.txt")


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
