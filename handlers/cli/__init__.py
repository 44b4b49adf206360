"""The command line: one file a command, each named after it."""
