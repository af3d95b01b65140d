"""What the worker, the clock or months of work would bring, laid behind the API; and the mirror."""

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import asyncpg

if TYPE_CHECKING:
    from tests.isolation.scene import Scene

OTHER = str(uuid4())
AT = datetime(2026, 4, 6, tzinfo=UTC)
NOT_MIRRORED = {"sessions", "calendar_feeds", "published_releases", "published_tables"}
"""A partition, whose rows are the journal's; what has ids of its own everywhere."""


async def lay(scene: "Scene") -> None:
    """Lay what is missing for one row in every table, and copy all of it to the mirror."""
    admin = scene.world.admin
    names = (
        "proposal", "notification", "release", "requested_release", "access_review", "member_pathway",
        "member_entry", "merge", "distinct", "restriction", "domain_change", "domain_change_item",
    )  # fmt: skip
    for name in names:
        scene.ids[name] = str(uuid4())
    async with admin.transaction():
        await admin.execute("SET LOCAL session_replication_role = replica")
        for table, rows in _missing(scene).items():
            for row in rows:
                await insert(admin, table, {"municipal_area_id": scene.world.area, **row})
        await _mirror(scene)
        await _calendar_of_the_mirror(scene)
        for table in ("published_releases", "published_tables"):
            for row in _missing(scene)[table]:
                other = {**row, "municipal_area_id": scene.mirror, "id": OTHER, "release_id": OTHER}
                await insert(admin, table, {name: other[name] for name in ("municipal_area_id", *row)})
        await _secrets(scene)


async def insert(admin: asyncpg.Connection, table: str, row: dict[str, Any]) -> None:
    """Insert one row; what is not named takes its default."""
    columns = ", ".join(row)
    await admin.execute(
        f"""INSERT INTO {table} ({columns})
        SELECT {columns} FROM jsonb_populate_record(NULL::{table}, $1)""",
        json.dumps(row, default=str),
    )


