"""Formulas of public benchmarks against values worked out by hand."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.evaluation import CaseResult, Measure, Score
from chatbot.evaluation.formulas import exact, token_f1
from chatbot.evaluation.measures import measures_by
from chatbot.evaluation.scoring import Scorer
from evals.benchmarks import formulas
from evals.benchmarks.formulas import common_subsequence, covered, merge, overlap, rouge_l

PLACES = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=6)


def test_exact_match_forgets_case_articles_and_punctuation() -> None:
    assert exact("The 101 trucks.", ["101 trucks"]) == 1.0
    assert exact("101 trucks", ["101"]) == 0.0


def test_a_refusal_is_right_where_there_is_no_answer_and_only_there() -> None:
    assert exact("", []) == token_f1("", []) == 1.0
    assert exact("", ["101"]) == token_f1("", ["101"]) == 0.0
    assert exact("101", []) == token_f1("101", []) == 0.0


def test_token_f1_is_the_best_over_the_answers() -> None:
    # "ferry leaves at nine" against "leaves at nine": 3 common words, 4 said, 3 wanted
    assert token_f1("the ferry leaves at nine", ["noon", "leaves at nine"]) == pytest.approx(6 / 7)


def test_rouge_l_of_the_example_in_its_paper() -> None:
    # Lin 2004, section 3.1: S2 has the subsequence "police the gunman", S3 "the gunman"
    assert rouge_l("police kill the gunman", ["police killed the gunman"]) == pytest.approx(3 / 4)
    assert rouge_l("the gunman kill police", ["police killed the gunman"]) == pytest.approx(2 / 4)


def test_rouge_l_of_nothing_is_nothing() -> None:
    assert rouge_l("", ["a"]) == rouge_l("a", []) == rouge_l("...", ["a"]) == 0.0


@given(st.text("abc", max_size=12), st.text("abc", max_size=12))
def test_a_common_subsequence_is_symmetric_and_no_longer_than_either(one: str, other: str) -> None:
    length = common_subsequence(list(one), list(other))
    assert length == common_subsequence(list(other), list(one))
    assert length <= min(len(one), len(other))
    assert common_subsequence(list(one), list(one)) == len(one)


def test_overlap_by_characters() -> None:
    found = overlap([(0, 10), (5, 12)], [(8, 20)])  # 12 found, 12 asked for, 4 of both
    assert (found.common, found.found, found.gold) == (4, 12, 12)
    assert found.precision == found.recall == found.f1 == pytest.approx(1 / 3)


def test_overlap_of_nothing() -> None:
    assert overlap([], [(0, 5)]).f1 == overlap([], [(0, 5)]).precision == 0.0
    assert overlap([(0, 5)], []).recall == 1.0
    assert overlap([], []).f1 == 1.0


@given(PLACES, PLACES)
def test_overlap_counts_sets_of_characters(found: list, gold: list) -> None:  # type: ignore[type-arg]
    first = {at for start, end in found for at in range(start, end)}
    second = {at for start, end in gold for at in range(start, end)}
    counted = overlap(found, gold)
    assert (counted.common, counted.found, counted.gold) == (
        len(first & second),
        len(first),
        len(second),
    )
    assert all(a[1] < b[0] for a, b in zip(merge(found), merge(found)[1:], strict=False))


def test_a_piece_is_covered_where_half_of_it_is() -> None:
    assert covered(
        "0123456789 abcdefghij", ["0123456789", "abcdefghij", "no"], [(0, 3), (8, 15)]
    ) == {0}


def test_detection_by_hand() -> None:
    pairs = [(True, True), (True, False), (False, True), (False, False), (False, False)]
    assert formulas.precision(pairs) == formulas.recall(pairs) == formulas.f1(pairs) == 0.5
    assert formulas.balanced_accuracy(pairs) == pytest.approx((1 / 2 + 2 / 3) / 2)


def test_what_cannot_be_computed_is_none() -> None:
    assert formulas.auroc([(True, 0.5)]) is None
    assert formulas.balanced_accuracy([(True, True)]) is None
    assert formulas.f1([(False, False)]) is None
    assert formulas.best_threshold([(False, 0.5)]) is None


def test_auroc_by_counting_pairs() -> None:
    source = random.Random(3)
    pairs = [(source.random() < 0.4, source.randrange(6) / 5) for _ in range(60)]
    wins = [
        1.0 if good > bad else 0.5 if good == bad else 0.0
        for truth, good in pairs
        if truth
        for other, bad in pairs
        if not other
    ]
    assert formulas.auroc(pairs) == pytest.approx(sum(wins) / len(wins))


def test_the_best_threshold_gives_the_best_f1_of_all() -> None:
    source = random.Random(5)
    pairs = [(source.random() < 0.3, source.randrange(9) / 8) for _ in range(50)]
    threshold = formulas.best_threshold(pairs)
    assert threshold is not None

    def f1_at(limit: float) -> float:
        return formulas.f1([(truth, score >= limit) for truth, score in pairs]) or 0.0

    assert f1_at(threshold) == max(f1_at(score) for _, score in pairs)


def test_macro_f1_is_over_the_kinds_that_occur() -> None:
    pairs = [("a", "a"), ("b", "a")]
    assert formulas.macro_f1(pairs, ("a", "b", "c")) == pytest.approx((2 / 3 + 0) / 2)


def summed(values: Sequence[float | None]) -> Measure:
    """Return the measure of cases with these scores."""
    return measure_of([Score(value, "") for value in values])


def total_of(
    total: Callable[..., float | None], items: Sequence[object], groups: Sequence[str] = ()
) -> Measure:
    """Return the measure of all cases together."""
    return measure_of([Score(None, "", item=item) for item in items], total, groups)


def measure_of(
    scores: Sequence[Score],
    total: Callable[..., float | None] | None = None,
    groups: Sequence[str] = (),
) -> Measure:
    results = [
        CaseResult(
            id=str(at), question="q", scores={"m": score}, group="".join(groups[at : at + 1])
        )
        for at, score in enumerate(scores)
    ]
    [found] = measures_by([Scorer(name="m", better="higher", total=total)], results)
    return found


def test_figures_have_an_interval_around_the_value() -> None:
    for figure in (
        summed([1.0] * 30 + [0.0] * 10),
        summed([0.0, 0.5, 1.0, None, 0.75]),
        total_of(formulas.f1, [(True, True), (True, False), (False, False)] * 10),
    ):
        assert figure.value is not None
        assert figure.interval is not None
        assert 0 <= figure.interval.low <= figure.value <= figure.interval.high <= 1
    assert summed([1.0, 0.0]).is_rate
    assert (summed([0.0, 0.5, None]).scored, summed([0.0, 0.5, None]).unscored) == (2, 1)


def test_a_figure_of_no_cases_is_unscored() -> None:
    assert summed([]).value is summed([None]).value is None
    assert total_of(formulas.auroc, [(True, 0.5)]).value is None


def test_drawing_whole_groups_widens_the_interval() -> None:
    cases = [(bool(group % 2), bool(group % 2)) for group in range(10) for _ in range(20)]
    cases += [(True, False)] * 100

    def width(groups: list[str]) -> float:
        figure = total_of(formulas.recall, cases, groups)
        assert figure.interval is not None
        return figure.interval.high - figure.interval.low

    assert width([f"group {at // 20}" for at in range(len(cases))]) > 2 * width([])
