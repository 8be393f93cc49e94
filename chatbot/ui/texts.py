"""Every word of the page, in the languages it speaks: ``texts.yaml``.

Python fills in texts for what it renders, in the language the request accepts; the page's scripts
get all of them and choose by the browser's own. Knows no Gradio.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

PATH = Path(__file__).with_name("texts.yaml")
PLURAL_FORMS = {"en": ("one", "other"), "ja": ("other",)}
"""The languages, the one for everybody else first, with their plural categories (Unicode CLDR)."""

_WANTED = re.compile(
    r"(?<![^,\s])(?P<tag>[A-Za-z]+)[\w-]*\s*(?:;\s*q=(?P<weight>[\d.]*\d))?\s*(?=,|$)"
).finditer
"""The languages of an Accept-Language header, with their weights."""

Entry = str | Mapping[str, str]
"""A text, or one for each plural category."""


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of one language."""

    language: str
    entries: Mapping[str, Entry]

    def text(self, key: str, **values: object) -> str:
        """Return one text, filled in."""
        entry = self.entries[key]
        if not isinstance(entry, str):
            raise KeyError(f"{key} counts: use counted")
        return entry.format(**values)

    def counted(self, key: str, count: int) -> str:
        """Return the form of a text that fits ``count``, filled in with it."""
        forms = self.entries[key]
        if isinstance(forms, str):
            raise KeyError(f"{key} does not count: use text")
        form = "one" if count == 1 and "one" in forms else "other"
        return forms[form].format(count=count)


def texts_in(language: str) -> Texts:
    """Return the texts of one of the languages."""
    return all_texts()[language]


def accepted_texts(accept_language: str) -> Texts:
    """Return the texts in the first language of an Accept-Language header that there are texts in.

    It is as the browser sent it (RFC 9110, 12.5.4), and may be empty.
    """
    weighed = [(float(one["weight"] or 1), one["tag"].lower()) for one in _WANTED(accept_language)]
    spoken = [tag for weight, tag in sorted(weighed, key=lambda one: -one[0]) if weight > 0]
    return texts_in(next((one for one in spoken if one in PLURAL_FORMS), next(iter(PLURAL_FORMS))))


@cache
def all_texts() -> dict[str, Texts]:
    """Return the texts of each language; the file has ``key: {language: text or forms}``."""
    read = yaml.safe_load(PATH.read_text(encoding="utf-8"))
    return {
        language: Texts(language, {key: texts[language] for key, texts in read.items()})
        for language in PLURAL_FORMS
    }
