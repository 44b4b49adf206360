"""Names that are stored or sent keep their spelling, whatever the Python around them is called.

A database, a card in Slack or a dashboard made by an earlier release holds these words. A rename in
the code must not reach them. The expected values are in ``data/stored_names.json``.
"""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click import Command as CliCommand
from click import Group
from prometheus_client import generate_latest
from sqlalchemy.orm import configure_mappers

from bot.audit import Entry, commit, first_seal, pseudonym, seal
from bot.case import NewCase, Reason
from bot.case.permissions import Step
from bot.delivery import Audience, Delivery, DeliveryKind, Stamp, card_key, gather, home_key
from bot.keys import RootKey, RootKeys
from bot.people import CaseId, ChannelId, TeamId, UserId, WorkspaceId
from bot.priority import Priority
from bot.reports.digest import Digest
from bot.self_check import Finding, Invariant
from bot.settings import Settings
from bot.team import read_team
from handlers.cli.main import main
from handlers.intake import Submission
from handlers.slack import ids
from handlers.slack.features.escalate.duplicates import TYPED, EscalationDraft
from handlers.slack.outgoing.delivery_marker import marker_metadata, with_marker
from handlers.slack.plumbing.request_keys import keys_of
from handlers.slack.plumbing.signed_values import ValueSigner
from storage.tables import metadata
from tests.builders import a_team

ROOT = Path(__file__).parent.parent
FROZEN = json.loads((ROOT / "tests/data/stored_names.json").read_text(encoding="utf-8"))
AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
WORKSPACE, CHANNEL, USER = WorkspaceId("T0"), ChannelId("C0"), UserId("U0")


def columns() -> dict[str, dict[str, list[str]]]:
    """Each table's columns, with the words that a column of words may hold."""
    configure_mappers()
    return {
        table.name: {
            column.name: sorted(map(str, getattr(column.type, "words", ())))
            for column in table.columns
        }
        for table in metadata.sorted_tables
    }


def slack_ids() -> dict[str, list[str]]:
    enums = (ids.Command, ids.Shortcut, ids.Form, ids.Button, ids.Field)
    return {it.__name__: sorted(map(str, it)) for it in enums} | {"answer": [ids.ANSWER]}


def delivery_keys() -> list[str]:
    note = Delivery.of_note(CaseId(42), 3, Audience.REPORTER, CHANNEL, at=AT)
    nudges = [
        Delivery.of_note(CaseId(7), number, Audience.OWNER, CHANNEL, at=AT, kind=DeliveryKind.NUDGE)
        for number in range(7)
    ]
    finding = Finding.of(Invariant.SENT, ["ESC-1"], at=AT)
    made = Digest.make(a_team(), at=AT + timedelta(days=7))
    assert made is not None
    return [
        card_key(CaseId(42)),
        home_key(USER),
        note.key,
        Delivery.of_task(CaseId(42), 3, CHANNEL, at=AT).key,
        Delivery.of_replies(CaseId(42), 3, CHANNEL, at=AT).key,
        Delivery.instead(note, CHANNEL, at=AT).key,
        Delivery.question(note, CHANNEL, at=AT).key,
        gather(nudges, at=AT)[0].key,
        finding.notifications([USER], at=AT)[0].key,
        made[1].key,
    ]


def delivery_markers() -> list[Any]:
    note = Delivery.of_note(CaseId(42), 3, Audience.REPORTER, CHANNEL, at=AT)
    marked = with_marker(WORKSPACE, note, [{"type": "divider"}], Stamp("0a1b2c3d", 7))
    return [marker_metadata(WORKSPACE, note), marked]


def request_keys() -> list[list[str]]:
    message = {"type": "message", "channel": "C0", "ts": "1.2", "client_msg_id": "m"}
    return [
        list(keys_of({"trigger_id": "1.a"})),
        list(keys_of({"event_id": "Ev0", "event": message})),
    ]


def drafts() -> str:
    case = NewCase(
        customer="Acme", summary="Down", reasons=(Reason.RISK,), priority=Priority.URGENT
    )
    return TYPED.dump_json(
        EscalationDraft(case, TeamId(1), Submission("view/V1", "t", "d", 3000))
    ).decode()


def documents() -> dict[str, Any]:
    [source] = re.findall(r"```toml\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    written = read_team(source).model_dump_json(by_alias=True, exclude_unset=True)
    kept: dict[str, Any] = json.loads(written)
    return kept


def seals() -> list[str]:
    entry = Entry(at=AT, who="U0", step="claimed", case=CaseId(42), before="{}", after="{}")
    signed = ValueSigner(b"k" * 32, lambda: AT).sign("42", ids.Button.CLAIM)
    key = RootKey(b"k" * 32)
    return [
        first_seal(WORKSPACE, 2, entry, "previous"),
        signed,
        key.id,
        commit("salt", entry),
        seal(WORKSPACE, 2, entry, commit("salt", entry), "previous", key),
        seal(WORKSPACE, 2, entry, commit("salt", entry), "previous", None),
        pseudonym("acme", RootKeys((key,))),
    ]


def metrics() -> list[str]:
    exported = generate_latest().decode()
    names = re.findall(r"^# TYPE (baton_\w+)", exported, re.MULTILINE)
    return sorted(name for name in names if not name.endswith("_created"))  # only once counted


def commands(command: CliCommand = main, path: str = "baton") -> Iterator[str]:
    yield " ".join([path, *sorted(opt for it in command.params for opt in it.opts)])
    if isinstance(command, Group):
        for name, child in sorted(command.commands.items()):
            yield from commands(child, f"{path} {name}")


NOW: dict[str, Callable[[], object]] = {
    "columns": columns,
    "slack_ids": slack_ids,
    "delivery_keys": delivery_keys,
    "delivery_markers": delivery_markers,
    "request_keys": request_keys,
    "drafts": drafts,
    "documents": documents,
    "seals": seals,
    "steps": lambda: sorted(Step),
    "metrics": metrics,
    "settings": lambda: sorted(Settings.model_fields),
    "commands": lambda: list(commands()),
}


GROWS = ("columns", "slack_ids", "steps", "metrics", "settings", "commands")
"""Kinds to which a release adds names; what is there stays."""


@pytest.mark.parametrize("kind", NOW)
def test_what_is_stored_or_sent_keeps_its_name(kind: str) -> None:
    now = json.loads(json.dumps(NOW[kind]()))
    if kind in GROWS:
        assert missing(FROZEN[kind], now) == []
    else:
        assert now == FROZEN[kind]


def missing(frozen: Any, now: Any) -> list[str]:
    """The names that are frozen and no longer there."""
    if isinstance(frozen, dict):
        gone = [name for name in frozen if name not in now]
        kept = [name for name in frozen if name in now]
        return gone + [it for name in kept for it in missing(frozen[name], now[name])]
    return [name for name in frozen if name not in now]
