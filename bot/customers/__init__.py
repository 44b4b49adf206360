"""Customers: their data, their import from CSV, and their history with a team."""
