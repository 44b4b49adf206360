"""The outbox: queued messages, their lanes, and the leases of senders."""
