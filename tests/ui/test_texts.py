"""The words of the page: the same in every language, chosen by what the browser prefers."""

from __future__ import annotations

import re
import string

import pytest

from chatbot.ui.assets import SCRIPTS, STATIC
from chatbot.ui.texts import PATH, PLURAL_FORMS, accepted_texts, all_texts, texts_in


def test_both_languages_have_the_same_keys_and_the_same_values_to_fill_in() -> None:
    found = [
        {key: names(entry) for key, entry in texts.entries.items()}
        for texts in all_texts().values()
    ]
    assert len(found) == len(PLURAL_FORMS) == 2
    assert found[0] == found[1]


def test_no_text_stands_twice_and_each_has_the_plural_forms_of_its_language() -> None:
    keys = re.findall(r"(?m)^(\w+):", PATH.read_text(encoding="utf-8"))
    for language, forms in PLURAL_FORMS.items():
        entries = texts_in(language).entries
        assert sorted(keys) == sorted(entries)
        found = {tuple(one) if isinstance(one, dict) else type(one) for one in entries.values()}
        assert found == {str, forms}


def names(entry: object) -> set[str]:
    forms = entry.values() if isinstance(entry, dict) else [entry]
    found = {name for form in forms for _, name, _, _ in string.Formatter().parse(str(form))}
    return {name for name in found if name} | ({"count"} if isinstance(entry, dict) else set())


def test_no_text_is_left_in_english() -> None:
    english, japanese = texts_in("en").entries, texts_in("ja").entries
    same = {key for key in english if english[key] == japanese[key]}
    assert same == {"mode_extractive_code"}
    written = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")
    worded = [key for key in english if re.search("[a-z]", re.sub("{.*?}", "", str(english[key])))]
    assert [key for key in worded if not written.search(str(japanese[key]))] == [*same]


def test_every_text_of_the_page_exists_and_is_used() -> None:
    sources = [(STATIC / name).read_text() for name in SCRIPTS]
    written = [*PATH.parent.rglob("*.py"), *PATH.parent.rglob("*.jinja")]
    sources += [path.read_text() for path in written]
    source = "\n".join(sources)
    used = set(re.findall(r"""(?:words|counted|text)\(\s*["'](\w+)["']""", source))
    entries = texts_in("en").entries
    assert used - set(entries) == set()
    assert [key for key in entries if f'"{key}"' not in source and not made(key)] == []


def made(key: str) -> bool:
    """Say whether a key is put together at run time."""
    return key.startswith(("verdict_", "stage_"))


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("ja", "ja"),
        ("ja-JP,ja;q=0.9,en;q=0.8", "ja"),
        ("de,en;q=0.5,ja;q=0.7", "ja"),
        ("en-GB,ja;q=0.9", "en"),
        ("ja;q=0,en;q=0.1", "en"),
        ("de-DE", "en"),
        ("", "en"),
        (";;q=,,ja;q=x", "en"),
        ("x" * 5000, "en"),
    ],
)
def test_the_first_language_that_is_known_is_spoken(accepted: str, language: str) -> None:
    assert accepted_texts(accepted).language == language


def test_plural_forms_are_those_of_the_language() -> None:
    english, japanese = texts_in("en"), texts_in("ja")
    assert english.counted("sentences", 1) == "1 sentence"
    assert english.counted("sentences", 2) == "2 sentences"
    assert japanese.counted("sentences", 1) == "1文"


def test_a_text_that_counts_is_never_used_without_a_count() -> None:
    with pytest.raises(KeyError):
        texts_in("en").text("sentences")
    with pytest.raises(KeyError):
        texts_in("en").counted("title", 1)
