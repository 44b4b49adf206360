"""Queries and inserts for cases."""
