"""The database schema in one file. The first key column of every table is its workspace."""

from datetime import date, datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    MetaData,
    Named,
    Table,
    Text,
    TypedColumns,
    UniqueConstraint,
    and_,
    false,
    or_,
)

from bot.audit import Decision
from bot.case import OVER, MissReason, Mood, Reason, Source, Status
from bot.case.event import EventKind
from bot.case.facts import Answer, FactChange, Stage
from bot.delivery import TROUBLED, Audience, DeliveryKind, State
from bot.people import CaseId, Standing, UserId
from bot.priority import Priority
from bot.processes import ProcessPart
from bot.self_check import Invariant
from bot.sla import ClockState, LevelStep, Metric
from bot.team import TeamDocument, Waiting
from storage.types import (
    CaseIds,
    Changes,
    Counts,
    Document,
    Ids,
    Instant,
    Length,
    Steps,
    Word,
    Words,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

APPEND_ONLY = {"append_only": True}
"""Marks tables in which triggers reject updates and deletes."""


class WorkspaceColumns(TypedColumns):
    id: Named[str] = Column(primary_key=True)
    name: Named[str]
    url: Named[str]  # https://acme.slack.com/, for links to messages
    bot_id: Named[str]
    bot_user: Named[str]
    cases: Named[int]  # the last number assigned
    teams: Named[int]
    key: Named[str]  # signs buttons and forms


workspaces = Table("workspaces", metadata, WorkspaceColumns)


class GroupMemberColumns(TypedColumns):
    """A member of a Slack user group, as last reported by Slack."""

    workspace: Named[str] = Column(ForeignKey("workspaces.id"), primary_key=True)
    group: Named[str] = Column(primary_key=True)
    member: Named[str] = Column(primary_key=True)


group_members = Table(
    "group_members", metadata, GroupMemberColumns, Index(None, "workspace", "member")
)


class PersonColumns(TypedColumns):
    """A person's kind of account in the workspace, as last reported by Slack."""

    workspace: Named[str] = Column(ForeignKey("workspaces.id"), primary_key=True)
    user: Named[str] = Column(primary_key=True)
    standing: Named[Standing] = Column(Word(Standing))
    runs_slack: Named[bool]
    seen_at: Named[datetime] = Column(Instant)


people = Table("people", metadata, PersonColumns)


class GroupReadColumns(TypedColumns):
    """When Slack was last asked for the members of a user group."""

    workspace: Named[str] = Column(ForeignKey("workspaces.id"), primary_key=True)
    group: Named[str] = Column(primary_key=True)
    read_at: Named[datetime] = Column(Instant)


group_reads = Table("group_reads", metadata, GroupReadColumns)


class SlackContactColumns(TypedColumns):
    """When Slack last answered about people, and how far all people have been read."""

    workspace: Named[str] = Column(ForeignKey("workspaces.id"), primary_key=True)
    answered_at: Named[datetime | None] = Column(Instant, nullable=True)
    failed_at: Named[datetime | None] = Column(Instant, nullable=True)
    people_cursor: Named[str] = Column(Text)  # Slack's, of the next page; empty between rounds
    people_began_at: Named[datetime] = Column(Instant)
    people_due_at: Named[datetime] = Column(Instant)


slack_contacts = Table("slack_contacts", metadata, SlackContactColumns)


class SharedChannelColumns(TypedColumns):
    """A channel that people of another company can read, or could until lately."""

    workspace: Named[str] = Column(ForeignKey("workspaces.id"), primary_key=True)
    channel: Named[str] = Column(primary_key=True)
    shared: Named[bool]
    since: Named[datetime] = Column(Instant)
    cards_above: Named[int]  # the cards of cases up to this number show what they should
    updated: Named[bool]  # and so do all the others


shared_channels = Table("shared_channels", metadata, SharedChannelColumns)


class TeamColumns(TypedColumns):
    workspace: Named[str] = Column(ForeignKey("workspaces.id"), primary_key=True)
    id: Named[int] = Column(primary_key=True, autoincrement=False)
    name: Named[str]
    channel: Named[str]
    document: Named[TeamDocument] = Column(Document)
    revision: Named[int]
    next_digest_on: Named[date]
    next_digest_at: Named[datetime] = Column(Instant, index=True)
    digested_until: Named[datetime] = Column(Instant)
    digested_on: Named[date | None]
    seen_by_strangers: Named[bool] = Column(server_default=false())
    version: Named[int]


teams = Table("teams", metadata, TeamColumns, UniqueConstraint("workspace", "name"))


class RevisionColumns(TypedColumns):
    workspace: Named[str] = Column(primary_key=True)
    team: Named[int] = Column(primary_key=True)
    number: Named[int] = Column(primary_key=True)
    source: Named[str] = Column(Text)
    applied_at: Named[datetime] = Column(Instant)
    by: Named[str]


revisions = Table(
    "revisions",
    metadata,
    RevisionColumns,
    ForeignKeyConstraint(["workspace", "team"], ["teams.workspace", "teams.id"]),
)


class CustomerColumns(TypedColumns):
    workspace: Named[str] = Column(ForeignKey("workspaces.id"), primary_key=True)
    key: Named[str] = Column(
        primary_key=True
    )  # the name, normalized so that spellings compare equal
    name: Named[str]
    tier: Named[str]
    value: Named[str]
    renews_on: Named[date | None]
    contacts: Named[str] = Column(Text)
    preferences: Named[str] = Column(Text)
    notes: Named[str] = Column(Text)
    crm_link: Named[str] = Column(Text)


customers = Table("customers", metadata, CustomerColumns)


class CaseColumns(TypedColumns):
    workspace: Named[str] = Column(ForeignKey("workspaces.id"), primary_key=True)
    id: Named[int] = Column(primary_key=True, autoincrement=False)  # ESC-42
    team_id: Named[int]
    team_revision: Named[int]
    customer: Named[str] = Column(Text)  # as it was typed
    customer_key: Named[str]  # customers.key; no foreign key, as the customer may be unknown
    opened_tier: Named[str]
    summary: Named[str] = Column(Text)
    reasons: Named[tuple[Reason, ...]] = Column(Words(Reason))
    priority: Named[Priority] = Column(Word(Priority))
    opened_priority: Named[Priority] = Column(Word(Priority))
    category: Named[str]
    ticket_link: Named[str] = Column(Text)
    source: Named[Source | None] = Column(Word(Source), nullable=True)
    wish: Named[str] = Column(Text)
    answers: Named[str] = Column(Text)
    reporter: Named[str]
    opened_at: Named[datetime] = Column(Instant)
    status: Named[Status] = Column(Word(Status))
    mood: Named[Mood | None] = Column(Word(Mood), nullable=True)
    public_complaint: Named[bool]
    churn_risk: Named[bool]
    restricted: Named[bool]
    owner: Named[str | None]
    merged_into: Named[int | None]
    followers: Named[tuple[UserId, ...]] = Column(Ids)
    over_at: Named[datetime | None] = Column(Instant, nullable=True)
    outcome: Named[str] = Column(Text)
    root_cause: Named[str] = Column(Text)
    prevention: Named[str] = Column(Text)
    prevention_owner: Named[str | None]
    prevention_by: Named[datetime | None] = Column(Instant, nullable=True)
    miss_reason: Named[MissReason | None] = Column(Word(MissReason), nullable=True)
    miss_note: Named[str] = Column(Text)
    follows: Named[int | None]
    continued_in: Named[int | None]
    next_check_at: Named[datetime | None] = Column(Instant, nullable=True)
    version: Named[int]


cases = Table(
    "cases",
    metadata,
    CaseColumns,
    ForeignKeyConstraint(["workspace", "team_id"], ["teams.workspace", "teams.id"]),
    Index("ix_cases_due", "next_check_at"),
    Index(None, "workspace", "team_id", "status"),
    Index("ix_cases_over", "workspace", "team_id", "over_at"),
    Index(None, "workspace", "owner", "status"),
    Index(None, "workspace", "reporter", "status"),
    Index("ix_cases_lately", "workspace", "reporter", "opened_at"),
    Index(None, "workspace", "customer_key", "team_id", "id"),
)
unwatched = and_(cases.c.next_check_at.is_(None), *(cases.c.status != it for it in sorted(OVER)))
"""Open cases without a next check. These should not exist; the index keeps the self-check cheap."""
Index(
    "ix_cases_unwatched",
    cases.c.workspace,
    sqlite_where=unwatched,
    postgresql_where=unwatched,
)


class ClockColumns(TypedColumns):
    workspace: Named[str] = Column(primary_key=True)
    case: Named[int] = Column(primary_key=True)
    metric: Named[Metric] = Column(Word(Metric), primary_key=True)
    cycle: Named[int] = Column(primary_key=True)
    state: Named[ClockState] = Column(Word(ClockState))
    target: Named[timedelta] = Column(Length)
    started_at: Named[datetime] = Column(Instant)
    due_at: Named[datetime | None] = Column(Instant, nullable=True)
    ended_at: Named[datetime | None] = Column(Instant, nullable=True)
    paused_by: Named[str | None]
    open_time: Named[timedelta | None] = Column(Length, nullable=True)
    wall_time: Named[timedelta | None] = Column(Length, nullable=True)
    notified_state: Named[ClockState | None] = Column("told", Word(ClockState), nullable=True)
    notified_levels: Named[tuple[int, ...]] = Column("told_levels", Counts)
    held_until: Named[datetime | None] = Column(Instant, nullable=True)


clocks = Table(
    "clocks",
    metadata,
    ClockColumns,
    ForeignKeyConstraint(["workspace", "case"], ["cases.workspace", "cases.id"]),
    Index(None, "workspace", "due_at"),
)
running = clocks.c.ended_at.is_(None)
Index(
    "ix_clocks_running",
    clocks.c.workspace,
    clocks.c.due_at,
    sqlite_where=running,
    postgresql_where=running,
)


class TaskColumns(TypedColumns):
    """A request to a department about a case, and its answer."""

    workspace: Named[str] = Column(primary_key=True)
    case: Named[int] = Column(primary_key=True)
    event: Named[int] = Column(primary_key=True)
    department: Named[str]
    asked: Named[str] = Column(Text)
    asked_by: Named[str]
    asked_at: Named[datetime] = Column(Instant)
    due_at: Named[datetime] = Column(Instant)
    answer: Named[str] = Column(Text)
    answered_by: Named[str | None]
    answered_at: Named[datetime | None] = Column(Instant, nullable=True)
    reminded_at: Named[datetime | None] = Column(Instant, nullable=True)


tasks = Table(
    "tasks",
    metadata,
    TaskColumns,
    ForeignKeyConstraint(["workspace", "case"], ["cases.workspace", "cases.id"]),
)


class EventColumns(TypedColumns):
    workspace: Named[str] = Column(primary_key=True)
    case: Named[int] = Column(primary_key=True)
    number: Named[int] = Column(primary_key=True)
    kind: Named[EventKind] = Column(Word(EventKind))
    at: Named[datetime] = Column(Instant)
    by: Named[str | None]
    note: Named[str] = Column(Text)
    clocks: Named[tuple[Metric, ...]] = Column(Words(Metric))
    steps: Named[tuple[LevelStep, ...]] = Column(Steps)
    on: Named[Waiting | None] = Column(Word(Waiting), nullable=True)
    resume_by: Named[datetime | None] = Column(Instant, nullable=True)
    to: Named[Priority | None] = Column(Word(Priority), nullable=True)
    over: Named[Source | None] = Column(Word(Source), nullable=True)
    answer: Named[Answer | None] = Column(Word(Answer), nullable=True)
    goodwill: Named[int]
    stages: Named[tuple[Stage, ...]] = Column(Words(Stage))
    task: Named[int | None]
    next_step: Named[str] = Column(Text)
    other: Named[int | None]
    changes: Named[tuple[FactChange, ...]] = Column(Changes)
    other_person: Named[str | None] = Column("whom")


events = Table(
    "events",
    metadata,
    EventColumns,
    ForeignKeyConstraint(["workspace", "case"], ["cases.workspace", "cases.id"]),
    Index(None, "workspace", "at"),
    info=APPEND_ONLY,
)


class DigestColumns(TypedColumns):
    """A team's digest for a local date. The key keeps restarts from creating a second one."""

    workspace: Named[str] = Column(primary_key=True)
    team: Named[int] = Column(primary_key=True)
    local_date: Named[date] = Column(primary_key=True)
    since: Named[datetime] = Column(Instant)
    until: Named[datetime] = Column(Instant)
    delivery: Named[str]
    rows: Named[tuple[CaseId, ...] | None] = Column(CaseIds, nullable=True)  # the cases it lists
    open_cases: Named[int | None]  # of the team, with those that it does not list


digests = Table(
    "digests",
    metadata,
    DigestColumns,
    ForeignKeyConstraint(["workspace", "team"], ["teams.workspace", "teams.id"]),
)


class DeliveryColumns(TypedColumns):
    workspace: Named[str] = Column(ForeignKey("workspaces.id"), primary_key=True)
    key: Named[str] = Column(primary_key=True)
    kind: Named[DeliveryKind] = Column(Word(DeliveryKind))
    audience: Named[Audience] = Column(Word(Audience))
    channel: Named[str]
    queued_at: Named[datetime] = Column("owed_at", Instant)
    due_at: Named[datetime | None] = Column(Instant, nullable=True)
    case: Named[int | None]
    event: Named[int]
    about: Named[str]
    lane: Named[str]
    state: Named[State] = Column(Word(State))
    wanted: Named[int]
    tries: Named[int]
    failures: Named[int]
    looks: Named[int]
    tried_at: Named[datetime | None] = Column(Instant, nullable=True)
    lost_at: Named[datetime | None] = Column(Instant, nullable=True)
    sent_at: Named[datetime | None] = Column(Instant, nullable=True)
    sweep_at: Named[datetime | None] = Column(Instant, nullable=True)
    generation: Named[int]
    repeated: Named[bool]
    redacted: Named[bool] = Column(server_default=false())  # old processes do not set it
    ts: Named[str | None]
    reason: Named[str] = Column(Text)


deliveries = Table(
    "deliveries",
    metadata,
    DeliveryColumns,
    ForeignKeyConstraint(["workspace", "case"], ["cases.workspace", "cases.id"]),
    Index(None, "workspace", "case", "event"),
)
is_card = deliveries.c.kind == DeliveryKind.CARD.value
Index(
    "ix_deliveries_cards",  # to find a case by its card
    deliveries.c.workspace,
    deliveries.c.ts,
    sqlite_where=is_card,
    postgresql_where=is_card,
)
unsettled = deliveries.c.due_at.is_not(None)
Index(
    "ix_deliveries_in_their_lanes",  # the order in which a lane sends them
    deliveries.c.workspace,
    deliveries.c.lane,
    deliveries.c.queued_at,
    deliveries.c.case,
    deliveries.c.event,
    deliveries.c.key,
    sqlite_where=unsettled,
    postgresql_where=unsettled,
)
Index(
    "ix_deliveries_due",
    deliveries.c.workspace,
    deliveries.c.due_at,
    sqlite_where=unsettled,
    postgresql_where=unsettled,
)
to_sweep = deliveries.c.sweep_at.is_not(None)
Index(
    "ix_deliveries_to_sweep",
    deliveries.c.sweep_at,
    sqlite_where=to_sweep,
    postgresql_where=to_sweep,
)
Index("ix_deliveries_parts", deliveries.c.workspace, deliveries.c.about)
# Not IN (...): SQLite uses this partial index only for queries that repeat one of the OR terms
# (https://sqlite.org/partialindex.html, section 3.1).
in_trouble = or_(*(deliveries.c.state == it for it in TROUBLED))
Index(
    "ix_deliveries_in_trouble",
    deliveries.c.workspace,
    deliveries.c.state,
    deliveries.c.channel,
    sqlite_where=in_trouble,
    postgresql_where=in_trouble,
)


class LaneColumns(TypedColumns):
    """A queue of messages to a channel or person, or of edits: one at a time, at Slack's rate."""

    workspace: Named[str] = Column(ForeignKey("workspaces.id"), primary_key=True)
    lane: Named[str] = Column(primary_key=True)
    free_at: Named[datetime] = Column(Instant)


lanes = Table("lanes", metadata, LaneColumns)


class SendQuotaColumns(TypedColumns):
    """A workspace's send quota, shared by all workers."""

    workspace: Named[str] = Column(ForeignKey("workspaces.id"), primary_key=True)
    paced_until: Named[datetime] = Column(Instant)
    limited_until: Named[datetime] = Column(Instant)
    shut_for: Named[str]
    probe_at: Named[datetime | None] = Column(Instant, nullable=True)
    extra_quiesce: Named[timedelta] = Column("lag", Length)
    series: Named[str] = Column(server_default="")
    number: Named[int] = Column(BigInteger, server_default="0")
    errors: Named[int] = Column(server_default="0")  # of Slack's, in a row
    outage_at: Named[datetime | None] = Column(Instant, nullable=True)
    try_at: Named[datetime | None] = Column(Instant, nullable=True)


send_quotas = Table("outlets", metadata, SendQuotaColumns)


class SeenColumns(TypedColumns):
    """A request that took effect."""

    workspace: Named[str] = Column(ForeignKey("workspaces.id"), primary_key=True)
    key: Named[str] = Column(primary_key=True)
    seen_at: Named[datetime] = Column(Instant, index=True)


inbox = Table("inbox", metadata, SeenColumns)
nonces = Table("nonces", metadata, SeenColumns)  # keyed by the hash of the signature


class DraftColumns(TypedColumns):
    """A text that is too long for a field of a Slack form."""

    workspace: Named[str] = Column(ForeignKey("workspaces.id"), primary_key=True)
    id: Named[str] = Column(primary_key=True)
    text: Named[str] = Column(Text)
    kept_at: Named[datetime] = Column(Instant, index=True)


drafts = Table("drafts", metadata, DraftColumns)


class AuditColumns(TypedColumns):
    """A step that a person took or was denied: a link of the workspace's chain of seals.

    Its triggers permit one change: to erase ``who``, ``before``, ``after`` and ``salt`` together.
    """

    workspace: Named[str] = Column(ForeignKey("workspaces.id"), primary_key=True)
    number: Named[int] = Column(primary_key=True, autoincrement=False)
    at: Named[datetime] = Column(Instant)
    who: Named[str | None]
    step: Named[str]
    case: Named[int | None]
    decision: Named[Decision] = Column(Word(Decision))
    before: Named[str] = Column(Text)
    after: Named[str] = Column(Text)
    seal: Named[str]
    key: Named[str | None]  # the id of the root key that sealed it
    commitment: Named[str | None]  # to who, before and after
    salt: Named[str | None]


audit = Table("audit", metadata, AuditColumns, Index(None, "workspace", "case"), info=APPEND_ONLY)


class AuditHeadColumns(TypedColumns):
    """The newest link of a workspace's hash chain. Appending locks this row."""

    workspace: Named[str] = Column(ForeignKey("workspaces.id"), primary_key=True)
    number: Named[int]
    seal: Named[str]


audit_heads = Table("audit_heads", metadata, AuditHeadColumns)


class ProcessColumns(TypedColumns):
    """A running process, by its heartbeat."""

    workspace: Named[str] = Column(ForeignKey("workspaces.id"), primary_key=True)
    id: Named[str] = Column(primary_key=True)
    host: Named[str]
    parts: Named[tuple[ProcessPart, ...]] = Column(Words(ProcessPart))
    version: Named[str]
    started_at: Named[datetime] = Column(Instant)
    seen_at: Named[datetime] = Column(Instant)
    reserve: Named[str] = Column(Text)  # filled and emptied, to see whether the disk has room


processes = Table("processes", metadata, ProcessColumns)


class FindingColumns(TypedColumns):
    workspace: Named[str] = Column(ForeignKey("workspaces.id"), primary_key=True)
    key: Named[str] = Column(primary_key=True)
    invariant: Named[Invariant] = Column(Word(Invariant))
    said: Named[str] = Column(Text)
    found_at: Named[datetime] = Column(Instant)
    over_at: Named[datetime | None] = Column(Instant, nullable=True, index=True)


findings = Table("findings", metadata, FindingColumns)


class UnreadableCaseColumns(TypedColumns):
    """A case that a worker's version could not read when it was due. The self-check tries again."""

    workspace: Named[str] = Column(primary_key=True)
    case: Named[int] = Column(primary_key=True)
    found_at: Named[datetime] = Column(Instant)


unreadable_cases = Table(
    "unreadable_cases",
    metadata,
    UnreadableCaseColumns,
    ForeignKeyConstraint(["workspace", "case"], ["cases.workspace", "cases.id"]),
)

unproven = (
    (deliveries.c.state == State.SENT)
    & deliveries.c.ts.is_(None)
    & (deliveries.c.kind != DeliveryKind.HOME)
)
Index(
    "ix_deliveries_unproven",
    deliveries.c.workspace,
    sqlite_where=unproven,
    postgresql_where=unproven,
)
