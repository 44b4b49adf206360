"""What a person does in Slack, one file a feature."""
