"""What several files of these tests look at: one run of the tiny suite."""

from __future__ import annotations

import pytest
from evaluation_helpers import CASES, write_suite

from chatbot import Settings
from chatbot.evaluation import Run, load_suite, run_suite


@pytest.fixture(scope="session")
def ferry_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The tiny suite as it is answered now, asked once for all tests that only look at it."""
    folder = tmp_path_factory.mktemp("ferry-run")
    suite = load_suite(str(write_suite(folder / "ferry", CASES)))
    return run_suite(suite, Settings(data_dir=folder / "unused"))
