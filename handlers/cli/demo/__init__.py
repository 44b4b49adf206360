"""baton demo: Baton in a simulated Slack workspace on this machine."""
