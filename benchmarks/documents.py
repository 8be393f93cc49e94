"""What is lost when files are read: `python -m benchmarks.documents FOLDER`.

Each file is read by our loaders and by a second extractor that shares no code with them (pypdf for
PDFs; for Office files, books and web pages every text in their XML). Printed for each kind: the
share of the second one's words that ours has, sentences that look torn, numbers that only ours has
(two that were glued together), seconds and refusals. The second extractor is no truth: it keeps
page headers, menus and hidden text, which ours leaves out. Where an ``expected.html`` lies beside a
``source.html``, as in the test pages of mozilla/readability, its text is what is wanted.

``--reader`` measures another library in our place, if it is installed: kreuzberg, markitdown,
pdfplumber, or pypdfium2's own text.
"""

from __future__ import annotations

import argparse
import html
import io
import logging
import re
import sys
import tempfile
import time
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from chatbot.documents import find_files, load_file
from chatbot.errors import DocumentError

_IDEOGRAPH = r"\u3040-\u30ff\u3400-\u9fff"
_WORD = re.compile(rf"[{_IDEOGRAPH}]|[^\W{_IDEOGRAPH}]+")
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
    """Sentences that begin in lower case."""
    lone: int = 0
    """Sentences of one word that are neither headings nor rows."""
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
        wanted = path.with_name("expected.html")
        return _bare(wanted.read_bytes() if wanted.exists() else data)
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


def _kreuzberg(path: Path) -> str:
    from kreuzberg import extract_file_sync

    return str(extract_file_sync(str(path)).content)


def _markitdown(path: Path) -> str:
    from markitdown import MarkItDown

    return str(MarkItDown(enable_plugins=False).convert(str(path)).text_content)


def _pdfplumber(path: Path) -> str:
    import pdfplumber

    with pdfplumber.open(path) as document:
        return "\n".join(page.extract_text() or "" for page in document.pages)


def _pypdfium2(path: Path) -> str:
    from pypdfium2 import PdfDocument

    return "\n".join(page.get_textpage().get_text_bounded() for page in PdfDocument(path))


READERS: dict[str, Callable[[Path], str]] = {
    "kreuzberg": _kreuzberg,
    "markitdown": _markitdown,
    "pdfplumber": _pdfplumber,
    "pypdfium2": _pypdfium2,
}
"""Other libraries that read files, each by what it calls its plain use."""


def measure_other(paths: Sequence[Path], reader: Callable[[Path], str]) -> dict[str, Losses]:
    """Read the files with another library; whatever it raises counts as a refusal."""
    found: defaultdict[str, Losses] = defaultdict(Losses)
    for path in paths:
        losses = found[path.suffix.lower()]
        losses.files += 1
        began = time.monotonic()
        try:
            text = reader(path)
        except Exception:
            losses.refused += 1
            continue
        losses.seconds += time.monotonic() - began
        if (second := second_text(path)) is not None:
            _compare(text, second, losses, _name(path))
    return dict(found)


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
        losses.torn += sum(text[:1].islower() for text in texts)
        losses.lone += sum(
            len(_WORD.findall(one.text)) == 1 and not one.is_heading and one.header is None
            for one in parsed.sentences
        )
        if (second := second_text(path)) is not None:
            _compare(parsed.document.text, second, losses, _name(path))
    return dict(found)


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _compare(ours: str, second: str, losses: Losses, name: str) -> None:
    mine, other = (Counter(_WORD.findall(text.lower())) for text in (ours, second))
    words, kept = other.total(), (mine & other).total()
    losses.words += words
    losses.kept += kept
    losses.glued += len(set(_NUMBER.findall(ours)) - set(_NUMBER.findall(second)))
    losses.worst.append((kept / words if words else 1.0, name))


def print_made(reader: Callable[[Path], str]) -> None:
    """Print how many of the made files (``tests/support/made_files.py``) come out right."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))
    from made_files import made_files

    right: Counter[str] = Counter()
    made: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for name, (kind, make) in made_files().items():
            path = Path(folder, name)
            path.write_bytes(make())
            made[path.stem] += 1
            try:
                text = _plain(reader(path))
            except Exception:
                continue
            right[path.stem] += all(_plain(sentence) in text for sentence in kind.right)
    print(f"right: {right.total()} of {made.total()}")
    for name, count in made.items():
        print(f"{name}: {right[name]} of {count}")


def _plain(text: str) -> str:
    """Return a text without the marks of Markdown and of tables, and with single spaces."""
    return " ".join(re.sub(r"[\s|*_\\#-]+", " ", text).split())


def _ours(path: Path) -> str:
    parsed = load_file(path, count_tokens=lambda texts: [len(t) // 4 for t in texts])
    return parsed.document.text


def main() -> None:
    """Print a table for a folder, or how the made files come out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", help="none reads the made files")
    parser.add_argument("--worst", type=int, default=3, help="files named for each kind")
    parser.add_argument("--reader", choices=READERS, help="another library in our place")
    options = parser.parse_args()
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    if options.folder is None:
        print_made(READERS.get(options.reader, _ours))
        return
    print(
        "| kind | files | refused | words kept | mean of files | begin in lower case | one word "
        "| glued numbers | s a file |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    found = find_files([options.folder]).files
    files = [path for path in found if path.name != "expected.html"]
    other = READERS.get(options.reader)
    results = measure_other(files, other) if other else measure(files)
    for suffix, one in sorted(results.items()):
        kept = f"{one.kept / one.words:.3f}" if one.words else "–"
        mean = f"{sum(s for s, _ in one.worst) / len(one.worst):.3f}" if one.worst else "–"
        torn, lone = (f"{n / max(1, one.sentences):.3f}" for n in (one.torn, one.lone))
        read = max(1, one.files - one.refused)
        print(
            f"| {suffix} | {one.files} | {one.refused} | {kept} | {mean} | {torn} | {lone} "
            f"| {one.glued} | {one.seconds / read:.2f} |"
        )
    for suffix, one in sorted(results.items()):
        for share, name in sorted(one.worst)[: options.worst]:
            print(f"{suffix}: {share:.3f} of the words of {name}")


if __name__ == "__main__":
    main()
