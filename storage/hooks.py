"""What every flush and commit of a session also does. Importing this module registers it.

A flush fills in the workspace of new objects, opens the lanes of new messages, notes the audit
entries of new events and revisions, and queues edits of the Home tabs that show a changed case,
and of everything that shows a restricted one.

A commit flushes, then appends the noted audit entries to the chain of the workspace.

``insert_new`` in ``storage/cases/bulk_insert.py`` inserts without a flush, and does the first three
itself.
"""

from sqlalchemy import event
from sqlalchemy.orm import Session

from storage.audit import append_noted, note_steps
from storage.cases.bulk_insert import prepare
from storage.sending.homes import update_homes
from storage.sending.redactions import update_redactions


@event.listens_for(Session, "before_flush")
def _before_flush(session: Session, *_: object) -> None:
    prepare(session, session.new)
    note_steps(session, [*session.new, *session.dirty])
    update_homes(session, session.dirty)
    update_redactions(session, session.dirty)


@event.listens_for(Session, "before_commit")
def _before_commit(session: Session) -> None:
    session.flush()  # the flush may add entries of its own
    append_noted(session)
