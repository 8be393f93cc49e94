"""docs/formats.md names what is read."""

from __future__ import annotations

import re
from pathlib import Path

from chatbot.documents import MAX_FILE_BYTES, MAX_PAGES, SUPPORTED_SUFFIXES
from chatbot.documents.limits import MAX_MEMBERS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")


def test_the_page_of_formats_names_every_suffix_and_no_other() -> None:
    rows = "\n".join(line for line in PAGE.splitlines() if line.startswith("| `"))
    assert set(re.findall(r"`(\.\w+)`", rows)) == set(SUPPORTED_SUFFIXES)


def test_the_page_of_formats_states_the_limits() -> None:
    assert f"{MAX_FILE_BYTES // 1_000_000} MB a file" in PAGE
    assert f"{MAX_PAGES:,} pages" in PAGE
    assert f"{MAX_MEMBERS} files in an archive" in PAGE
