"""Public benchmarks: adapters that measure the chatbot on other people's data, given by path.

No data is in the project: each adapter says where it is to be had and under which licence. Reads
the chatbot through its public API alone. ``chatbot eval bench`` and ``make bench-quality`` use it.
"""

from evals.benchmarks.benchmark import Benchmark, Published
from evals.benchmarks.page import document
from evals.benchmarks.registry import BENCHMARKS, find_benchmark, run_benchmark, save_figures

__all__ = [
    "BENCHMARKS",
    "Benchmark",
    "Published",
    "document",
    "find_benchmark",
    "run_benchmark",
    "save_figures",
]
