"""What a document may say already, and Baton does not act on yet: told, never hidden."""

from bot.team.document import TeamDocument


def not_acted_on(document: TeamDocument) -> list[str]:
    """A sentence for each part of the document that is kept and has no effect yet."""
    told = []
    if any("backup" in level.notify for level in document.escalation):
        told.append("escalation: nobody is a backup yet; a level tells the others that it names.")
    return told
