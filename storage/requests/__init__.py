"""Requests from Slack: each has its effect once."""
