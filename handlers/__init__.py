"""Where Baton meets the outside: Slack, time, the web, the shell. No rules, no SQL."""
