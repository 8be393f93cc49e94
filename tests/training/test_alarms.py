"""Thresholds of the verdicts by false alarms in faithful answers."""

from __future__ import annotations

import numpy as np
import pytest

from training.truth.alarms import by_answer, by_false_alarms, curve
from training.truth.windows import Window


def claim(answer: int, *, label: int = 2, source: str = "ragtruth") -> Window:
    return Window(
        asked="Tin melts.", passage="Tin melts.", sentences=((0, 10),), source=source,
        group=f"ragtruth-{answer}-10-Tin melts.", answer=f"QA-{answer}", label=label,
    )  # fmt: skip


def test_an_answer_is_as_good_as_its_worst_claim() -> None:
    windows = [claim(1), claim(1, label=0), claim(2), claim(2), claim(3, source="made-word")]
    lowest, bad = by_answer(windows, np.array([0.9, 0.3, 0.8, 0.6, 0.1]))
    assert lowest.tolist() == [0.3, 0.6]
    assert bad.tolist() == [True, False]


@pytest.mark.parametrize("share", [0.1, 0.25, 0.5])
def test_no_more_than_the_share_of_faithful_answers_is_below_the_threshold(share: float) -> None:
    lowest = np.arange(40) / 40
    bad = np.arange(40) % 4 == 0
    threshold = by_false_alarms(lowest, bad, share)
    found = (lowest[~bad] < threshold).mean()
    assert share - 0.04 < found <= share


def test_the_threshold_of_one_half_of_the_sources_is_set_on_the_other() -> None:
    # Faithful answers of the one half score low, those of the other high.
    windows = [claim(at, label=2 if at % 4 < 2 else 0) for at in range(100, 140)]
    scores = np.array([0.9 if at % 2 else 0.2 for at in range(100, 140)])
    assert curve(windows, scores)[0].startswith("aimed at 0.05: found 0.500,")
    same = np.full(len(windows), 0.5)
    assert curve(windows, same)[0].startswith("aimed at 0.05: found 0.000, precision 0.000")
