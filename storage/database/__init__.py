"""Reaching a database: engines, locks, transactions in turn, migrations, restores."""
