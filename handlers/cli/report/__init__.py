"""The `baton report` command."""
