"""Whether anything hangs on what an import made.

Who undoes is the only one who was ever assigned (the definer functions ask), so they see all of it.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from app.access.context import Context
from app.imports.rules import CASES, CLIENTS, CONTACTS, HOUSEHOLDS

HANGING: Mapping[str, tuple[tuple[str, str], ...]] = {
    CLIENTS: (
        ("cases", "client_id"),
        ("child_protections", "member_client_id"),
        ("client_merges", "client_id"),
        ("clients", "merged_into"),
        ("consent_guardians", "member_client_id"),
        ("consents", "client_id"),
        ("disputes", "client_id"),
        ("disputes", "member_client_id"),
        ("distinct_clients", "client_id"),
        ("distinct_clients", "other_client_id"),
        ("documents", "client_id"),
        ("guardians", "client_id"),
        ("household_members", "client_id"),
        ("household_members", "member_client_id"),
        ("incoming_receipts", "client_id"),
        ("official_numbers", "client_id"),
        ("pathways", "member_client_id"),
        ("processing_restrictions", "client_id"),
        ("processing_uses", "client_id"),
        ("referrals", "client_id"),
        ("school_entries", "member_client_id"),
    ),
    CASES: (
        ("assessments", "case_id"),
        ("barrier_proposals", "case_id"),
        ("barrier_reports", "case_id"),
        ("case_handovers", "case_id"),
        ("case_linkings", "case_id"),
        ("case_transfers", "case_id"),
        ("child_protections", "case_id"),
        ("conferences", "case_id"),
        ("consents", "case_id"),
        ("contact_drafts", "case_id"),
        ("contacts", "case_id"),
        ("documents", "case_id"),
        ("domain_changes", "case_id"),
        ("duties", "case_id"),
        ("goals", "case_id"),
        ("incoming_receipts", "case_id"),
        ("inquiry_contents", "case_id"),
        ("interpretings", "case_id"),
        ("measures", "case_id"),
        ("observation_sources", "case_id"),
        ("pathways", "case_id"),
        ("plan_changes", "case_id"),
        ("received_packages", "case_id"),
        ("referrals", "case_id"),
        ("school_entries", "case_id"),
        ("task_series", "case_id"),
        ("tasks", "case_id"),
    ),
    CONTACTS: (("contacts", "corrected_by_id"), ("interpretings", "contact_id")),
    HOUSEHOLDS: (("guardians", "member_id"),),
}
"""Table and column: what points at a client, case, contact or member of a household and is no part of it."""

_BY_INVERSE = """SELECT h.id FROM household_members h
JOIN household_members i ON i.client_id = h.member_client_id AND i.member_client_id = h.client_id
JOIN guardians g ON g.member_id = i.id WHERE h.id = ANY ($1::uuid[])"""
"""Members with whose entry that of the other side would go, on which a guardian hangs."""

PARTS: Mapping[str, frozenset[str]] = {
    CLIENTS: frozenset(
        {
            "addresses", "assignments", "client_nationalities", "import_effects", "language_levels",
            "legal_domain_periods", "residence_documents", "schooling_periods",
            # Of a report in a case: that of the person, or of somebody whose household they are in.
            "barrier_persons",
            # Which packages of others name the person.
            "named_members",
        }
    ),
    CASES: frozenset(
        {
            "assignments", "case_contents", "case_phases", "import_effects",
            # Parts of what is named above.
            "assessment_domains", "child_protection_steps", "conference_agreements",
            "conference_participants", "domain_change_items", "duty_packages", "interpreting_steps",
            "pathway_requirements", "pathway_steps", "school_entry_steps", "task_steps", "transfer_packages",
        }
    ),
    HOUSEHOLDS: frozenset(),
}  # fmt: skip
"""What goes with it, and moves its version when somebody changes it."""

UNSEEN = frozenset({"told_withdrawals"})
"""What nobody reads: the function that takes clients away leaves those on whom it hangs."""


async def still_used(ctx: Context, kind: str, ids: Sequence[UUID]) -> set[UUID]:
    """Return those of these objects on which something hangs."""
    tables = HANGING.get(kind, ())
    if not tables or not ids:
        return set()
    sql = " UNION ".join(
        f"SELECT {column} FROM {table} WHERE {column} = ANY ($1::uuid[])" for table, column in tables
    )
    if kind == HOUSEHOLDS:
        sql += f" UNION {_BY_INVERSE}"
    driver = await ctx.db.driver()
    return {row[0] for row in await driver.fetch(sql, list(ids))}
