"""Team documents shared by several tests."""

WHOLE = """\
[team]
name = "Support"
channel = "C0SUPPORT"
timezone = "Europe/Berlin"
managers = ["U0MAYA", "S0MANAGERS"]
leads = ["U0LEO"]
agents = "everyone"

[calendars.office]
timezone = "Europe/Berlin"
mon = ["09:00-12:30", "13:00-18:00"]
tue = ["09:00-18:00"]
holidays = { country = "DE", subdivision = "BE" }
closed = ["2026-12-24", "2026-12-31 13:00-18:00"]
open = ["2026-12-05 10:00-14:00"]

[[policies]]
name = "Enterprise"
when = { tier = ["enterprise"] }
calendar = "24x7"
targets.urgent = { claim = "15m", first_response = "30m", update = "1h", resolution = "4h" }
targets.high = { claim = "30m", first_response = "1h", update = "4h", resolution = "8h" }
targets.normal = { claim = "2h", first_response = "4h", update = "1d", resolution = "3d" }
targets.low = { claim = "4h", first_response = "1d", update = "2d", resolution = "5d" }

[[policies]]
name = "Standard"
calendar = "office"
warn_at = ["50%", "80%"]
on_priority_change = "recompute"
pause_on = { resolution = ["customer", "third_party"] }

[[escalation]]
when = "unclaimed"
after = "0m"
notify = ["on_duty", "channel"]
[[escalation]]
when = "unresolved"
after = "60m"
notify = ["U0LEO"]
repeat = 2

[digest]
at = "09:00"
days = ["mon", "tue", "wed", "thu", "fri"]
"""
FIVE_LINES = """\
[team]
name = "Support"
channel = "#support"
timezone = "Europe/Berlin"
managers = ["U0MAYA"]
"""
READERS = {"team": {"name": "Support", "timezone": "Europe/Berlin"}}
