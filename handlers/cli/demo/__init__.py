"""baton demo: a Slack workspace on this machine with Baton in it."""
