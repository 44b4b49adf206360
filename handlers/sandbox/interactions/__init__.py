"""What Slack sends to the app, and what the app answers."""
