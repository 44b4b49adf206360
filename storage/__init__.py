"""What Baton remembers: the only place with SQL. It finds and keeps bot's objects.

The way in is ``connect``: it opens a database and gives the ``Store``, whose transactions
are plain functions that are handed a ``Transaction``. No rules and no Slack here.
"""

from storage import mapping as mapping
from storage.store import Store, Transaction, WorkspaceStore, connect

__all__ = ["Store", "Transaction", "WorkspaceStore", "connect"]
