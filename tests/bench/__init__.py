"""Benchmarks: ``python -m tests.bench``. Compare the ratios; the seconds depend on the machine."""
