"""Slack: what people do there, what they see, and the one way out to it."""
