"""Short labels for the fixed words of a case, each translated when it is shown."""

from collections.abc import Mapping

from bot.case import Answer, MissReason, Mood, Reason, Source, Stage
from bot.messages import N_
from bot.priority import Priority
from bot.reports.report import Verdict
from bot.sla import Metric, WaitsOn
from bot.team import Waiting
from handlers.i18n import _

PRIORITY_MARKS: Mapping[Priority, str] = {
    Priority.URGENT: ":red_circle:",
    Priority.HIGH: ":large_orange_circle:",
    Priority.NORMAL: ":large_blue_circle:",
    Priority.LOW: ":white_circle:",
}
MOOD_MARKS: Mapping[Mood, str] = {
    Mood.CALM: ":slightly_smiling_face:",
    Mood.UPSET: ":slightly_frowning_face:",
    Mood.ANGRY: ":rage:",
}
PRIORITIES: Mapping[Priority, str] = {
    Priority.URGENT: N_("Urgent"),
    Priority.HIGH: N_("High"),
    Priority.NORMAL: N_("Normal"),
    Priority.LOW: N_("Low"),
}
REASONS: Mapping[Reason, str] = {
    Reason.RISK: N_("Risk"),
    Reason.COMPLEXITY: N_("Complexity"),
    Reason.DISSATISFACTION: N_("Dissatisfaction"),
}
SOURCES: Mapping[Source, str] = {
    Source.PHONE: N_("Phone"),
    Source.CHAT: N_("Chat"),
    Source.EMAIL: N_("E-mail"),
    Source.SOCIAL: N_("Social media"),
    Source.STORE: N_("Store"),
    Source.OTHER: N_("Other"),
}
MOODS: Mapping[Mood, str] = {
    Mood.CALM: N_("Calm"),
    Mood.UPSET: N_("Upset"),
    Mood.ANGRY: N_("Angry"),
}
METRICS: Mapping[Metric, str] = {
    Metric.CLAIM: N_("claim"),
    Metric.FIRST_RESPONSE: N_("first response"),
    Metric.NEXT_RESPONSE: N_("reply"),
    Metric.UPDATE: N_("update"),
    Metric.RESOLUTION: N_("resolution"),
    Metric.TOTAL_RESOLUTION: N_("total resolution"),
    Metric.OWNERSHIP: N_("ownership"),
}
MISS_REASONS: Mapping[MissReason, str] = {
    MissReason.NOBODY_ON_DUTY: N_("No manager was on duty"),
    MissReason.TOO_MUCH_WORK: N_("Too many cases at once"),
    MissReason.OTHER_TEAM: N_("Waiting for another team"),
    MissReason.MORE_FACTS: N_("More facts needed"),
    MissReason.OTHER: N_("Another reason"),
}
STAGES: Mapping[Stage, str] = {
    Stage.HISTORY: N_("history"),
    Stage.CONTACT: N_("contact"),
    Stage.FACTS: N_("facts"),
    Stage.OFFER: N_("offer"),
    Stage.END: N_("outcome"),
}
VERDICTS: Mapping[Verdict, str] = {
    Verdict.MET: N_("on time"),
    Verdict.LATE: N_("late"),
    Verdict.OVERDUE: N_("still open"),
}
WAITED_FOR: Mapping[Waiting, str] = {
    Waiting.CUSTOMER: N_("the customer"),
    Waiting.THIRD_PARTY: N_("a third party"),
}
WAITED_ON: Mapping[WaitsOn, str] = {
    WaitsOn.US: N_("us"),
    WaitsOn.CUSTOMER: WAITED_FOR[Waiting.CUSTOMER],
    WaitsOn.THIRD_PARTY: WAITED_FOR[Waiting.THIRD_PARTY],
}
OFFERED: Mapping[Answer, str] = {
    Answer.GRANTED: N_("what the customer wants"),
    Answer.PARTLY: N_("part of what the customer wants"),
    Answer.DECLINED: N_("an explanation instead of what the customer wants"),
}


def priority(value: Priority) -> str:
    """Return the name with its color: ``:red_circle: Urgent``."""
    return f"{PRIORITY_MARKS[value]} {_(PRIORITIES[value])}"


def mood(value: Mood) -> str:
    return f"{MOOD_MARKS[value]} {_(MOODS[value])}"


def metric(value: Metric) -> str:
    return _(METRICS[value])


def waiting_for(value: Waiting) -> str:
    return _(WAITED_FOR[value])
