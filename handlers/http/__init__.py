"""The HTTP server: Slack requests, health checks and metrics."""
