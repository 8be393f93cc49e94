"""Word lists by which ``claims`` tells headings and glue from statements: ``claim_words.yaml``."""

from __future__ import annotations

from pathlib import Path

import yaml

_LISTS: dict[str, str] = yaml.safe_load(
    Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8")
)
GLUE, HEADING_WORDS, COPY_VERBS, BEFORE_NOUNS, VERBS = (
    frozenset(_LISTS[name].split())
    for name in ("glue", "heading_words", "copy_verbs", "before_nouns", "verbs")
)
