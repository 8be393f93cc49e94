"""The suites that ship: what is in them, that they are fair, and that the copy is in step."""

from __future__ import annotations

import importlib.util
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from chatbot import Chatbot, Settings
from chatbot.evaluation import (
    Suite,
    accept,
    compare,
    load_baseline,
    load_suite,
    measures,
    run_suite,
)
from chatbot.evaluation.formulas import words

EVALS = Path(__file__).resolve().parents[2] / "evals"
QUOTING = ("article", "article-copy", "refusal", "followup", "smoke")
LEAST = {
    **{"article": 120, "article-copy": 120, "refusal": 60},
    **{"followup": 40, "injection": 60, "smoke": 10},
}


loaded = cache(load_suite)
"""A suite is read once: twenty of these tests look at the same six."""


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chatbot]:
    """A store with the documents of every suite."""
    folder = tmp_path_factory.mktemp("suites")
    with Chatbot.from_settings(Settings(data_dir=folder / "d", corpus_dir=None)) as bot:
        paths = {path for name in QUOTING for path in document_paths(loaded(name))}
        assert not bot.add(*sorted(paths)).failed
        yield bot


def document_paths(suite: Suite) -> list[Path]:
    corpus = EVALS.parent / "corpus"
    return [
        corpus / name.removeprefix("corpus:")
        if name.startswith("corpus:")
        else (suite.folder / name).resolve()
        for name in suite.documents
    ]


@pytest.fixture(scope="module", name="sentences")
def all_sentences(stored: Chatbot) -> set[str]:
    return {item.text for document in stored.documents() for item in stored.sentences(document.id)}


def load_script(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", LEAST)
def test_a_suite_has_as_many_cases_as_it_promises(name: str) -> None:
    assert len(loaded(name).cases) >= LEAST[name]


@pytest.mark.parametrize("name", LEAST)
def test_every_suite_says_what_it_proves_how_it_was_made_and_what_it_does_not_show(
    name: str,
) -> None:
    readme = (EVALS / name / "README.md").read_text(encoding="utf-8")
    for heading in ("What it proves", "How the cases were made", "What it does not show"):
        assert heading in readme


def plain(text: str) -> str:
    return f" {' '.join(words(text))} "


@pytest.mark.parametrize("name", QUOTING)
def test_evidence_is_whole_sentences_and_holds_an_accepted_answer(
    name: str, sentences: set[str]
) -> None:
    for case in loaded(name).cases:
        assert set(case.expected.evidence) <= sentences, case.id
        backing = " | ".join(f" {' '.join(words(text))} " for text in case.expected.evidence)
        if case.expected.answer:
            accepted = [f" {' '.join(words(text))} " for text in case.expected.answer]
            assert any(text in backing for text in accepted), case.id


@pytest.mark.parametrize("name", QUOTING)
def test_no_question_is_there_twice(name: str) -> None:
    seen = Counter(
        (plain(case.question), tuple(turn.content for turn in case.history))
        for case in loaded(name).cases
    )
    assert not [key for key, count in seen.items() if count > 1]


@pytest.mark.parametrize("name", QUOTING)
def test_unanswerable_cases_carry_the_tag_and_no_other_does(name: str) -> None:
    for case in loaded(name).cases:
        assert case.expected.refuse == ("unanswerable" in case.tags), case.id


def test_the_article_suite_covers_the_kinds_it_names() -> None:
    cases = loaded("article").cases
    tags = Counter(tag for case in cases for tag in case.tags)
    kinds = "fact paraphrase number name who-said several comparison negation poor-english"
    assert all(tags[kind] >= 9 for kind in kinds.split())
    assert tags["unanswerable"] >= 35
    assert tags["blind"] * 3 >= len(cases)
    asked = [sum(turn.role == "user" for turn in case.history) + 1 for case in cases]
    assert max(asked) == 4


def test_the_refusal_suite_is_half_unanswerable() -> None:
    cases = loaded("refusal").cases
    assert 0.4 <= sum(case.expected.refuse for case in cases) / len(cases) <= 0.6


def test_every_dialogue_has_a_rewrite_and_two_to_four_turns() -> None:
    for case in loaded("followup").cases:
        assert case.expected.rewrite, case.id
        asked = sum(turn.role == "user" for turn in case.history) + 1
        assert f"turns-{asked}" in case.tags, case.id
        assert 2 <= asked <= 4, case.id


def test_the_copy_is_in_step_with_the_article_suite() -> None:
    script = load_script(EVALS / "article-copy" / "make_copy.py")
    for path, text in script.made_files().items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name}: run make_copy.py"


def test_nothing_of_the_article_is_left_in_the_copy() -> None:
    script = load_script(EVALS / "article-copy" / "make_copy.py")
    table = script.load_substitutions()
    # "Northern Europe" and "Prime Minister" hold words that were replaced elsewhere.
    new = {part for other in table.values() for part in re.findall(r"\w+", other)}
    own = {word for word in table if (word[0].isupper() or word[0].isdigit()) and word not in new}
    assert {"Japan", "NATO", "Zelenskyy", "2022"} <= own
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(own)))})(?!\w)")
    for text in script.made_files().values():
        assert not pattern.search(text)


@pytest.mark.slow
def test_the_smoke_suite_runs_in_order(tmp_path: Path) -> None:
    run = run_suite(loaded("smoke"), Settings(data_dir=tmp_path / "unused"))
    found = {item.name: item.value for item in measures(run)}
    assert (found["right"] or 0) >= 0.7
    assert found["groundedness"] == 1.0
    assert found["output_breach"] == 0.0
    assert all(item.error is None for item in run.results)
    kept = loaded("smoke").model_copy(update={"folder": tmp_path})
    accept(run, kept)
    baseline = load_baseline(kept)
    assert baseline
    # Scores such as 2/3 come back from the file as they were.
    assert {item.finding for item in compare(baseline, run).differences} == {"same"}


def test_the_wheel_has_every_suite_and_no_adapter_of_a_public_benchmark() -> None:
    project = tomllib.loads((EVALS.parent / "pyproject.toml").read_text(encoding="utf-8"))
    included = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    suites = {f"evals/{path.parent.name}" for path in EVALS.glob("*/suite.yaml")}
    assert suites <= set(included)
    assert not [path for path in included if path in ("evals", "evals/benchmarks")]


def test_no_saved_answer_holds_the_path_of_a_machine() -> None:
    place = re.compile(r"(?<![\w:/.])/(?:home|mnt|root|tmp|Users|var|work)/")
    saved = list(EVALS.rglob("*.json"))
    assert saved
    found = {path: place.findall(path.read_text(encoding="utf-8")) for path in saved}
    assert not any(found.values()), found
