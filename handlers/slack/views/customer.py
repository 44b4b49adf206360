"""A customer: in one line on a card, and their whole story in one view."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.business_time import time_zone
from bot.business_time.periods import MONTH_NAMES
from bot.case import OVER, Case
from bot.customers.customer import Customer
from bot.customers.history import REMEMBERED, CustomerHistory
from handlers.slack.render import brief, escape, link, local_time, plural
from handlers.slack.views.blocks import Block, Message, fitting, plain, section, standing, written
from handlers.slack.views.board import Links
from handlers.slack.views.clock_text import clock_lines

FACT_LIMIT = 60  # characters of a fact on a card


def customer_line(case: Case, customer_history: CustomerHistory, *, at: datetime) -> str:
    """What is known, and no more; empty if that is nothing."""
    zone = time_zone(case.team.document.team.timezone)
    return "  ·  ".join(
        [*_worth(customer_history.customer, at, zone), *_record(case, customer_history, zone)]
    )


def _worth(customer: Customer | None, at: datetime, zone: ZoneInfo) -> Iterator[str]:
    if customer is None:
        return
    if customer.tier:
        yield f"*{escape(brief(customer.tier, FACT_LIMIT))}*"
    if customer.value:
        yield escape(brief(customer.value, FACT_LIMIT))
    if customer.renews_on:
        yield _renewal(customer.renews_on, at.astimezone(zone).date())


def _record(case: Case, customer_history: CustomerHistory, zone: ZoneInfo) -> Iterator[str]:
    if case.churn_risk:
        yield ":warning: May leave us"
    if case.public_complaint:
        yield ":loudspeaker: Complained in public"
    if (place := customer_history.place_in_quarter(case, zone)) > 1:
        yield f":repeat: {_ordinal(place)} case this quarter"
    if customer_history.others:
        many = "or more " if len(customer_history.others) == REMEMBERED else ""
        counts = {"other open": customer_history.open, f"{many}past": customer_history.past}
        yield ", ".join(f"{count} {which}" for which, count in counts.items() if count)
    if customer_history.last_outcome:
        yield f"Last outcome: {escape(brief(customer_history.last_outcome, FACT_LIMIT))}"


def _renewal(on: date, today: date) -> str:
    days = (on - today).days
    if days == 0:
        return "renews today"
    away = f"in {plural(days, 'day')}" if days > 0 else f"{plural(-days, 'day')} ago"
    verb = "renews" if days > 0 else "was to renew"
    return f"{verb} {on.day} {MONTH_NAMES[on.month - 1]} {on.year} ({away})"


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10)
    return f"{number}{ending or 'th'}"


def customer_story(
    name: str, customer: Customer | None, cases: Sequence[Case], links: Links, *, at: datetime
) -> Message:
    """All that is known of a customer, and the cases that the reader may see, newest first."""
    shown = escape(brief(customer.name if customer else name))
    blocks: list[Block] = [section(f"*{shown}*")]
    if customer is not None:
        blocks += _facts(customer, at)
    still_open = [case for case in cases if case.status not in OVER]
    past = [case for case in cases if case.status in OVER]
    for heading, some in (("Open cases", still_open), ("Past cases", past)):
        if some:
            blocks.append(section(f"*{heading}*"))
            blocks += [section(_case(case, links(case))) for case in some]
    if not cases:
        blocks.append(section("They have no case that you may see."))
    return Message("\n".join(map(_spoken, blocks)), fitting(blocks))


def _spoken(block: Block) -> str:
    """A section in words: what a person wrote stands in it as it is, and not as markup."""
    said = block["text"]
    return str(said["text"] if said["type"] == "mrkdwn" else escape(said["text"]))


def customer_view(story: Message) -> Block:
    return {
        "type": "modal",
        "title": plain("Customer"),
        "close": plain("Close"),
        "blocks": story.blocks,
    }


def _facts(customer: Customer, at: datetime) -> Iterator[Block]:
    if worth := list(_worth(customer, at, ZoneInfo("UTC"))):
        yield section("  ·  ".join(worth))
    told = {
        "Contacts": customer.contacts,
        "Preferences": customer.preferences,
        "Notes": customer.notes,
    }
    for heading, text in told.items():
        if text:
            yield from written(f"{heading}: {text}")
    if customer.crm_link:
        yield section(f"In the CRM: {link(customer.crm_link)}")


def _case(case: Case, address: str) -> str:
    """What it was about, who has or had it, how it ended, and how its promises went."""
    name = f"<{address}|{case.reference}>" if address else case.reference
    lines = [
        f"*{name}* · {local_time(case.opened_at)} · {escape(brief(case.summary))}",
        str(standing(case)),
    ]
    if case.outcome:
        lines.append(f"Outcome: {escape(brief(case.outcome))}")
    return "\n".join([*lines, *clock_lines(case)])
