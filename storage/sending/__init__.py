"""The outbox: what waits to be sent, and who sends it now."""
