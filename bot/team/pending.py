"""What a document may say already, and Baton does not act on yet: told, never hidden."""

from bot.sla import Metric
from bot.team.document import TeamDocument

COUNTED = {Metric.CLAIM.value}


def not_acted_on(document: TeamDocument) -> list[str]:
    """A sentence for each part of the document that is kept and has no effect yet."""
    told = []
    promised = {
        clock
        for policy in document.policies
        for _, row in policy.targets
        if row is not None
        for clock in row.named()
    }
    if later := sorted(promised - COUNTED):
        told.append(f"targets: {', '.join(later)} are kept; of the clocks, only claim runs yet.")
    if "escalation" in document.model_fields_set:
        told.append(
            "escalation: the levels are kept; nudges go to the case's thread and the leads."
        )
    if any(policy.when.tier for policy in document.policies):
        told.append("policies: no customer has a tier yet, so a policy for a tier fits no case.")
    return told
