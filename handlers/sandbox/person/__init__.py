"""A person at Slack: they type, press, fill in and submit."""
