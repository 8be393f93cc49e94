"""A document for developers names files that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PATHS = [
    f"/{path.relative_to(ROOT)}"
    for top in ("chatbot", "evals", "tests")
    for path in (ROOT / top).rglob("*")
]


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "docs/architecture.md"])
def test_every_file_that_is_named_is_there(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z_0-9./]+\.(?:py|yaml|toml))`", text))
    assert len(named) > 3
    for name in named:
        is_there = any(path.endswith(f"/{name}") for path in PATHS)
        assert is_there or (ROOT / name).is_file(), name
