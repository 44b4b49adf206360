"""baton config closures: closed days from an iCalendar file."""
