"""Every word of the page, in the languages it speaks: ``texts.yaml``, loaded strictly.

Python fills in texts for what it renders, in the language the request accepts; the page's scripts
get all of them and choose by the browser's own. Knows no Gradio.
"""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

PATH = Path(__file__).with_name("texts.yaml")
PLURAL_FORMS = {"en": ("one", "other"), "ja": ("other",)}
"""The languages, the one for everybody else first, with their plural categories (Unicode CLDR)."""

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

    def counted(self, key: str, count: int, **values: object) -> str:
        """Return the form of a text that fits ``count``, filled in with it."""
        forms = self.entries[key]
        if isinstance(forms, str):
            raise KeyError(f"{key} does not count: use text")
        form = "one" if count == 1 and "one" in forms else "other"
        return forms[form].format(count=count, **values)


def texts_in(language: str) -> Texts:
    """Return the texts of one of the languages."""
    return all_texts()[language]


def accepted_texts(accept_language: str) -> Texts:
    """Return the texts in the first language of an Accept-Language header that there are texts in.

    It is as the browser sent it (RFC 9110, 12.5.4), and may be empty.
    """
    spoken = (tag.partition("-")[0].lower() for tag in _by_preference(accept_language))
    return texts_in(next((one for one in spoken if one in PLURAL_FORMS), next(iter(PLURAL_FORMS))))


@cache
def all_texts() -> dict[str, Texts]:
    """Return the texts of each language."""
    return load_texts(PATH.read_text(encoding="utf-8"))


def load_texts(source: str) -> dict[str, Texts]:
    """Read the texts from YAML: ``key: {language: text}`` or ``key: {language: {form: text}}``.

    Raises:
        ValueError: if a key stands twice, or a text lacks a language, a plural form or a value.
    """
    entries: dict[str, dict[str, Entry]] = {language: {} for language in PLURAL_FORMS}
    for key, languages in yaml.load(source, _StrictYaml).items():
        if not isinstance(languages, dict) or set(languages) != set(PLURAL_FORMS):
            raise ValueError(f"{key} needs a text in each of {', '.join(PLURAL_FORMS)}")
        if len({frozenset(_names(entry)) for entry in languages.values()}) > 1:
            raise ValueError(f"the texts of {key} are filled in with different values")
        for language, entry in languages.items():
            _check(key, language, entry)
            entries[language][key] = entry
    return {language: Texts(language, texts) for language, texts in entries.items()}


def _by_preference(accept_language: str) -> list[str]:
    weighed = []
    for part in accept_language.split(","):
        tag, _, weight = part.partition(";")
        weighed.append((_weight(weight), tag.strip()))
    return [tag for weight, tag in sorted(weighed, key=lambda one: -one[0]) if weight > 0 and tag]


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


def _check(key: str, language: str, entry: object) -> None:
    if isinstance(entry, str):
        return
    if not isinstance(entry, dict) or set(entry) != set(PLURAL_FORMS[language]):
        forms = ", ".join(PLURAL_FORMS[language])
        raise ValueError(f"{key} in {language} is neither a text nor has the forms {forms}")


def _names(entry: object) -> Iterator[str]:
    """Yield the values that a text is filled in with; ``count`` for every text that counts."""
    forms = entry.values() if isinstance(entry, dict) else (entry,)
    for form in forms:
        yield from (name for _, name, _, _ in string.Formatter().parse(str(form)) if name)
    if isinstance(entry, dict):
        yield "count"


class _StrictYaml(yaml.SafeLoader):
    """Plain YAML in which no key may stand twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=deep) for key, _ in node.value]
        doubled = {key for key in keys if keys.count(key) > 1}
        if doubled:
            raise ValueError(f"{', '.join(map(str, doubled))} stands twice in the texts")
        return super().construct_mapping(node, deep=deep)
