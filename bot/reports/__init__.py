"""Figures for people: the daily digest, the report of a period, the preview of a document."""
