"""The same suites in both homes of a store: SQLite with the embedded Chroma, and both servers.

    python -m benchmarks.homes [article followup refusal article-copy] [--out build/homes]

Starts PostgreSQL and a Chroma server of its own (the programs must be installed), runs each suite
in each home, and prints its figures side by side with the number of answers that are not the same.
A run that is in ``--out`` already is not done again. Exit 1 if a figure differs clearly (the exact
tests of ``chatbot eval compare``).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from contextlib import AbstractContextManager, closing
from functools import partial
from pathlib import Path

from chatbot import Chatbot, Settings
from chatbot.evaluation import (
    Comparison,
    Run,
    RunOptions,
    compare,
    load_run,
    load_suite,
    regressions,
    run_suite,
    save_run,
)

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))

from servers import Servers  # noqa: E402

SUITES = ("article", "followup", "refusal", "article-copy")
SHOWN = ("right", "answered", "citation_f1", "recall@1", "recall@5", "rewrite_mrr")
"""Of the measures, those that tell most of a store; all of them are compared."""


def main() -> int:
    """Read the command line, run the suites in both homes and compare."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("suites", nargs="*", default=SUITES)
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "homes")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    failures: list[str] = []
    with closing(Servers()) as servers:
        servers.start()
        print("| suite | cases | " + " | ".join(SHOWN) + " | other answers |")
        print("|---" * (len(SHOWN) + 3) + "|")
        for name in options.suites:
            alone = run(name, options.out / f"{name}-one.json", Chatbot.from_settings)
            shared = run(name, options.out / f"{name}-servers.json", partial(on, servers))
            found = compare(alone, shared)
            print(row(name, found, other_answers(alone, shared)), flush=True)
            failures += [*regressions(found), *regressions(compare(shared, alone))]
    print("\n".join(failures) or "No figure differs clearly.")
    return 1 if failures else 0


def on(servers: Servers, settings: Settings) -> AbstractContextManager[Chatbot]:
    """Open a chatbot on a database of its own, instead of in a directory."""
    place = servers.new_place(Path(tempfile.gettempdir()))
    shared = {"database_url": place.database_url, "chroma_url": servers.chroma_url}
    return Chatbot.from_settings(Settings(**(settings.model_dump() | shared)))


def run(suite: str, path: Path, open_bot: object) -> Run:
    """Run a suite in one home, unless that was done."""
    if not path.is_file():
        with tempfile.TemporaryDirectory() as folder:
            settings = Settings(data_dir=Path(folder), model=None)
            done = run_suite(load_suite(suite), settings, RunOptions(open_bot=open_bot))  # type: ignore[arg-type]
        save_run(done, path)
    return load_run(path)


def other_answers(old: Run, new: Run) -> int:
    """Return in how many cases the text or what it cites is not the same."""
    said = [
        {
            one.id: (one.answer["text"], one.answer["citations"]) if one.answer else one.error
            for one in run.results
        }
        for run in (old, new)
    ]
    return sum(said[0][name] != said[1].get(name) for name in said[0])


def row(suite: str, found: Comparison, others: int) -> str:
    """Return the figures of a suite as a line of a table: one process, servers."""
    by_name = {one.name: one for one in found.differences}
    cells = [
        f"{by_name[name].old:.3f}, {by_name[name].new:.3f}" if name in by_name else ""
        for name in SHOWN
    ]
    return f"| {suite} | {found.pairs} | " + " | ".join(cells) + f" | {others} |"


if __name__ == "__main__":
    sys.exit(main())
