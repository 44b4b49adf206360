"""What Slack reports about people, and when it did."""
