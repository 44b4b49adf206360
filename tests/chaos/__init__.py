"""Everything at once: killed processes, a restarted database, a Slack that loses answers."""
