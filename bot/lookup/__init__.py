"""Looking for cases: by words, and by likeness to a new one."""
