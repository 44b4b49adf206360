"""Reports: the figures of a period, for Slack and for the shell."""

from handlers.report import report_of

__all__ = ["report_of"]
