"""The database: loads and saves the objects of ``bot``. All SQL is here.

Start at ``connect``: it opens a database and returns a ``Store``. A transaction is a plain
function that receives a ``Transaction``. There are no business rules and no Slack calls here.
"""

from storage import mapping as mapping
from storage.store import Store, Transaction, WorkspaceStore, connect

__all__ = ["Store", "Transaction", "WorkspaceStore", "connect"]
