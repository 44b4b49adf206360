"""Customers: who they are, their list, and their history with a team."""
