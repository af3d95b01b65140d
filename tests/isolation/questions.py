"""From expectations to probes: for every protected table and everybody, what to ask and what is right."""

import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import asyncpg

from tests.isolation.people import ANONYMOUS, IDENTITIES
from tests.isolation.probing import REFUSED, Probe, Voice
from tests.isolation.scene import Scene

AT_WORK = ("kim_worker", "kim_reporting", "kim_owner", "kim_auth")
KEYS = {
    "authority_figures": "institution_id", "positions": "unit_id", "populations": "stated_on",
    "obstacle_decisions": "decided_on",
    **dict.fromkeys(("state_export_persons", "state_export_pseudonyms"), "export_id"),
    "contact_drafts": "changed_at", "client_merge_moves": "merge_id",
    "idempotency_keys": "created_at", "assignments": "user_id", "memberships": "user_id",
    "barrier_figures": "person_key", "ledger": "key", "published_tables": "release_id",
    "release_tables": "release_id", "release_cells": "release_id",
    "council_citations": "question_id", "audit_journal": "position", "notifications": "created_at",
    "tombstones": "removed_at", "accounts": "created_at",
    "refresh_tokens": "session_id", "login_throttles": "failures", "used_proofs": "expires_at",
}  # fmt: skip
"""What tells a row from others of its area, where it is not `id` or `id` is not granted to everybody."""

KEYS_OF_ROLES = {
    ("kim_worker", "obstacle_measures"): "obstacle_id", ("kim_reporting", "obstacle_measures"): "created_at",
}  # fmt: skip
"""Where nothing that tells rows apart is granted to all."""

SECRETS = {
    "accounts": "id = '{account}'",
    "sessions": "id = '{session}'",
    "refresh_tokens": "session_id = '{session}'",
    "login_throttles": "key_sha256 = decode(repeat('6b', 32), 'hex')",
    "used_proofs": "proof_sha256 = decode(repeat('6b', 32), 'hex')",
}
"""Tables that belong to the definer functions alone, and the row of the scene in each."""

COPIED = {
    "pathways": "id = '{pathway}'", "school_entries": "id = '{school_entry}'",
    "pathway_requirements": "pathway_id = '{pathway}'", "pathway_steps": "pathway_id = '{pathway}'",
    "school_entry_steps": "school_entry_id = '{school_entry}'",
    "inquiry_contents": "id = '{inquiry}'", "client_merges": "id = '{merge}'",
    "processing_restrictions": "id = '{restriction}'", "barrier_figures": "NOT is_held",
    "guardians": "id = '{legal_adviser}'", "disputes": "id = '{dispute}'",
    "household_members": "id = '{member}'", "consent_guardians": "id = '{named_guardian}'",
    "consent_signatures": "id = '{signature}'",
    "barrier_persons": "client_id = '{client}'", "barrier_proposals": "id = '{proposal}'",
    "consents": "client_id = '{client}' AND case_id IS NULL", "assignments": "case_id = '{case}'",
    "cases": "id = '{case}'", "clients": "id = '{client}'", "case_contents": "id = '{case}'",
    "documents": "id = '{document}'", "case_transfers": "id = '{transfer}'",
    "duties": "id = '{duty}'", "duty_packages": "id = '{duty}'",
    "child_protections": "id = '{child_protection}'",
    "child_protection_steps": "child_protection_id = '{child_protection}'",
    "transfer_packages": "id = '{transfer}'", "transfer_offers": "id = '{incoming}'",
    "received_packages": "id = '{incoming}'", "inquiries": "id = '{inquiry}'",
    "incoming_referrals": "id = '{referred}'", "received_data": "id = '{referred}'",
    "incoming_messages": "side = 'unit'", "incoming_receipts": "id = '{received}'",
    "state_exports": "id = '{state_file}'",
    "releases": "id = '{requested_release}'", "memberships": "id = '{membership}'",
    "referrals": "id = '{referral}'",
    "referral_requests": "id = '{referral}'", "referral_packages": "id = '{referral}'",
    "observations": "id = '{observation}'", "partner_barriers": "id = '{partner_barrier}'",
    "referral_recalls": "id = '{referral}'", "referral_events": "referral_id = '{referral}'",
    "referral_receipts": "referral_id = '{referral}'",
    "council_questions": "id = '{council_draft}'", "council_citations": "question_id = '{council_draft}'",
    "referral_messages": "id = '{said}'", "referral_attachments": "id = '{attachment}'",
}  # fmt: skip
"""The row of the scene that an insertion copies, where it is not simply one of the case."""


