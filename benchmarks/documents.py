"""What is lost when files are read: `python -m benchmarks.documents FOLDER`.

Each file is read by our loaders and by a second extractor that shares no code with them (pypdf for
PDFs; for Office files, books and web pages every text in their XML). Printed for each kind: the
share of the second one's words that ours has, sentences that look torn, numbers that only ours has
(two that were glued together), seconds and refusals. The second extractor is no truth: it keeps
page headers, menus and hidden text, which ours leaves out.
"""

from __future__ import annotations

import argparse
import html
import io
import re
import time
import zipfile
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from chatbot.documents import find_files, load_file
from chatbot.errors import DocumentError

_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"\d+")
_TAG = re.compile(r"<[^>]*>")
_HIDDEN = re.compile(r"<(script|style|head)\b.*?</\1>", re.IGNORECASE | re.DOTALL)
_PARTS = {
    ".docx": re.compile(r"word/(?:document|footnotes|endnotes|header\d*|footer\d*)\.xml"),
    ".pptx": re.compile(r"ppt/(?:slides|notesSlides)/[^/]+\.xml"),
    ".xlsx": re.compile(r"xl/sharedStrings\.xml"),
    ".odt": re.compile(r"content\.xml"),
    ".epub": re.compile(r".*\.x?html?"),
}


@dataclass(slots=True)
class Losses:
    """What was seen in the files of one kind."""

    files: int = 0
    refused: int = 0
    words: int = 0
    """Words that the second extractor found."""
    kept: int = 0
    sentences: int = 0
    torn: int = 0
    """Sentences of one word, or that begin in lower case."""
    glued: int = 0
    seconds: float = 0.0
    worst: list[tuple[float, str]] = field(default_factory=list)
    """The share kept and the name of each file."""


def second_text(path: Path) -> str | None:
    """Return the text of a file as the second extractor has it, None where there is none."""
    suffix = path.suffix.lower()
    data = path.read_bytes()
    if suffix == ".pdf":
        from pypdf import PdfReader
        from pypdf.errors import PyPdfError

        try:
            return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
        except (PyPdfError, ValueError, KeyError, TypeError, AttributeError):
            return None
    if suffix in (".html", ".htm"):
        return _bare(data)
    if suffix in _PARTS:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = [name for name in archive.namelist() if _PARTS[suffix].fullmatch(name)]
            return "\n".join(_bare(archive.read(part)) for part in parts)
    return data.decode("utf-8", "replace") if suffix in (".txt", ".csv", ".tsv") else None


def _bare(markup: bytes) -> str:
    text = _HIDDEN.sub(" ", markup.decode("utf-8", "replace"))
    return html.unescape(_TAG.sub(lambda tag: " " if _ends_word(tag[0]) else "", text))


def _ends_word(tag: str) -> bool:
    """Say whether text on both sides of a tag is apart; runs and spans cut words in two."""
    return re.match(r"</?(?:w:r|w:t|a:r|a:t|text:span|span|b|i|em|strong|a)\b", tag) is None


def measure(paths: Sequence[Path]) -> dict[str, Losses]:
    """Read the files and return what was lost, for each suffix."""
    found: defaultdict[str, Losses] = defaultdict(Losses)
    for path in paths:
        losses = found[path.suffix.lower()]
        losses.files += 1
        began = time.monotonic()
        try:
            parsed = load_file(path, count_tokens=lambda texts: [len(t) // 4 for t in texts])
        except DocumentError:
            losses.refused += 1
            continue
        losses.seconds += time.monotonic() - began
        texts = [sentence.text for sentence in parsed.sentences]
        losses.sentences += len(texts)
        losses.torn += sum(len(text.split()) == 1 or text[:1].islower() for text in texts)
        if (second := second_text(path)) is not None:
            _compare(parsed.document.text, second, losses, path.name)
    return dict(found)


def _compare(ours: str, second: str, losses: Losses, name: str) -> None:
    mine, other = (Counter(_WORD.findall(text.lower())) for text in (ours, second))
    words, kept = other.total(), (mine & other).total()
    losses.words += words
    losses.kept += kept
    losses.glued += len(set(_NUMBER.findall(ours)) - set(_NUMBER.findall(second)))
    losses.worst.append((kept / words if words else 1.0, name))


def main() -> None:
    """Print a table for a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--worst", type=int, default=3, help="files named for each kind")
    options = parser.parse_args()
    print("| kind | files | refused | words kept | torn sentences | glued numbers | s a file |")
    print("|---|---|---|---|---|---|---|")
    results = measure(find_files([options.folder]).files)
    for suffix, one in sorted(results.items()):
        kept = f"{one.kept / one.words:.3f}" if one.words else "–"
        torn = f"{one.torn / one.sentences:.3f}" if one.sentences else "–"
        read = max(1, one.files - one.refused)
        print(
            f"| {suffix} | {one.files} | {one.refused} | {kept} | {torn} | {one.glued} "
            f"| {one.seconds / read:.2f} |"
        )
    for suffix, one in sorted(results.items()):
        for share, name in sorted(one.worst)[: options.worst]:
            print(f"{suffix}: {share:.3f} of the words of {name}")


if __name__ == "__main__":
    main()
