"""The statistics against scipy and published examples."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from chatbot.evaluation.statistics import (
    LEAST_PAIRS,
    SIGNIFICANCE,
    bootstrap_mean,
    bootstrap_statistic,
    cohens_kappa,
    mcnemar_exact,
    pairs_for_means,
    pairs_for_rates,
    wilson_interval,
)


def test_wilson_against_a_published_example() -> None:
    # Newcombe 1998, table I: 81 of 263 gives 0.2553 to 0.3662.
    interval = wilson_interval(81, 263)
    assert (round(interval.low, 4), round(interval.high, 4)) == (0.2553, 0.3662)


@given(st.integers(1, 300), st.data())
def test_wilson_is_scipys(count: int, data: st.DataObject) -> None:
    successes = data.draw(st.integers(0, count))
    wanted = stats.binomtest(successes, count).proportion_ci(method="wilson")
    interval = wilson_interval(successes, count)
    assert interval.low == pytest.approx(wanted.low, abs=1e-9)
    assert interval.high == pytest.approx(wanted.high, abs=1e-9)


def test_no_case_says_nothing() -> None:
    assert wilson_interval(0, 0).high == 1.0
    assert bootstrap_mean([1.0]) is None
    assert mcnemar_exact(0, 0) == 1.0


@given(st.integers(0, 60), st.integers(0, 60))
def test_the_exact_test_is_scipys_binomial(gained: int, lost: int) -> None:
    if gained + lost:
        wanted = stats.binomtest(gained, gained + lost, 0.5).pvalue
        assert mcnemar_exact(gained, lost) == pytest.approx(wanted)


def test_the_exact_test_bears_large_counts() -> None:
    assert mcnemar_exact(5000, 5000) == 1.0
    assert mcnemar_exact(0, 5000) == 0.0


def test_the_bootstrap_is_near_scipys_and_the_same_each_time() -> None:
    sample = np.random.default_rng(3).exponential(size=80)
    wanted = stats.bootstrap(
        (sample,), np.mean, method="percentile", n_resamples=5000, rng=np.random.default_rng(4)
    ).confidence_interval
    interval = bootstrap_mean(sample.tolist())
    assert interval is not None
    assert interval.low == pytest.approx(wanted.low, abs=0.03)
    assert interval.high == pytest.approx(wanted.high, abs=0.03)
    assert bootstrap_mean(sample.tolist()) == interval


def test_the_bootstrap_of_any_statistic_leaves_out_what_is_undefined() -> None:
    interval = bootstrap_statistic(10, lambda drawn: None if 0 in drawn else float(max(drawn)))
    assert interval is not None
    assert 0 < interval.low <= interval.high == 9.0
    assert bootstrap_statistic(10, lambda _: None) is None


def test_the_size_of_a_study_by_connors_formula() -> None:
    # Discordant .2, difference .1: (1.95996·√.2 + .84162·√(.2 - .01))² / .01 = 154.2.
    assert pairs_for_rates(0.2, 0.1) == 155
    assert pairs_for_rates(0.2, 0.0) is None
    # ((1.95996 + .84162)·.5 / .1)² = 196.2
    assert pairs_for_means(0.5, 0.1) == 197


@settings(max_examples=10)
@given(st.floats(0.05, 0.4))
def test_a_study_of_the_named_size_shows_it_four_times_in_five(difference: float) -> None:
    discordant = difference + 0.1
    size = pairs_for_rates(discordant, difference)
    assert size is not None
    generator = np.random.default_rng(5)
    changes = generator.multinomial(
        size,
        [discordant / 2 + difference / 2, discordant / 2 - difference / 2, 1 - discordant],
        400,
    )
    shown = np.mean([mcnemar_exact(int(up), int(down)) < 0.05 for up, down, _ in changes])
    # The exact test is a little more careful than the formula's normal one.
    assert 0.6 < shown < 0.95


def test_six_pairs_all_lost_are_the_least_that_is_significant() -> None:
    assert mcnemar_exact(0, LEAST_PAIRS) < SIGNIFICANCE <= mcnemar_exact(0, LEAST_PAIRS - 1)


def test_kappa_by_hand() -> None:
    # Cohen 1960's form: 20 yes/yes, 5 yes/no, 10 no/yes, 15 no/no gives .4.
    pairs = [(True, True)] * 20 + [(True, False)] * 5 + [(False, True)] * 10 + [(False, False)] * 15
    assert cohens_kappa(pairs) == pytest.approx(0.4)
    assert cohens_kappa([]) is None
    assert cohens_kappa([(True, True)]) is None
