"""What was promised: targets, and the clocks that run on a case."""

from bot.sla.account import WAITED_ON
from bot.sla.clock import Clock
from bot.sla.engine import Reading, readings
from bot.sla.happenings import Happening, Kind
from bot.sla.metric import Metric
from bot.sla.states import ClockState
from bot.sla.steps import MINIMUM_GAP, LevelStep, Moment, moments
from bot.sla.waits import MOVES_WAITS, Lasted, WaitsOn, waits

__all__ = [
    "MINIMUM_GAP",
    "MOVES_WAITS",
    "WAITED_ON",
    "Clock",
    "ClockState",
    "Happening",
    "Kind",
    "Lasted",
    "LevelStep",
    "Metric",
    "Moment",
    "Reading",
    "WaitsOn",
    "moments",
    "readings",
    "waits",
]