def _missing(scene: "Scene") -> dict[str, list[dict[str, Any]]]:
    ids, people = scene.ids, scene.people
    release = {"release_id": ids["release"], "name": "categories_by_quarter"}
    texts = {"json_de": "{}", "json_en": "{}", "csv_de": "", "csv_en": ""}
    content = {"content_de": "{}", "content_en": "{}", "sha256": "0" * 64}
    times = {"requested_at": AT, "computed_at": AT, "published_at": AT}
    by = {"requested_by": people["coordinator"].user_id, "published_by": uuid4()}
    return {
        "barrier_proposals": [
            {"id": ids["proposal"], "case_id": ids["case"], "referral_id": ids["referral"], "state": "open",
             "institution_id": ids["institution"], "barrier_type": "C9", "outcome": "no_capacity",
             "proposed_at": AT, "version": 1, "created_at": AT, "changed_at": AT, "changed_xid": 1},
        ],
        "case_handovers": [
            {"id": uuid4(), "case_id": ids["case"], "at": AT, "from_user_id": people["colleague"].user_id,
             "to_user_id": people["lead"].user_id, "assigned_by": people["team_lead"].user_id},
        ],
        # Of a member whom only others see: hidden from the team of this case.
        "pathways": [
            {"id": ids["member_pathway"], "case_id": ids["case"], "pathway": "stay_young",
             "state": "preparing", "law_version": "AufenthG25a-2022", "relation": "child",
             "member_client_id": ids["restricted_client"],
             "started_by": people["lead"].user_id, "version": 1, "created_at": AT,
             "changed_at": AT, "changed_xid": 1},
        ],
        "pathway_requirements": [
            {"id": uuid4(), "pathway_id": ids["member_pathway"], "case_id": ids["case"],
             "requirement": "school", "state": "open"},
        ],
        "pathway_steps": [
            {"id": uuid4(), "pathway_id": ids["member_pathway"], "case_id": ids["case"], "at": AT,
             "step": "start", "target": "preparing", "user_id": people["lead"].user_id},
        ],
        "school_entry_steps": [
            {"id": uuid4(), "school_entry_id": ids["member_entry"], "case_id": ids["case"], "at": AT,
             "step": "register", "target": "registered", "happened_on": AT.date(),
             "user_id": people["lead"].user_id},
        ],
        "school_entries": [
            {"id": ids["member_entry"], "case_id": ids["case"], "stage": "primary", "state": "registered",
             "member_client_id": ids["restricted_client"], "relation": "child",
             "registered_on": AT.date(), "waiting_since": AT.date(), "created_by": people["lead"].user_id,
             "version": 1, "created_at": AT, "changed_at": AT, "changed_xid": 1},
        ],
        "notifications": [
            {"id": ids["notification"], "user_id": people["lead"].user_id, "kind": "referral_answered",
             "object_type": "referral", "object_id": ids["referral"], "created_at": AT},
        ],
        "tombstones": [
            {"id": uuid4(), "kind": "task", "object_id": uuid4(), "case_id": case, "client_id": client,
             "user_id": user, "removed_at": AT + timedelta(days=day), "changed_xid": 1}
            for day, (case, client, user) in enumerate((
                (ids["case"], None, None), (ids["restricted_case"], None, None), (None, ids["client"], None),
                (None, ids["restricted_client"], None), (None, None, people["lead"].user_id),
            ))
        ],
        "access_reviews": [
            {"id": id_, "kind": "vital_interest", "object_id": uuid4(), "case_id": ids["case"],
             "client_pseudonym": ids["pseudonym"], "unit_id": ids["unit"], "is_restricted": restricted,
             "acted_by": people["lead"].user_id, "acted_at": AT, "due_at": AT, "version": 1,
             "created_at": AT, "changed_at": AT, "changed_xid": 1}
            for id_, restricted in ((ids["access_review"], False), (OTHER, True))
        ],
        "documents": [
            {"id": uuid4(), "client_id": ids["client"], "case_id": ids["case"], "title": "Arztbrief",
             "category": "consent", "dated_on": AT, "source": "upload", "kind": "pdf", "size_bytes": 9,
             "sha256": "0" * 64, "is_scanned": False, "is_evidence": True, "blob_id": uuid4(),
             "sealed_key": "v1.key.x", "created_by": people["lead"].user_id, "version": 1, "created_at": AT,
             "changed_at": AT, "changed_xid": 1},
        ],
        # Of a period, so that the person as a whole can be worked with; and one that only a consent lifts.
        "processing_restrictions": [
            {"id": ids["restriction"], "client_id": ids["client"], "entry": "schooling",
             "ground": "objection", "entry_id": uuid4(), "asked_by": "client", "restricted_at": AT,
             "recorded_by": people["lead"].user_id},
            {"id": OTHER, "client_id": ids["client"], "entry": "schooling", "ground": "consent_withdrawn",
             "entry_id": uuid4(), "restricted_at": AT, "recorded_by": people["lead"].user_id},
        ],
        "domain_changes": [
            {"id": ids["domain_change"], "case_id": ids["case"], "before": "ASYLBLG", "after": "SGB_II",
             "changed_on": AT.date(), "days_without": 3, "between_domains": True, "opened_at": AT},
        ],
        "domain_change_items": [
            {"id": ids["domain_change_item"], "case_id": ids["case"],
             "domain_change_id": ids["domain_change"], "position": 0, "checklist_version": "1",
             "code": "account", "side": "missing", "label_de": "x", "label_en": "x",
             "source": "x", "state": "open", "version": 1, "created_at": AT,
             "changed_at": AT, "changed_xid": 1},
        ],
        "processing_uses": [
            {"id": uuid4(), "client_id": ids["client"], "purpose": "consent", "reason": "x",
             "used_by": people["lead"].user_id, "used_at": AT, "allowed_until": AT},
        ],
        # Of somebody whose data are only kept: in no figure.
        "barrier_figures": [
            {"id": OTHER, "report_id": ids["report"], "reported_on": AT.date(), "year": 2026,
             "quarter": "2026Q2", "person_key": uuid4(), "household_key": uuid4(),
             "contributor_id": people["lead"].user_id, "unit_id": ids["unit"], "barrier_type": "B1",
             "barrier_category": "B", "is_sensitive": False, "effect": "benefit_gap",
             "residence_group": "x", "nationality_group": "x", "sex": "x", "is_held": True},
        ],
        # One that was undone, and one that can be.
        "client_merges": [
            {"id": id_, "client_id": ids["client"], "merged_client_id": other, "merged_pseudonym": uuid4(),
             "reason": "x", "taken": [], "merged_by": people["lead"].user_id, "merged_at": AT,
             "undo_until": AT, "client_was_restricted": False, "merged_was_restricted": False, "stayed": [],
             **ended}
            for id_, other, ended in (
                (ids["merge"], ids["twin"], {"undone_at": AT, "undone_by": people["lead"].user_id}),
                (OTHER, OTHER, {"changes": {}}),
            )
        ],
        "client_merge_moves": [
            {"id": uuid4(), "merge_id": OTHER, "how": "moved", "table_name": "addresses", "row_id": OTHER,
             "column_name": "client_id", "before": {"client_id": OTHER}, "after": ids["client"]},
        ],
        "distinct_clients": [
            {"id": ids["distinct"], "client_id": ids["client"], "other_client_id": ids["twin"], "reason": "x",
             "decided_by": people["lead"].user_id, "decided_at": AT},
        ],
        "duplicate_checks": [
            {"id": uuid4(), "user_id": people["lead"].user_id, "is_registration": False,
             "checked_at": AT, "sought_forms": ["amina|amina|amn|v"], "found_elsewhere": [uuid4()]},
        ],
        "releases": [
            {"id": ids["release"], "quarter": "2025Q4", "state": "published", "version": 1, "created_at": AT,
             "changed_at": AT, "changed_xid": 1, **content, **times, **by},
            {"id": ids["requested_release"], "quarter": "2026Q1", "state": "requested", "version": 1,
             "requested_by": people["coordinator"].user_id, "requested_at": AT, "created_at": AT,
             "changed_at": AT, "changed_xid": 1},
        ],
        "release_cells": [
            {"release_id": ids["release"], "table_name": "t", "position": 1, "key": "k", "codes": ["C"],
             "status": "published", "value": 9, "persons_status": "published", "persons": 9},
        ],
        "release_tables": [{**release, "is_public": True, **texts}],
        "ledger": [{"year": 2025, "key": "k", "release_id": ids["release"], "value": 9, "persons": 9}],
        "published_releases": [
            {"id": ids["release"], "quarter": "2025Q4", "version": 1, **content, **times},
        ],
        "published_tables": [{**release, **texts}],
    }  # fmt: skip


