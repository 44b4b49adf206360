"""Words: templates that escape by default, and the small phrases that they share."""

import html
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.case import STEP_WORDS, Answer, Case, Source, Stage
from bot.errors import BotError
from bot.messages import Mention
from bot.people import CaseId, reference
from bot.sla import WAITED_ON
from bot.text import in_a_row, one_line, shortened
from handlers.i18n import _


class Markup(str):
    """Text in Slack's own markup: made by us, never by a person."""

    __slots__ = ()


def escape(value: Any) -> str:
    """The three characters that Slack reads as markup, made harmless."""
    if isinstance(value, Markup):
        return value
    return str(value).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def mention(user_of: str) -> Markup:
    """A live mention of a person, or of a user group."""
    return Markup(f"<!subteam^{user_of}>" if user_of.startswith("S") else f"<@{user_of}>")


def channel(id_: str) -> Markup:
    """A channel by its name, which leads there."""
    return Markup(f"<#{id_}>")


def local_time(instant: datetime) -> Markup:
    """The instant, which Slack shows to each reader in their own zone."""
    fallback = instant.strftime("%Y-%m-%d %H:%M UTC")
    stamp = int(instant.timestamp())
    return Markup(f"<!date^{stamp}^{{date_short_pretty}} at {{time}}|{fallback}>")


def mentions(ids: Iterable[str]) -> Markup:
    """Live mentions, each of them once, in their order."""
    return Markup(", ".join(map(mention, dict.fromkeys(ids))))


def asked(groups: Iterable[str]) -> Markup:
    """User groups that are to hear of it, too."""
    return Markup(f"{called}: please have a look.") if (called := mentions(groups)) else Markup()


def named(case: Case) -> Markup:
    """How a DM names a case."""
    return Markup(f"*{case.reference}* ({escape(brief(case.customer))})")


def other_case(case: CaseId, link: str) -> Markup:
    """How a message names another case, with the way there."""
    return Markup(f"<{link}|{reference(case)}>" if link else reference(case))


def money(case: Case, amount: int) -> str:
    """An amount of goodwill, in the team's currency."""
    return f"{amount} {case.team.document.goodwill.currency}"


OVER_WORDS = {
    Source.PHONE: "by phone",
    Source.CHAT: "in a chat",
    Source.EMAIL: "by e-mail",
    Source.SOCIAL: "on social media",
    Source.STORE: "in a store",
}
OFFERED_WORDS = {
    Answer.GRANTED: "what the customer wants",
    Answer.PARTLY: "part of what the customer wants",
    Answer.DECLINED: "the customer an explanation of why not",
}


def steps(stages: Iterable[Stage]) -> str:
    return in_a_row(STEP_WORDS[stage] for stage in stages)


def way(link: str) -> Markup:
    """A way to a case's card, once there is one. The address is ours."""
    return Markup(f"<{link}|Open the case>") if link else Markup()


def link(url: str) -> Markup:
    """A web address that shows where it leads: never a label over it."""
    return Markup(f"<{escape(url).replace('|', '%7C').replace(' ', '%20')}>")


_ENTITY = re.compile(r"<([^<>|]+)(?:\|([^<>]*))?>")


def unmarked(text: str) -> str:
    """A message as Slack keeps it, turned into what its reader saw."""

    def shown(found: re.Match[str]) -> str:
        target, label = found[1], found[2]
        if target.startswith("!date^"):
            return label or ""
        if target[0] in "@#!":
            name = label or target[1:].split("^")[0]
            return target[0].replace("!", "@") + name.removeprefix("@")
        return f"{label} ({target})" if label and label != target else target

    return html.unescape(_ENTITY.sub(shown, text))


def brief(text: str, limit: int = 80) -> str:
    return shortened(one_line(text), limit)


def span(length: timedelta) -> str:
    """A length of time as people say it: ``45 min``, ``2 h 10 min``, ``41 h``."""
    hours, minutes = divmod(max(int(length.total_seconds()) // 60, 0), 60)
    if hours:
        return f"{hours} h {minutes} min" if minutes and hours < 10 else f"{hours} h"
    return f"{minutes} min" if minutes else "less than a minute"


def plural(count: int, one: str) -> str:
    return f"{count} {one if count == 1 else one + 's'}"


def explain(error: BotError) -> str:
    """Return an error's message in Slack's markup, with live mentions."""
    shown = {
        name: mention(it.user) if isinstance(it, Mention) else escape(it)
        for name, it in error.params.items()
    }
    return _(error.message).format(**shown)


def explain_plainly(error: BotError) -> str:
    """Return an error's message as plain text: under a form's field Slack shows no mentions."""
    shown = {
        name: _("Another person") if isinstance(it, Mention) else it
        for name, it in error.params.items()
    }
    return _(error.message).format(**shown)


def words(template: str, **facts: Any) -> str:
    """The template of this name, filled in."""
    return templates.get_template(f"{template}.txt.j2").render(facts).strip()


templates = Environment(
    loader=PackageLoader("handlers.slack"),
    undefined=StrictUndefined,
    autoescape=False,  # noqa: S701  Slack is not HTML: finalize escapes instead
    finalize=escape,
    trim_blocks=True,
    lstrip_blocks=True,
)
templates.filters.update(
    mention=mention,
    mentions=mentions,
    channel=channel,
    local_time=local_time,
    named=named,
    asked=asked,
    way=way,
    money=money,
    over=OVER_WORDS.get,
    offered=OFFERED_WORDS.__getitem__,
    steps=steps,
    other_case=other_case,
    waiting=WAITED_ON.__getitem__,
)
