"""HTTP: requests from Slack, health and metrics."""
