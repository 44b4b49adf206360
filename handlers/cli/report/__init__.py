"""baton report: a period's figures in the terminal or as CSV."""

from handlers.report import report_of

__all__ = ["report_of"]