@dataclass
class Questions:
    """The scene and the catalogue, from which probes are made; `probes` by table."""

    scene: Scene
    columns: dict[str, list[str]] = field(default_factory=dict)
    granted: set[tuple[str, str, str, str]] = field(default_factory=set)
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    probes: dict[str, list[Probe]] = field(default_factory=dict)

    @property
    def admin(self) -> asyncpg.Connection:
        return self.scene.world.admin

    async def read_catalogue(self) -> None:
        """Read which tables are protected, their columns, the grants on them, and a row of each."""
        for row in await self.admin.fetch(
            """SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum) AS columns
            FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                AND a.attidentity <> 'a' AND a.attgenerated = ''
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
                AND c.relname <> 'alembic_version'
                AND (c.relrowsecurity OR EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid))
            GROUP BY c.relname ORDER BY c.relname"""
        ):
            self.columns[row["relname"]] = list(row["columns"])
            self.rows[row["relname"]] = await self._row(row["relname"])
        for row in await self.admin.fetch(
            """SELECT grantee, table_name, column_name, privilege_type
            FROM information_schema.column_privileges WHERE table_schema = 'public'"""
        ):
            self.granted.add(tuple(row))

    async def _row(self, table: str) -> dict[str, Any]:
        found = await self.admin.fetchval(
            f"SELECT to_jsonb(t) FROM {table} t WHERE {self.filled(self._copied(table))} LIMIT 1"
        )
        return dict(json.loads(found)) if found else {}

    def _copied(self, table: str) -> str:
        if table in SECRETS:
            return SECRETS[table]
        of_area = f"municipal_area_id = '{self.scene.world.area}'"
        if table in COPIED:
            return f"{of_area} AND {COPIED[table]}"
        return f"{of_area} AND case_id = '{{case}}'" if "case_id" in self.columns[table] else of_area

    def voices(self) -> list[Voice]:
        """Return everybody who can ask: the people, nobody, and the roles without a person."""
        people, area = self.scene.people, self.scene.world.area
        return [
            *(
                Voice(
                    each, "kim_app", people[each].area, people[each].session_id, " ".join(people[each].roles)
                )
                for each in IDENTITIES
                if each != ANONYMOUS
            ),
            Voice(ANONYMOUS, "kim_app"),
            *(Voice(role, role, area) for role in AT_WORK),
        ]

    def filled(self, condition: str, voice: Voice | None = None) -> str:
        """Fill the names of the scene and of the asking person into a condition."""
        person = self.scene.people.get(voice.name) if voice else None
        nobody = UUID(int=0)
        return condition.format(
            **self.scene.ids,
            account=self.scene.people["lead"].account_id,
            me=person.user_id if person else nobody,
            place=person.place_id if person else nobody,
        )

    def may(self, role: str, table: str, privilege: str, column: str) -> bool:
        """Return whether a role is granted something on a column."""
        return (role, table, column, privilege) in self.granted

    def of_the_scene(self, table: str) -> str:
        """Return the condition for the rows of the scene and of its mirror."""
        if table in SECRETS:
            return self.filled(SECRETS[table])
        return f"municipal_area_id IN ('{self.scene.world.area}', '{self.scene.mirror}')"

    async def keys(self, table: str, condition: str, voice: Voice) -> str:
        """Return the rows that meet a condition, as a reading probe would name them."""
        return (
            await self.admin.fetchval(f"{self.reading(table, voice)} WHERE {self.filled(condition, voice)}")
            or ""
        )

    async def count(self, table: str, condition: str, voice: Voice) -> str:
        """Return how many rows meet a condition."""
        found = await self.admin.fetchval(
            f"SELECT count(*) FROM {table} WHERE {self.filled(condition, voice)}"
        )
        return str(found)

    def reading(self, table: str, voice: Voice) -> str:
        """Return the statement that names the rows in sight."""
        usual = KEYS.get("audit_journal" if table.startswith("audit_journal") else table, "id")
        key = f"{KEYS_OF_ROLES.get((voice.role, table), usual)}::text"
        if table not in SECRETS:
            key = f"municipal_area_id || ':' || {key}"
        return f"SELECT string_agg({key}, ' ' ORDER BY {key}) FROM {table}"

    def put(self, table: str, what: str, voice: Voice, sql: str, right: str | None) -> None:
        """Remember a probe; no right answer means that it is refused."""
        self.probes.setdefault(table, []).append(
            Probe(table, what, voice, self.filled(sql, voice), REFUSED if right is None else right)
        )
