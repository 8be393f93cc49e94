"""A large corpus out of texts that are there: their paragraphs, then recombined ones.

    python -m benchmarks.corpus TEXTS --out CORPUS --paragraphs 100000 [--per-file 10] [--seed 1]

Reads every ``.jsonl``, ``.jsonl.gz``, ``.md`` and ``.txt`` file below TEXTS (but those whose path
holds a ``--without`` word), takes the distinct paragraphs first and in an order drawn by the seed,
and makes the rest of their sentences: some neighbouring sentences of one paragraph and some of
another, with other names and other numbers, each name and number replaced by the same one within
a paragraph. Written as text files of ``--per-file`` paragraphs in folders of 500 files. The same
texts and seed give the same bytes.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

LEAST_CHARS, MOST_CHARS = 200, 1_200
"""Shorter texts are no paragraphs; longer ones are cut at sentences."""
FOLDER_FILES = 500
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"”’)]*\s+(?=[\"“(]?[A-Z0-9])")
_NAME = re.compile(r"(?<=[a-z,;:] )[A-Z][a-z]{2,}\b")
_CAPITALISED = re.compile(r"\b[A-Z][a-z]{2,}\b")
_NUMBER = re.compile(r"\d+")


def main() -> None:
    """Read the command line and write the corpus."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("texts", type=Path, help="folder with the texts to compose it of")
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    parser.add_argument("--paragraphs", type=int, default=100_000)
    parser.add_argument("--per-file", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--without", nargs="*", default=["squad2"], help="words in paths to skip")
    options = parser.parse_args()
    found = distinct_paragraphs(options.texts, without=options.without)
    if not found:
        raise SystemExit(f"No paragraph of {LEAST_CHARS} characters was found in {options.texts}.")
    paragraphs = compose(found, count=options.paragraphs, seed=options.seed)
    files = write_files(paragraphs, options.out, per_file=options.per_file)
    size = sum(len(paragraph) for paragraph in paragraphs)
    made = max(0, len(paragraphs) - len(found))
    print(
        f"{len(paragraphs)} paragraphs ({made} of them recombined), {size / 1e6:.1f} million "
        f"characters, {files} files in {options.out}"
    )


def distinct_paragraphs(folder: Path, *, without: Sequence[str] = ()) -> list[str]:
    """Return every paragraph of the texts below a folder once, in the order of their files."""
    found: dict[str, None] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not any(word in name for word in without):
            for text in _texts(path):
                for paragraph in _cut(text):
                    found.setdefault(paragraph)
    return list(found)


def compose(found: Sequence[str], *, count: int, seed: int) -> list[str]:
    """Return ``count`` paragraphs: those that were found, shuffled, then recombined ones."""
    chance = random.Random(seed)
    paragraphs = list(found)
    chance.shuffle(paragraphs)
    if count <= len(paragraphs):
        return paragraphs[:count]
    mixer = Mixer(paragraphs, chance)
    known = set(paragraphs)
    while len(paragraphs) < count:
        made = mixer.paragraph()
        if made not in known:
            known.add(made)
            paragraphs.append(made)
    return paragraphs


@dataclass(frozen=True, slots=True)
class _Pool:
    sentences: list[list[str]]
    names: list[str]


class Mixer:
    """Makes paragraphs of the sentences of others."""

    def __init__(self, paragraphs: Sequence[str], chance: random.Random) -> None:
        self._chance = chance
        counts = Counter(name for text in paragraphs for name in _NAME.findall(text))
        names = [name for name, seen in sorted(counts.items()) if seen > 1]
        self._pool = _Pool(
            sentences=[_SENTENCE_END.split(text) for text in paragraphs],
            names=names or ["Alder", "Birch"],
        )

    def paragraph(self) -> str:
        """Return a paragraph that was not there: parts of two others, renamed and renumbered."""
        text = " ".join([*self._run(), *self._run()])
        return self._renumbered(self._renamed(text))[:MOST_CHARS].strip()

    def _run(self) -> list[str]:
        """Return one to four neighbouring sentences of one paragraph."""
        sentences = self._chance.choice(self._pool.sentences)
        length = self._chance.randint(1, 4)
        first = self._chance.randrange(max(1, len(sentences) - length + 1))
        return sentences[first : first + length]

    def _renamed(self, text: str) -> str:
        # Only what stands inside a sentence is surely a name; then everywhere in the paragraph.
        names = dict.fromkeys(_NAME.findall(text))
        others = {name: self._chance.choice(self._pool.names) for name in names}
        return _CAPITALISED.sub(lambda match: others.get(match.group(), match.group()), text)

    def _renumbered(self, text: str) -> str:
        others: dict[str, str] = {}

        def other(match: re.Match[str]) -> str:
            digits = match.group()
            if digits not in others:
                first = str(self._chance.randint(1, 9))
                rest = (str(self._chance.randint(0, 9)) for _ in digits[1:])
                others[digits] = first + "".join(rest)
            return others[digits]

        return _NUMBER.sub(other, text)


def write_files(paragraphs: Sequence[str], out: Path, *, per_file: int) -> int:
    """Write text files of ``per_file`` paragraphs each and return how many."""
    starts = range(0, len(paragraphs), per_file)
    for number, start in enumerate(starts):
        folder = out / f"{number // FOLDER_FILES:03}"
        if number % FOLDER_FILES == 0:
            folder.mkdir(parents=True, exist_ok=True)
        text = "\n\n".join(paragraphs[start : start + per_file])
        (folder / f"{number:06}.txt").write_text(text + "\n", encoding="utf-8")
    return len(starts)


def _texts(path: Path) -> Iterator[str]:
    """Yield the long texts of a file: every string of its rows, or its paragraphs."""
    if path.name.endswith((".jsonl", ".jsonl.gz")):
        opener = gzip.open if path.suffix == ".gz" else open
        with opener(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                yield from _strings(json.loads(line))
    elif path.suffix in (".md", ".txt"):
        yield from path.read_text(encoding="utf-8").split("\n\n")


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        if len(value) >= LEAST_CHARS:
            yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part)


def _cut(text: str) -> Iterator[str]:
    """Yield the text in paragraphs of ``LEAST_CHARS`` to about ``MOST_CHARS`` on one line each."""
    part = ""
    for sentence in _SENTENCE_END.split(" ".join(text.split())):
        if part and len(part) + len(sentence) > MOST_CHARS:
            if len(part) >= LEAST_CHARS:
                yield part
            part = ""
        part = f"{part} {sentence}".strip()[: 2 * MOST_CHARS]
    if len(part) >= LEAST_CHARS:
        yield part


if __name__ == "__main__":
    main()
