"""Business calendars: opening hours, closures, and time counted while the calendar is open."""

from bot.business_time.calendar import ALWAYS, Calendar
from bot.business_time.durations import Length
from bot.business_time.hours import WEEKDAYS, DatedHours, Hours, overlaps
from bot.business_time.periods import Stretch
from bot.business_time.public_holidays import Region
from bot.business_time.wall_time import at_wall_time, time_zone

__all__ = [
    "ALWAYS",
    "WEEKDAYS",
    "Calendar",
    "DatedHours",
    "Hours",
    "Length",
    "Region",
    "Stretch",
    "at_wall_time",
    "overlaps",
    "time_zone",
]
