"""Messages on their way to Slack: composed, posted, found again, settled."""
