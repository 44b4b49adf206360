"""Chaos tests: killed processes, database restarts and lost responses, all at once."""
