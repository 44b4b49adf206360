"""Scheduled jobs. They keep no state: each run queries what is due."""
