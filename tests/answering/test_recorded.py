"""What real models wrote, put through the program as it stands now."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from unittest.mock import patch

import pytest

from benchmarks.recorded import GOOD, Recorded, Replayed, read, replay
from chatbot.bot.suggestions import Suggestions
from chatbot.types import Verdict

pytestmark = pytest.mark.slow
_LABELLED, _OTHER = 3, 16
"""Of the labelled answers every third is replayed, of the others one in 16: replaying all of
them takes minutes, and ``python -m benchmarks.recorded replay`` does."""
_SILENT = 5
"""Replies that are nothing but the word for no answer, of those that there are."""
_REPAIRED = {
    ("Qwen2.5-Coder-1.5B-Instruct", "article", "minister-appeal"): "marker in another form",
    ("Qwen2.5-Coder-1.5B-Instruct", "article", "who-source-of-topics"): "numbers alone",
    ("Qwen2.5-Coder-0.5B-Instruct", "followup", "pri-full-package"): "refusal in words of its own",
    ("SmolLM2-135M-Instruct", "article", "money"): "loop",
    ("SmolLM2-135M-Instruct", "injection", "meta-source"): "loop",
}
"""Replies that need a rare repair, always replayed."""
_MARKERS = re.compile(r"(?:\[\d+\]\s*)+")


@pytest.fixture(scope="module")
def replayed() -> list[Replayed]:
    # What could be asked next is a quarter of the time, and not looked at here.
    with patch.object(Suggestions, "next", lambda *_, **__: ()):
        return list(replay(_telling(read())))


def _telling(rows: Sequence[Recorded]) -> Iterator[Recorded]:
    """Yield a part of every kind, and what is odd."""
    seen: Counter[str] = Counter()
    for row in rows:
        said = row.raw.strip()
        kind = "silent" if said == "NO_ANSWER" else "labelled" if row.labels else "other"
        at, seen[kind] = seen[kind], seen[kind] + 1
        chosen = {
            "silent": at < _SILENT,
            "labelled": at % _LABELLED == 0,
            "other": at % _OTHER == 0,
        }
        repaired = _name(row) in _REPAIRED
        if chosen[kind] or repaired or said.strip("[]0123456789 ") == "":
            yield row


def _name(row: Recorded) -> tuple[str, str, str]:
    return row.model, row.suite, row.case


def test_there_are_answers_of_three_models() -> None:
    counts = Counter(row.model for row in read())
    assert len(counts) == 3
    assert sum(counts.values()) >= 200


def test_every_answer_is_whole(replayed: list[Replayed]) -> None:
    for one in replayed:
        answer = one.answer
        for claim in answer.claims:
            assert answer.text[claim.start : claim.end] == claim.text
        assert "NO_ANSWER" not in answer.text
        assert not (answer.refused and answer.citations)
        texts = {citation.text for citation in answer.citations}
        assert texts <= {sentence.text for sentence in answer.retrieved}
        cited = {marker for claim in answer.claims for marker in claim.citations}
        assert answer.refused or cited == {citation.marker for citation in answer.citations}


def test_the_word_for_no_answer_is_a_refusal(replayed: list[Replayed]) -> None:
    refusing = [one for one in replayed if one.row.raw.strip() == "NO_ANSWER"]
    assert len(refusing) >= _SILENT
    assert all(one.answer.refused for one in refusing)


def test_a_number_alone_is_never_shown_as_an_answer(replayed: list[Replayed]) -> None:
    alone = [one for one in replayed if _MARKERS.fullmatch(one.row.raw.strip())]
    assert alone
    for one in alone:
        assert any(letter.isalpha() for letter in one.answer.text)
        assert not one.by_model or one.answer.usage.repairs["numbers alone"] == 1


def test_what_a_model_writes_wrongly_is_repaired_and_counted(replayed: list[Replayed]) -> None:
    repairs = {_name(one.row): one.answer.usage.repairs for one in replayed}
    for of, repair in _REPAIRED.items():
        assert repairs[of][repair] >= 1, of
    counts = Counter(name for each in repairs.values() for name, n in each.items() if n)
    assert counts["marker missing"] >= 10
    assert counts["marker wrong"] >= 5


def test_true_claims_are_supported_and_false_ones_mostly_not(replayed: list[Replayed]) -> None:
    found: Counter[tuple[bool, bool]] = Counter()
    for one in replayed:
        if one.by_model and not one.answer.refused:
            found.update(_judged(one.row, one))
    true, false = found[True, True] + found[True, False], found[False, True] + found[False, False]
    assert true + false >= 70
    assert found[True, True] >= 0.85 * true
    assert found[False, True] <= 0.33 * false


def _judged(row: Recorded, one: Replayed) -> list[tuple[bool, bool]]:
    return [
        (row.labels[claim.text], claim.verdict in GOOD)
        for claim in one.answer.claims
        if claim.verdict is not Verdict.NO_CLAIM and claim.text in row.labels
    ]
