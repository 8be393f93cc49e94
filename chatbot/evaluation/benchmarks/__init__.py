"""Public benchmarks: adapters that measure the chatbot on other people's data, given by path.

No data is in the project: each adapter says where it is to be had and under which licence. Reads
the chatbot through its public API alone. ``chatbot eval bench`` and ``make bench-quality`` use it.
"""

from chatbot.evaluation.benchmarks.benchmark import Benchmark, Published
from chatbot.evaluation.benchmarks.registry import BENCHMARKS, find_benchmark, run_benchmark
from chatbot.evaluation.benchmarks.result import BenchmarkRun, Figure, load_run, save_run
from chatbot.evaluation.benchmarks.tables import document, table

__all__ = [
    "BENCHMARKS",
    "Benchmark",
    "BenchmarkRun",
    "Figure",
    "Published",
    "document",
    "find_benchmark",
    "load_run",
    "run_benchmark",
    "save_run",
    "table",
]
