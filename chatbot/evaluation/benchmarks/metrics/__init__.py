"""Formulas of public benchmarks, as their papers define them. Pure; each file says its source."""
