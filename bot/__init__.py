"""What Baton decides: cases, targets, time, escalation.

Plain Python, given facts and an instant. Nothing here opens a connection, sends a
message or asks what time it is. It imports nothing of storage/ or handlers/.
"""
