"""Baton's edges: Slack, HTTP, scheduled jobs and the command line. No rules, no SQL."""
