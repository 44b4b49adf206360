"""Escalating a case: the form, questions, likely duplicates."""
