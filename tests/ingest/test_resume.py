"""A long addition: killed, resumed, continued; what it tells and what it holds meanwhile."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from store_fakes import DIMENSION, EMBEDDER, open_store, unit

from chatbot import Chatbot, Settings
from chatbot.cli.terminal import pace
from chatbot.ingest import Ingest, batches
from chatbot.models.embedder import ChunkVectors
from chatbot.models.word_stems import stems_once
from chatbot.store import Store, doctor
from chatbot.types import IngestProgress, Span

FILES = 60


class CountingEmbedder:
    """Vectors of a text's hash; remembers how many chunks it was given."""

    name = EMBEDDER
    dimension = DIMENSION

    def __init__(self) -> None:
        self.chunks = 0

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        return np.stack([unit(text) for text in texts])

    def embed_chunks(self, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> ChunkVectors:
        self.chunks += len(texts)
        return ChunkVectors(
            chunks=self.embed(texts),
            sentences=tuple(
                np.stack([unit(text)] * len(inner))
                for text, inner in zip(texts, spans, strict=True)
            ),
        )


def write_files(folder: Path, count: int, *, paragraphs: int = 2) -> Path:
    folder.mkdir(exist_ok=True)
    for number in range(count):
        text = "\n\n".join(
            f"Report {number} has part {part}. "
            + f"It names town{number}x{part} and its river. " * 9
            for part in range(paragraphs)
        )
        (folder / f"{number:04}.txt").write_text(text)
    return folder


def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", corpus_dir=None, model=None)


def committed(tmp_path: Path) -> int:
    if not Store.exists(tmp_path / "data"):
        return 0  # asking would make it, and own it for a moment
    with Chatbot.from_settings(settings(tmp_path), read_only=True) as bot:
        return len(bot.documents())


@pytest.mark.slow
def test_kill_9_amid_chatbot_add_keeps_what_was_committed_and_the_next_run_adds_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_files(tmp_path / "texts", FILES)
    script = (
        "import sys; from chatbot.ingest import batches; batches.BATCH_CHUNKS = 4; "
        "from chatbot.cli import main; sys.argv = ['chatbot', 'add', sys.argv[1]]; main()"
    )
    environment = os.environ | {"CHATBOT_DATA_DIR": str(tmp_path / "data")}
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(folder)], env=environment, stdout=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 60
    while committed(tmp_path) < 6 and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    process.kill()
    assert process.wait(30) == -signal.SIGKILL
    with Chatbot.from_settings(settings(tmp_path)) as bot:
        before = {one.id for one in bot.documents() if one.title != "article"}
        kept = len([one for one in bot.documents() if str(folder) in one.source])
        assert 6 - 1 <= kept < FILES
        embedded = _watch_embedding(bot, monkeypatch)
        report = bot.add(folder)
        assert (len(report.unchanged), len(report.added)) == (kept, FILES - kept)
        assert len(embedded) == 2 * (FILES - kept)  # a chunk a paragraph, none of them twice
        assert before <= {one.id for one in bot.documents()}
        assert doctor.examine(bot._store).problems == ()
        (folder / "later.txt").write_text("One more report. It was written later than all others.")
        embedded.clear()
        assert len(bot.add(folder).added) == 1
        assert len(embedded) == 1


def _watch_embedding(bot: Chatbot, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    embedder = bot._parts.models.embedder
    original, seen = embedder.embed_chunks, []

    def embed_chunks(texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> ChunkVectors:
        seen.extend(texts)
        return original(texts, spans)

    monkeypatch.setattr(embedder, "embed_chunks", embed_chunks)
    return seen


def test_progress_tells_the_rate_and_the_time_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH_CHUNKS", 8)
    folder = write_files(tmp_path / "texts", 40)
    steps: list[IngestProgress] = []
    with open_store(tmp_path / "data") as store:
        Ingest(store, CountingEmbedder()).add_paths([folder], progress=steps.append)
        total = store.sentence_count()
        last = steps[-1]
        assert (last.done, last.total, last.sentences, last.seconds_left) == (40, 40, total, 0)
        assert steps[0].seconds_left is None
        assert pace(steps[0]) == ""
        left = [step.seconds_left for step in steps if step.seconds_left is not None]
        assert len(left) > 5
        assert all(step.sentences <= total for step in steps)
        # Files that are there already count for nothing but the way that is left.
        write_files(folder, 44)
        steps.clear()
        Ingest(store, CountingEmbedder()).add_paths([folder], progress=steps.append)
        assert (steps[-1].done, steps[-1].sentences) == (44, store.sentence_count() - total)
    told = pace(
        IngestProgress(done=1, total=9, source="", sentences=4200, seconds=10, seconds_left=3725)
    )
    assert told == "4,200 sentences, 420 a second, 1:02:05 left"


def traced_peak(folder: Path, data: Path, warm: Path) -> int:
    """Return the most bytes that adding a folder held at once. Runs in a process of its own."""
    batches.BATCH_CHUNKS = 8  # type: ignore[misc]
    with open_store(data) as store:
        # What was asked of the database is remembered, up to a number of statements.
        Ingest(store, CountingEmbedder()).add_paths([warm])
        for path in folder.iterdir():  # stems of words are remembered, up to a number of words
            stems_once(path.read_text())
        gc.set_threshold(50, 2, 2)  # what waits for the collector is not held
        tracemalloc.start()
        report = Ingest(store, CountingEmbedder()).add_paths([folder])
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert len(report.added) == len(list(folder.iterdir()))
    return peak


@pytest.mark.slow
def test_memory_does_not_grow_with_the_number_of_files(tmp_path: Path) -> None:
    peaks = []
    # Apart from this process: threads that other tests have started are counted, too.
    warm = write_files(tmp_path / "warm", 30, paragraphs=11)
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as apart:
        for count in (120, 240):  # the first hundred fill what is remembered
            folder = write_files(tmp_path / f"texts{count}", count, paragraphs=12)
            peaks.append(
                apart.submit(traced_peak, folder, tmp_path / f"data{count}", warm).result()
            )
            text = sum(path.stat().st_size for path in folder.iterdir())
    # 120 files more: their list, not their texts, sentences or vectors.
    assert peaks[1] - peaks[0] < min(text // 2, 120 * 2500)
