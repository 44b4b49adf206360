"""A customer: in one line on a card, and with all their cases in one view."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.business_time import time_zone
from bot.business_time.periods import MONTH_NAMES
from bot.case import OVER, Case
from bot.customers.customer import Customer
from bot.customers.history import REMEMBERED, CustomerHistory
from handlers.i18n import _, ngettext
from handlers.slack.render import brief, escape, link, local_time
from handlers.slack.views.blocks import (
    Block,
    Message,
    context,
    fitting,
    plain,
    section,
    status_line,
    written,
)
from handlers.slack.views.board import Links
from handlers.slack.views.clock_text import clock_lines

FACT_LIMIT = 60  # characters of a fact on a card


def public_line(case: Case, history: CustomerHistory) -> str:
    """Return what everyone in the channel may know about the customer; empty if nothing."""
    known = history.customer
    tier = [_tier(known.tier)] if known is not None and known.tier else []
    return "  ·  ".join([*tier, *_flags(case), *_open(history)])


def customer_line(case: Case, history: CustomerHistory, *, at: datetime) -> str:
    """Return what managers may know about the customer; empty if nothing."""
    zone = time_zone(case.team.document.team.timezone)
    record = [*_flags(case), *_open(history), *_past(case, history, zone)]
    return "  ·  ".join([*_worth(history.customer, at, zone), *record])


def _tier(tier: str) -> str:
    return f"*{escape(brief(tier, FACT_LIMIT))}*"


def _worth(customer: Customer | None, at: datetime, zone: ZoneInfo) -> Iterator[str]:
    if customer is None:
        return
    if customer.tier:
        yield _tier(customer.tier)
    if customer.value:
        yield escape(brief(customer.value, FACT_LIMIT))
    if customer.renews_on:
        yield _renewal(customer.renews_on, at.astimezone(zone).date())


def _flags(case: Case) -> Iterator[str]:
    if case.churn_risk:
        yield _(":warning: Churn risk")
    if case.public_complaint:
        yield _(":loudspeaker: Public complaint")


def _open(history: CustomerHistory) -> Iterator[str]:
    if history.open:
        yield _("Other open cases: {count}").format(count=history.open)


def _past(case: Case, history: CustomerHistory, zone: ZoneInfo) -> Iterator[str]:
    if (place := history.place_in_quarter(case, zone)) > 1:
        yield _(":repeat: Case no. {number} this quarter").format(number=place)
    if history.past:
        at_least = len(history.others) == REMEMBERED
        text = _("Past cases: {count} or more") if at_least else _("Past cases: {count}")
        yield text.format(count=history.past)
    if history.last_outcome:
        outcome = escape(brief(history.last_outcome, FACT_LIMIT))
        yield _("Last outcome: {outcome}").format(outcome=outcome)


def _renewal(on: date, today: date) -> str:
    days = (on - today).days
    day = f"{on.day} {MONTH_NAMES[on.month - 1]} {on.year}"
    if days == 0:
        return _("Renews today")
    if days > 0:
        text = ngettext("Renews {day} (in {count} day)", "Renews {day} (in {count} days)", days)
    else:
        text = ngettext(
            "Renewal was due {day} ({count} day ago)",
            "Renewal was due {day} ({count} days ago)",
            -days,
        )
    return text.format(day=day, count=abs(days))


def customer_story(
    name: str, customer: Customer | None, cases: Sequence[Case], links: Links, *, at: datetime
) -> Message:
    """Return a customer's facts, and the cases that the reader may see, newest first."""
    shown = escape(brief(customer.name if customer else name))
    blocks: list[Block] = [section(f"*{shown}*")]
    if customer is not None:
        blocks += _facts(customer, at)
    still_open = [case for case in cases if case.status not in OVER]
    past = [case for case in cases if case.status in OVER]
    for heading, some in ((_("*Open cases*"), still_open), (_("*Past cases*"), past)):
        if some:
            blocks.append(section(heading))
            blocks += [section(_case(case, links(case))) for case in some]
    if not cases:
        blocks.append(section(_("There is no case that you may see.")))
    return Message("\n".join(map(_as_text, blocks)), fitting(blocks))


def _as_text(block: Block) -> str:
    """Return a section as text: what a person wrote is escaped, so it stays literal."""
    text = block["text"]
    return str(text["text"] if text["type"] == "mrkdwn" else escape(text["text"]))


def customer_view(story: Message, line: str = "") -> Block:
    """Return the form of a customer; ``line`` is what to know for the case at hand."""
    return {
        "type": "modal",
        "title": plain(_("Customer")),
        "close": plain(_("Close")),
        "blocks": [*([context(line)] if line else []), *story.blocks],
    }


def _facts(customer: Customer, at: datetime) -> Iterator[Block]:
    if worth := list(_worth(customer, at, ZoneInfo("UTC"))):
        yield section("  ·  ".join(worth))
    facts = {
        _("Contacts"): customer.contacts,
        _("Preferences"): customer.preferences,
        _("Notes"): customer.notes,
    }
    for name, text in facts.items():
        if text:
            yield from written(f"{name}: {text}")
    if customer.crm_link:
        yield section(_("CRM: {link}").format(link=link(customer.crm_link)))


def _case(case: Case, address: str) -> str:
    """Return what the case was about, its owner, its outcome, and how its clocks went."""
    name = f"<{address}|{case.reference}>" if address else case.reference
    lines = [
        f"*{name}* · {local_time(case.opened_at)} · {escape(brief(case.summary))}",
        str(status_line(case)),
    ]
    if case.outcome:
        lines.append(_("Outcome: {outcome}").format(outcome=escape(brief(case.outcome))))
    return "\n".join([*lines, *clock_lines(case)])
