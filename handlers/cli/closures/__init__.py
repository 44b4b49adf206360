"""The ``baton config closures`` command: import closed days from an iCalendar file."""