async def _mirror(scene: "Scene") -> None:
    """Copy every row of the area into another area, ids and all."""
    admin, world = scene.world.admin, scene.world
    await admin.execute("INSERT INTO municipal_areas (id, name, kind) VALUES ($1, $1, 'kreis')", scene.mirror)
    for table, columns in await _tables_of_areas(admin):
        names = ", ".join(f'"{column}"' for column in columns)
        await admin.execute(
            f"""INSERT INTO {table} (municipal_area_id, {names})
            SELECT $2, {names} FROM {table} WHERE municipal_area_id = $1""",
            world.area,
            scene.mirror,
        )


async def _calendar_of_the_mirror(scene: "Scene") -> None:
    """Copy the calendar address without its secret, which is one everywhere."""
    await scene.world.admin.execute(
        """INSERT INTO calendar_feeds (municipal_area_id, id, user_id, secret_sha256, created_at)
        SELECT $2, id, user_id, 'of the mirror', created_at
        FROM calendar_feeds WHERE municipal_area_id = $1""",
        scene.world.area,
        scene.mirror,
    )


async def _tables_of_areas(admin: asyncpg.Connection) -> list[tuple[str, list[str]]]:
    rows = await admin.fetch(
        """SELECT c.table_name, array_agg(c.column_name::text) AS columns
        FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
        WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.is_identity = 'NO'
            AND c.is_generated = 'NEVER' AND c.column_name <> 'municipal_area_id'
            AND EXISTS (SELECT FROM information_schema.columns a WHERE a.table_schema = 'public'
                AND a.table_name = c.table_name AND a.column_name = 'municipal_area_id')
            AND c.table_name IN (SELECT relname FROM pg_class WHERE NOT relispartition)
        GROUP BY c.table_name ORDER BY c.table_name"""
    )
    return [
        (row["table_name"], list(row["columns"])) for row in rows if row["table_name"] not in NOT_MIRRORED
    ]


async def _secrets(scene: "Scene") -> None:
    admin = scene.world.admin
    await admin.execute(
        """INSERT INTO refresh_tokens (token_sha256, session_id, expires_at)
        VALUES ($1, $2, now() + interval '1 h')""",
        b"t" * 32,
        UUID(scene.ids["session"]),
    )
    await admin.execute(
        "INSERT INTO login_throttles (key_sha256, failures, last_failure_at) VALUES ($1, 1, now())", b"k" * 32
    )
