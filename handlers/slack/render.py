"""Text for Slack: templates that escape by default, and the small phrases that they share."""

import html
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.case import STAGE_NAMES, Case, Stage
from bot.errors import BotError
from bot.messages import Mention
from bot.people import CaseId, is_group, reference
from bot.text import join_names, one_line, shortened
from handlers.i18n import _, ngettext
from handlers.slack.views import labels


class Markup(str):
    """Text in Slack's markup that Baton made itself; it is not escaped again."""

    __slots__ = ()


def escape(value: Any) -> str:
    """Escape the three characters that Slack reads as markup."""
    if isinstance(value, Markup):
        return value
    return str(value).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def mention(id_: str) -> Markup:
    """Return a live mention of a person or a user group."""
    return Markup(f"<!subteam^{id_}>" if is_group(id_) else f"<@{id_}>")


def channel(id_: str) -> Markup:
    """Return a link to a channel, which Slack shows by its name."""
    return Markup(f"<#{id_}>")


def local_time(instant: datetime) -> Markup:
    """Return a Slack date token: each reader sees the instant in their own time zone."""
    fallback = instant.strftime("%Y-%m-%d %H:%M UTC")
    stamp = int(instant.timestamp())
    return Markup(f"<!date^{stamp}^{{date_short_pretty}} at {{time}}|{fallback}>")


def mentions(ids: Iterable[str]) -> Markup:
    """Return live mentions in the given order, without duplicates."""
    return Markup(", ".join(map(mention, dict.fromkeys(ids))))


def named(case: Case) -> Markup:
    """Return the case as a DM names it: ``*ESC-42* (Acme)``."""
    return Markup(f"*{case.reference}* ({escape(brief(case.customer))})")


def other_case(case: CaseId, link: str) -> Markup:
    """Return the reference of another case, linked to its card if there is one."""
    return Markup(f"<{link}|{reference(case)}>" if link else reference(case))


def money(case: Case, amount: int) -> str:
    """Return an amount of goodwill in the team's currency."""
    return f"{amount} {case.team.document.goodwill.currency}"


def steps(stages: Iterable[Stage]) -> str:
    return join_names(_(STAGE_NAMES[stage]) for stage in stages)


def open_link(link: str) -> Markup:
    """Return a link to a case's card; empty while there is no card."""
    return Markup(f"<{link}|{_('Open the case')}>") if link else Markup()


def link(url: str) -> Markup:
    """Return a link that shows its address: a label could hide where it leads."""
    return Markup(f"<{escape(url).replace('|', '%7C').replace(' ', '%20')}>")


_ENTITY = re.compile(r"<([^<>|]+)(?:\|([^<>]*))?>")


def without_markup(text: str) -> str:
    """Return the text of a message as its reader saw it, without Slack's markup."""

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
    """Return a length of time as people say it: ``45 min``, ``2 h 10 min``, ``41 h``."""
    hours, minutes = divmod(max(int(length.total_seconds()) // 60, 0), 60)
    if hours and minutes and hours < 10:
        return _("{hours} h {minutes} min").format(hours=hours, minutes=minutes)
    if hours:
        return _("{hours} h").format(hours=hours)
    return _("{minutes} min").format(minutes=minutes) if minutes else _("less than a minute")


def cases_counted(count: int) -> str:
    return ngettext("{count} case", "{count} cases", count).format(count=count)


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


def text(template: str, block: str, **facts: Any) -> str:
    """Render one block of a template: an event's template has a block for each audience."""
    loaded = templates.get_template(f"{template}.txt.j2")
    return "".join(loaded.blocks[block](loaded.new_context(facts))).strip()


templates = Environment(
    loader=PackageLoader("handlers.slack"),
    undefined=StrictUndefined,
    autoescape=False,  # noqa: S701  Slack is not HTML: finalize escapes instead
    finalize=escape,
    trim_blocks=True,
    lstrip_blocks=True,
)
templates.filters.update(
    mention=lambda id_: mention(id_) if id_ else _("its owner"),  # who is unknown by now
    mentions=mentions,
    channel=channel,
    local_time=local_time,
    named=named,
    open_link=open_link,
    money=money,
    steps=steps,
    other_case=other_case,
    waiting=labels.waiting_for,
    offered=lambda answer: _(labels.OFFERED[answer]),
    priority=lambda value: _(labels.PRIORITIES[value]).lower(),
)
