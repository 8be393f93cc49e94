"""One timed ingest by this program, in a process of its own. Run by ``benchmarks.speed ingest``.

Reads the ``.txt`` files of a folder into a new store and stops the clock when, after closing and
opening it again, a search finds the last paragraph. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from pathlib import Path

from chatbot import Chatbot, Settings


def ingest(folder: Path, last: str, *, one_by_one: bool) -> dict[str, float]:
    """Add the files, find ``last`` (the text of the last paragraph) and return the figures."""
    began = time.perf_counter()
    files = sorted(folder.glob("*.txt"))
    with tempfile.TemporaryDirectory() as scratch:
        settings = Settings(data_dir=Path(scratch) / "data", corpus_dir=None)
        bot = Chatbot.from_settings(settings)
        bot.add_text("Warm.", title="warm")  # loads the model: both sides are timed from there
        ready, cpu = time.perf_counter(), time.process_time()
        if one_by_one:
            for path in files:
                bot.add_text(path.read_text(encoding="utf-8"), title=path.name)
        else:
            bot.add(*files)
        bot.close()
        with Chatbot.from_settings(settings) as again:
            found = again.search(last[:300], limit=5)
            done, spent = time.perf_counter(), time.process_time() - cpu
            if not any(sentence.text in last for sentence in found):
                raise SystemExit("The last paragraph was not found.")
            again.search(last[:300], limit=5)
            query = time.perf_counter() - done
    return {
        "start_s": ready - began,
        "ingest_s": done - ready,
        "ingest_cpu_s": spent,
        "query_ms": 1000 * query,
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def main() -> None:
    """Read the command line and print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--last", type=Path, required=True, help="file with the last paragraph")
    parser.add_argument("--one-by-one", action="store_true", help="one add_text for each file")
    options = parser.parse_args()
    last = options.last.read_text(encoding="utf-8")
    print(json.dumps(ingest(options.folder, last, one_by_one=options.one_by_one)))


if __name__ == "__main__":
    main()
