"""Baton's rules: cases, targets, business time and escalation.

Plain Python on plain objects, with the time as a parameter. Nothing here opens a connection,
sends a message or reads the clock, and nothing imports storage/ or handlers/.
"""
