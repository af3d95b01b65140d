"""What the worker, the clock or months of work would bring, laid behind the API; and the mirror."""

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import asyncpg

from tests.isolation.mirror import copy_to_mirror
from tests.isolation.of_state_exports import NAMES as STATE_EXPORTS
from tests.isolation.of_state_exports import state_export_rows
from tests.isolation.rows_let_through import let_through
from tests.isolation.rows_of_consent import rows_of_consent
from tests.isolation.rows_of_hearing import hearing_rows
from tests.isolation.rows_of_joining import joining_rows
from tests.isolation.rows_of_obstacles import obstacle_rows
from tests.isolation.rows_of_release import release_rows
from tests.isolation.rows_of_thread import thread_rows
from tests.isolation.rows_of_webhook import webhook_rows

if TYPE_CHECKING:
    from tests.isolation.scene import Scene

OTHER = str(uuid4())
AT = datetime(2026, 4, 6, tzinfo=UTC)


async def lay(scene: "Scene") -> None:
    """Lay what is missing for one row in every table, and copy all of it to the mirror."""
    admin = scene.world.admin
    names = (
        "proposal", "notification", "release", "requested_release", "access_review", "member_pathway",
        "member_entry", "hidden_member", "hidden_guardian", "hidden_dispute", "hidden_proposal",
        "named_guardian", "hidden_name", "signature", "hidden_signature",
         "merge", "distinct", "restriction", "domain_change",
        "domain_change_item", "import", "duty", "decided_duty", "child_protection", "member_protection",
        "child_referral",
        "deadline", "withdrawal", "webhook", "webhook_delivery", "said", "asked", "attachment", "invitation",
        "partner_deputyship", "checked_obstacle", "effect_check", "population", "contract",
        "council_question", "council_draft", "hearing", "past_hearing", *STATE_EXPORTS,
    )  # fmt: skip
    for name in names:
        scene.ids[name] = str(uuid4())
    async with admin.transaction():
        await admin.execute("SET LOCAL session_replication_role = replica")
        for table, rows in _missing(scene).items():
            for row in rows:
                await insert(admin, table, {"municipal_area_id": scene.world.area, **row})
        await copy_to_mirror(scene)
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
    return {
        **let_through(ids, people, AT, OTHER),
        **obstacle_rows(ids, people, AT),
        **release_rows(ids, people, AT),
        **state_export_rows(ids, people, AT),
        "barrier_proposals": [
            {"id": ids["proposal"], "case_id": ids["case"], "referral_id": ids["referral"], "state": "open",
             "institution_id": ids["institution"], "barrier_type": "C9", "outcome": "no_capacity",
             "proposed_at": AT, "version": 1, "created_at": AT, "changed_at": AT, "changed_xid": 1},
            {"id": ids["hidden_proposal"], "case_id": ids["case"], "school_entry_id": ids["member_entry"],
             "state": "open", "barrier_type": "C9", "outcome": "waiting_too_long",
             "proposed_at": AT, "version": 1, "created_at": AT, "changed_at": AT, "changed_xid": 1},
        ],
        # Somebody of the household whom only others see, and what is known of them here.
        "household_members": [
            {"id": ids["hidden_member"], "client_id": ids["client"], "relation": "spouse",
             "member_client_id": ids["restricted_client"], "is_kept_apart": False, "version": 1,
             "created_at": AT, "changed_at": AT, "changed_xid": 1},
        ],
        "guardians": [
            {"id": ids["hidden_guardian"], "client_id": ids["client"], "kind": "guardian",
             "member_id": ids["hidden_member"], "reachable": "Haus Zuflucht", "scope": ["custody"],
             "evidence": "x", "is_joint": False, "must_not_learn": False, "version": 1,
             "created_at": AT, "changed_at": AT, "changed_xid": 1},
        ],
        "disputes": [
            {"id": ids["hidden_dispute"], "client_id": ids["client"], "entry": "household",
             "entry_ids": [ids["hidden_member"]], "member_client_id": ids["restricted_client"],
             "says": "Wohnt nicht im Haus Zuflucht", "disputed_by": "client", "disputed_on": AT.date(),
             "recorded_by": people["lead"].user_id, "version": 1, "created_at": AT, "changed_at": AT,
             "changed_xid": 1},
        ],
        "barrier_persons": [
            {"id": uuid4(), "report_id": ids["report"], "case_id": ids["case"],
             "client_id": ids["restricted_client"]},
        ],
        **rows_of_consent(ids, people["lead"].user_id),
        # Received: for the team of the case that was made of it, no longer for who was named.
        "transfer_offers": [
            {"id": OTHER, "unit_id": ids["unit"], "sending_area_id": scene.far.area,
             "sending_unit_id": ids["far_unit"], "sending_unit_name": "KI", "reason": "moved",
             "urgency": "normal", "data_categories": ["master_data"], "state": "received", "offered_at": AT,
             "deadline_at": AT, "accepted_at": AT, "accepted_by": people["team_lead"].user_id,
             "case_manager_id": people["colleague"].user_id, "ended_at": AT, "version": 1, "created_at": AT,
             "changed_at": AT, "changed_xid": 1},
        ],
        "received_packages": [
            {"id": OTHER, "unit_id": ids["unit"], "case_manager_id": people["colleague"].user_id,
             "case_id": ids["case"], "content": "{}", "sha256": "0" * 64, "frozen_at": AT},
        ],
        "named_members": [
            {"id": uuid4(), "member_client_id": ids["restricted_client"], "referral_id": ids["referral"]},
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
        # Announced, so that rows can still be staged; of the lead, like its row and what came of one.
        "imports": [
            {"id": ids["import"], "user_id": people["lead"].user_id, "unit_id": ids["unit"],
             "kind": "clients", "state": "announced", "mapping": {"columns": {}}, "skip_bad": False,
             "created_at": AT},
        ],
        "import_rows": [
            {"id": uuid4(), "import_id": ids["import"], "number": 2, "state": "duplicate", "mark": "key.x",
             "findings": [], "duplicates": [ids["client"]], "content": {}},
        ],
        "import_effects": [
            {"id": uuid4(), "import_id": ids["import"], "user_id": people["lead"].user_id,
             "unit_id": ids["unit"], "kind": "cases", "mark": "key.y", "object_id": ids["case"],
             "client_id": ids["client"], "case_id": ids["case"], "is_linked": False, "version": 1,
             "row_number": 2},
        ],
        # Of what was sent over the platform, and of what was not.
        "referral_recalls": [
            {"id": ids[of], "institution_id": ids["institution"], "client_pseudonym": ids["pseudonym"],
             "is_on_platform": of == "referral", "reason": "consent_withdrawn", "asked_at": AT, "due_at": AT,
             "version": 1, "created_at": AT, "changed_at": AT, "changed_xid": 1}
            for of in ("referral", "draft")
        ],
        "referral_deadlines": [
            {"id": ids["deadline"], "institution_type": "jobcenter", "answer_days": 10, "reminder_days": [3],
             "changed_by": people["admin"].user_id, "version": 1, "created_at": AT, "changed_at": AT,
             "changed_xid": 1},
        ],
        "told_withdrawals": [
            {"id": uuid4(), "client_id": ids["client"], "purpose": "interpreting", "only_this": False,
             "told_at": "2000-01-01", "taken_at": AT},
        ],
        "unplaced_withdrawals": [
            {"id": ids["withdrawal"], "unit_id": ids["unit"], "given_name": "Selma", "family_name": "Ostrow",
             "birth_date": "1980-01-01", "channel": "in_person", "told_at": AT, "taken_at": AT,
             "taken_by": people["colleague"].user_id, "version": 1, "created_at": AT, "changed_at": AT,
             "changed_xid": 1},
        ],
        "notifications": [
            {"id": ids["notification"], "user_id": people["lead"].user_id, "kind": "referral_answered",
             "object_type": "referral", "object_id": ids["referral"], "created_at": AT},
        ],
        **webhook_rows(ids, people["partner"].user_id), **thread_rows(ids), **joining_rows(ids, people),
        **hearing_rows(ids, people), **let_through(ids, people, AT, OTHER),
        "tombstones": [
            {"id": uuid4(), "kind": "task", "object_id": uuid4(), "case_id": case, "client_id": client,
             "member_client_id": member, "user_id": user, "removed_at": AT + timedelta(days=day),
             "changed_xid": 1}
            for day, (case, client, user, member) in enumerate((
                (ids["case"], None, None, None), (ids["restricted_case"], None, None, None),
                (None, ids["client"], None, None), (None, ids["restricted_client"], None, None),
                (None, None, people["lead"].user_id, None),
                (None, ids["client"], None, ids["restricted_client"]),
            ))
        ],
        "partner_allowances": [
            {"id": ids["partner_system"], "requests_left": 5999, "counted_at": AT, "last_used_at": AT},
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
    }  # fmt: skip


async def _secrets(scene: "Scene") -> None:
    admin = scene.world.admin
    await admin.execute(
        """INSERT INTO refresh_tokens (token_sha256, session_id, expires_at)
        VALUES ($1, $2, now() + interval '1 h')""",
        b"t" * 32, UUID(scene.ids["session"]),
    )  # fmt: skip
    await admin.execute(
        "INSERT INTO login_throttles (key_sha256, failures, last_failure_at) VALUES ($1, 1, now())", b"k" * 32
    )
    await admin.execute("INSERT INTO used_proofs VALUES ($1, now() + interval '1 h')", b"k" * 32)
