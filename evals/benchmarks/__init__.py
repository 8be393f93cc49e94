"""Public benchmarks: adapters that yield cases of other people's data, given by path.

No data is in the project: ``benchmarks.yaml`` says where it is to be had and under which licence.
``chatbot eval bench`` and ``make bench-quality`` use it.
"""

from evals.benchmarks.benchmark import Benchmark
from evals.benchmarks.registry import BENCHMARKS, document, find_benchmark, run_benchmark

__all__ = ["BENCHMARKS", "Benchmark", "document", "find_benchmark", "run_benchmark"]
