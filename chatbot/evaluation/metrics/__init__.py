"""Formulas as their papers define them, for suites and benchmarks. Pure; each says its source."""
