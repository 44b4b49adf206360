"""Measuring what the README claims: ``python -m tests.bench``. Ratios count, not seconds."""
