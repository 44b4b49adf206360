"""Figures: the morning digest, the report of a period, the preview of a document."""
