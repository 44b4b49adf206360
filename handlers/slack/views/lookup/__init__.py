"""Answers to /baton: the history of a case, why its clocks stand as they do, the report."""
