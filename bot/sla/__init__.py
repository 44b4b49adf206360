"""SLA clocks: how they run, pause and breach, computed from the history of a case."""

from bot.sla.clock import Clock
from bot.sla.clock_event import ClockEvent, ClockEventKind
from bot.sla.clock_state import ClockState
from bot.sla.engine import Reading, readings
from bot.sla.explanation import WAITED_ON
from bot.sla.level_steps import MINIMUM_GAP, LevelStep, Moment, moments
from bot.sla.metric import Metric
from bot.sla.waits import MOVES_WAITS, Lasted, WaitsOn, waits

__all__ = [
    "MINIMUM_GAP",
    "MOVES_WAITS",
    "WAITED_ON",
    "Clock",
    "ClockEvent",
    "ClockEventKind",
    "ClockState",
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
