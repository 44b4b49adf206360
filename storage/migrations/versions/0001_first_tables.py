"""first tables."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.append_only import refuse_changes
from storage.types import Instant

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "workspaces",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("bot_id", sa.String(), nullable=False),
        sa.Column("bot_user", sa.String(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("teams", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workspaces")),
    )
    op.create_table(
        "audit",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("who", sa.String(), nullable=True),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("case", sa.Integer(), nullable=True),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("seal", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name=op.f("fk_audit_workspaces")),
        sa.PrimaryKeyConstraint("workspace", "number", name=op.f("pk_audit")),
        info={"append_only": True},
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_audit_workspace_case"), ["workspace", "case"], unique=False
        )

    op.create_table(
        "audit_heads",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seal", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace"], ["workspaces.id"], name=op.f("fk_audit_heads_workspaces")
        ),
        sa.PrimaryKeyConstraint("workspace", name=op.f("pk_audit_heads")),
    )
    op.create_table(
        "customers",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("tier", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("renews_on", sa.Date(), nullable=True),
        sa.Column("contacts", sa.Text(), nullable=False),
        sa.Column("preferences", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("crm_link", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace"], ["workspaces.id"], name=op.f("fk_customers_workspaces")
        ),
        sa.PrimaryKeyConstraint("workspace", "key", name=op.f("pk_customers")),
    )
    op.create_table(
        "drafts",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("kept_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace"], ["workspaces.id"], name=op.f("fk_drafts_workspaces")
        ),
        sa.PrimaryKeyConstraint("workspace", "id", name=op.f("pk_drafts")),
    )
    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_drafts_kept_at"), ["kept_at"], unique=False)

    op.create_table(
        "findings",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("invariant", sa.String(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("found_at", Instant(), nullable=False),
        sa.Column("over_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace"], ["workspaces.id"], name=op.f("fk_findings_workspaces")
        ),
        sa.PrimaryKeyConstraint("workspace", "key", name=op.f("pk_findings")),
    )
    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_findings_over_at"), ["over_at"], unique=False)

    op.create_table(
        "group_members",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("group", sa.String(), nullable=False),
        sa.Column("member", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace"], ["workspaces.id"], name=op.f("fk_group_members_workspaces")
        ),
        sa.PrimaryKeyConstraint("workspace", "group", "member", name=op.f("pk_group_members")),
    )
    with op.batch_alter_table("group_members", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_group_members_workspace_member"), ["workspace", "member"], unique=False
        )

    op.create_table(
        "inbox",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name=op.f("fk_inbox_workspaces")),
        sa.PrimaryKeyConstraint("workspace", "key", name=op.f("pk_inbox")),
    )
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inbox_seen_at"), ["seen_at"], unique=False)

    op.create_table(
        "lanes",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("free_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name=op.f("fk_lanes_workspaces")),
        sa.PrimaryKeyConstraint("workspace", "lane", name=op.f("pk_lanes")),
    )
    op.create_table(
        "nonces",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace"], ["workspaces.id"], name=op.f("fk_nonces_workspaces")
        ),
        sa.PrimaryKeyConstraint("workspace", "key", name=op.f("pk_nonces")),
    )
    with op.batch_alter_table("nonces", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_nonces_seen_at"), ["seen_at"], unique=False)

    op.create_table(
        "outlets",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("paced_until", Instant(), nullable=False),
        sa.Column("limited_until", Instant(), nullable=False),
        sa.Column("shut_for", sa.String(), nullable=False),
        sa.Column("probe_at", Instant(), nullable=True),
        sa.Column("lag", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace"], ["workspaces.id"], name=op.f("fk_outlets_workspaces")
        ),
        sa.PrimaryKeyConstraint("workspace", name=op.f("pk_outlets")),
    )
    op.create_table(
        "people",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("standing", sa.String(), nullable=False),
        sa.Column("runs_slack", sa.Boolean(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace"], ["workspaces.id"], name=op.f("fk_people_workspaces")
        ),
        sa.PrimaryKeyConstraint("workspace", "user", name=op.f("pk_people")),
    )
    op.create_table(
        "teams",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("next_digest_on", sa.Date(), nullable=False),
        sa.Column("next_digest_at", Instant(), nullable=False),
        sa.Column("digested_until", Instant(), nullable=False),
        sa.Column("digested_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name=op.f("fk_teams_workspaces")),
        sa.PrimaryKeyConstraint("workspace", "id", name=op.f("pk_teams")),
        sa.UniqueConstraint("workspace", "name", name=op.f("uq_teams_workspace_name")),
    )
    with op.batch_alter_table("teams", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_teams_next_digest_at"), ["next_digest_at"], unique=False
        )

    op.create_table(
        "cases",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("team_revision", sa.Integer(), nullable=False),
        sa.Column("customer", sa.Text(), nullable=False),
        sa.Column("customer_key", sa.String(), nullable=False),
        sa.Column("opened_tier", sa.String(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("reasons", sa.String(), nullable=False),
        sa.Column("priority", sa.String(), nullable=False),
        sa.Column("opened_priority", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("ticket_link", sa.Text(), nullable=False),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("wish", sa.Text(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("reporter", sa.String(), nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("mood", sa.String(), nullable=True),
        sa.Column("public_complaint", sa.Boolean(), nullable=False),
        sa.Column("churn_risk", sa.Boolean(), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("merged_into", sa.Integer(), nullable=True),
        sa.Column("followers", sa.Text(), nullable=False),
        sa.Column("over_at", Instant(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("root_cause", sa.Text(), nullable=False),
        sa.Column("prevention", sa.Text(), nullable=False),
        sa.Column("prevention_owner", sa.String(), nullable=True),
        sa.Column("prevention_by", Instant(), nullable=True),
        sa.Column("miss_reason", sa.String(), nullable=True),
        sa.Column("miss_note", sa.Text(), nullable=False),
        sa.Column("follows", sa.Integer(), nullable=True),
        sa.Column("continued_in", sa.Integer(), nullable=True),
        sa.Column("next_check_at", Instant(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace", "team_id"], ["teams.workspace", "teams.id"], name=op.f("fk_cases_teams")
        ),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name=op.f("fk_cases_workspaces")),
        sa.PrimaryKeyConstraint("workspace", "id", name=op.f("pk_cases")),
    )
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.create_index("ix_cases_due", ["next_check_at"], unique=False)
        batch_op.create_index(
            "ix_cases_lately", ["workspace", "reporter", "opened_at"], unique=False
        )
        batch_op.create_index("ix_cases_over", ["workspace", "team_id", "over_at"], unique=False)
        batch_op.create_index(
            "ix_cases_unwatched",
            ["workspace"],
            unique=False,
            sqlite_where=sa.text(
                "next_check_at IS NULL AND status != 'declined' AND status != 'merged' AND status != 'resolved'"
            ),
            postgresql_where=sa.text(
                "next_check_at IS NULL AND status != 'declined' AND status != 'merged' AND status != 'resolved'"
            ),
        )
        batch_op.create_index(
            batch_op.f("ix_cases_workspace_customer_key_team_id_id"),
            ["workspace", "customer_key", "team_id", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_cases_workspace_owner_status"),
            ["workspace", "owner", "status"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_cases_workspace_reporter_status"),
            ["workspace", "reporter", "status"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_cases_workspace_team_id_status"),
            ["workspace", "team_id", "status"],
            unique=False,
        )

    op.create_table(
        "digests",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("team", sa.Integer(), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("until", Instant(), nullable=False),
        sa.Column("delivery", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace", "team"], ["teams.workspace", "teams.id"], name=op.f("fk_digests_teams")
        ),
        sa.PrimaryKeyConstraint("workspace", "team", "local_date", name=op.f("pk_digests")),
    )
    op.create_table(
        "revisions",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("team", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("applied_at", Instant(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace", "team"], ["teams.workspace", "teams.id"], name=op.f("fk_revisions_teams")
        ),
        sa.PrimaryKeyConstraint("workspace", "team", "number", name=op.f("pk_revisions")),
    )
    op.create_table(
        "clocks",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("case", sa.Integer(), nullable=False),
        sa.Column("metric", sa.String(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("target", sa.BigInteger(), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("due_at", Instant(), nullable=True),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("paused_by", sa.String(), nullable=True),
        sa.Column("open_time", sa.BigInteger(), nullable=True),
        sa.Column("wall_time", sa.BigInteger(), nullable=True),
        sa.Column("told", sa.String(), nullable=True),
        sa.Column("told_levels", sa.String(), nullable=False),
        sa.Column("held_until", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace", "case"], ["cases.workspace", "cases.id"], name=op.f("fk_clocks_cases")
        ),
        sa.PrimaryKeyConstraint("workspace", "case", "metric", "cycle", name=op.f("pk_clocks")),
    )
    with op.batch_alter_table("clocks", schema=None) as batch_op:
        batch_op.create_index(
            "ix_clocks_running",
            ["workspace", "due_at"],
            unique=False,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.create_index(
            batch_op.f("ix_clocks_workspace_due_at"), ["workspace", "due_at"], unique=False
        )

    op.create_table(
        "deliveries",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("owed_at", Instant(), nullable=False),
        sa.Column("due_at", Instant(), nullable=True),
        sa.Column("case", sa.Integer(), nullable=True),
        sa.Column("event", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("tried_at", Instant(), nullable=True),
        sa.Column("lost_at", Instant(), nullable=True),
        sa.Column("sent_at", Instant(), nullable=True),
        sa.Column("sweep_at", Instant(), nullable=True),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("repeated", sa.Boolean(), nullable=False),
        sa.Column("ts", sa.String(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace", "case"], ["cases.workspace", "cases.id"], name=op.f("fk_deliveries_cases")
        ),
        sa.ForeignKeyConstraint(
            ["workspace"], ["workspaces.id"], name=op.f("fk_deliveries_workspaces")
        ),
        sa.PrimaryKeyConstraint("workspace", "key", name=op.f("pk_deliveries")),
    )
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.create_index(
            "ix_deliveries_cards",
            ["workspace", "ts"],
            unique=False,
            sqlite_where=sa.text("kind = 'card'"),
            postgresql_where=sa.text("kind = 'card'"),
        )
        batch_op.create_index(
            "ix_deliveries_due",
            ["workspace", "due_at"],
            unique=False,
            sqlite_where=sa.text("due_at IS NOT NULL"),
            postgresql_where=sa.text("due_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_deliveries_in_their_lanes",
            ["workspace", "lane", "owed_at", "case", "event", "key"],
            unique=False,
            sqlite_where=sa.text("due_at IS NOT NULL"),
            postgresql_where=sa.text("due_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_deliveries_in_trouble",
            ["workspace", "state", "channel"],
            unique=False,
            sqlite_where=sa.text("state = 'refused' OR state = 'unreachable' OR state = 'held'"),
            postgresql_where=sa.text(
                "state = 'refused' OR state = 'unreachable' OR state = 'held'"
            ),
        )
        batch_op.create_index("ix_deliveries_parts", ["workspace", "about"], unique=False)
        batch_op.create_index(
            "ix_deliveries_to_sweep",
            ["sweep_at"],
            unique=False,
            sqlite_where=sa.text("sweep_at IS NOT NULL"),
            postgresql_where=sa.text("sweep_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_deliveries_unproven",
            ["workspace"],
            unique=False,
            sqlite_where=sa.text("state = 'sent' AND ts IS NULL AND kind != 'home'"),
            postgresql_where=sa.text("state = 'sent' AND ts IS NULL AND kind != 'home'"),
        )
        batch_op.create_index(
            batch_op.f("ix_deliveries_workspace_case_event"),
            ["workspace", "case", "event"],
            unique=False,
        )

    op.create_table(
        "events",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("case", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("by", sa.String(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("clocks", sa.String(), nullable=False),
        sa.Column("steps", sa.Text(), nullable=False),
        sa.Column("on", sa.String(), nullable=True),
        sa.Column("resume_by", Instant(), nullable=True),
        sa.Column("to", sa.String(), nullable=True),
        sa.Column("over", sa.String(), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("goodwill", sa.Integer(), nullable=False),
        sa.Column("stages", sa.String(), nullable=False),
        sa.Column("task", sa.Integer(), nullable=True),
        sa.Column("next_step", sa.Text(), nullable=False),
        sa.Column("other", sa.Integer(), nullable=True),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("whom", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace", "case"], ["cases.workspace", "cases.id"], name=op.f("fk_events_cases")
        ),
        sa.PrimaryKeyConstraint("workspace", "case", "number", name=op.f("pk_events")),
        info={"append_only": True},
    )
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_events_workspace_at"), ["workspace", "at"], unique=False
        )

    op.create_table(
        "tasks",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("case", sa.Integer(), nullable=False),
        sa.Column("event", sa.Integer(), nullable=False),
        sa.Column("department", sa.String(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.String(), nullable=True),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.Column("reminded_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace", "case"], ["cases.workspace", "cases.id"], name=op.f("fk_tasks_cases")
        ),
        sa.PrimaryKeyConstraint("workspace", "case", "event", name=op.f("pk_tasks")),
    )
    refuse_changes(op.get_bind(), "audit")
    refuse_changes(op.get_bind(), "events")


def downgrade() -> None:
    op.drop_table("tasks")
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_events_workspace_at"))

    op.drop_table("events")
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deliveries_workspace_case_event"))
        batch_op.drop_index(
            "ix_deliveries_unproven",
            sqlite_where=sa.text("state = 'sent' AND ts IS NULL AND kind != 'home'"),
            postgresql_where=sa.text("state = 'sent' AND ts IS NULL AND kind != 'home'"),
        )
        batch_op.drop_index(
            "ix_deliveries_to_sweep",
            sqlite_where=sa.text("sweep_at IS NOT NULL"),
            postgresql_where=sa.text("sweep_at IS NOT NULL"),
        )
        batch_op.drop_index("ix_deliveries_parts")
        batch_op.drop_index(
            "ix_deliveries_in_trouble",
            sqlite_where=sa.text("state = 'refused' OR state = 'unreachable' OR state = 'held'"),
            postgresql_where=sa.text(
                "state = 'refused' OR state = 'unreachable' OR state = 'held'"
            ),
        )
        batch_op.drop_index(
            "ix_deliveries_in_their_lanes",
            sqlite_where=sa.text("due_at IS NOT NULL"),
            postgresql_where=sa.text("due_at IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_deliveries_due",
            sqlite_where=sa.text("due_at IS NOT NULL"),
            postgresql_where=sa.text("due_at IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_deliveries_cards",
            sqlite_where=sa.text("kind = 'card'"),
            postgresql_where=sa.text("kind = 'card'"),
        )

    op.drop_table("deliveries")
    with op.batch_alter_table("clocks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_clocks_workspace_due_at"))
        batch_op.drop_index(
            "ix_clocks_running",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.drop_table("clocks")
    op.drop_table("revisions")
    op.drop_table("digests")
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cases_workspace_team_id_status"))
        batch_op.drop_index(batch_op.f("ix_cases_workspace_reporter_status"))
        batch_op.drop_index(batch_op.f("ix_cases_workspace_owner_status"))
        batch_op.drop_index(batch_op.f("ix_cases_workspace_customer_key_team_id_id"))
        batch_op.drop_index(
            "ix_cases_unwatched",
            sqlite_where=sa.text(
                "next_check_at IS NULL AND status != 'declined' AND status != 'merged' AND status != 'resolved'"
            ),
            postgresql_where=sa.text(
                "next_check_at IS NULL AND status != 'declined' AND status != 'merged' AND status != 'resolved'"
            ),
        )
        batch_op.drop_index("ix_cases_over")
        batch_op.drop_index("ix_cases_lately")
        batch_op.drop_index("ix_cases_due")

    op.drop_table("cases")
    with op.batch_alter_table("teams", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_teams_next_digest_at"))

    op.drop_table("teams")
    op.drop_table("people")
    op.drop_table("outlets")
    with op.batch_alter_table("nonces", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_nonces_seen_at"))

    op.drop_table("nonces")
    op.drop_table("lanes")
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inbox_seen_at"))

    op.drop_table("inbox")
    with op.batch_alter_table("group_members", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_group_members_workspace_member"))

    op.drop_table("group_members")
    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_findings_over_at"))

    op.drop_table("findings")
    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_drafts_kept_at"))

    op.drop_table("drafts")
    op.drop_table("customers")
    op.drop_table("audit_heads")
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_workspace_case"))

    op.drop_table("audit")
    op.drop_table("workspaces")
