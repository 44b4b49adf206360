"""What was promised: targets, and the clocks that run on a case."""

from bot.sla.clock import Clock, ClockState, Metric

__all__ = ["Clock", "ClockState", "Metric"]
