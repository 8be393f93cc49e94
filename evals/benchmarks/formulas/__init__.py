"""Formulas that public benchmarks are measured by; those of suites are in the package."""
