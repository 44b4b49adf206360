"""Requests from Slack: each takes effect once."""
