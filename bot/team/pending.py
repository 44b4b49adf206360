"""What a document may say already, and Baton does not act on yet: told, never hidden."""

from bot.team.document import TeamDocument


def not_acted_on(document: TeamDocument) -> list[str]:
    """A sentence for each part of the document that is kept and has no effect yet."""
    told = []
    if "escalation" in document.model_fields_set:
        told.append(
            "escalation: the levels are kept; nudges go to the thread, the owner and the leads."
        )
    if any(lead.startswith("S") for lead in document.team.leads):
        told.append("team.leads: a user group may act as a lead, and gets no direct messages yet.")
    return told
