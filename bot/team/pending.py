"""Settings that a document may have but that have no effect yet."""

from bot.messages import N_, Sentence
from bot.team.document import TeamDocument


def settings_without_effect(document: TeamDocument) -> list[Sentence]:
    """Return a note for each setting of the document that has no effect yet."""
    notes = []
    if any("backup" in level.notify for level in document.escalation):
        notes.append(
            Sentence.of(
                N_("escalation: backups are not supported yet; the other recipients are notified.")
            )
        )
    return notes
