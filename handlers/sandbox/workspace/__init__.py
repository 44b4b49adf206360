"""The workspace as Slack stores it: people, channels, messages, views."""
