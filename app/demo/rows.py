"""Rows that are made here and loaded in one go, table by table, with COPY."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID

import asyncpg
from asyncpg.pgproto import pgproto

TABLE_ORDER = (
    "units",
    "institutions",
    "positions",
    "accounts",
    "users",
    "memberships",
    "institution_sites",
    "offers",
    "offer_capacities",
    "clients",
    "client_nationalities",
    "household_members",
    "guardians",
    "disputes",
    "processing_restrictions",
    "residence_documents",
    "legal_domain_periods",
    "addresses",
    "language_levels",
    "schooling_periods",
    "cases",
    "case_contents",
    "case_phases",
    "assignments",
    "consents",
    "assessments",
    "assessment_domains",
    "pathways",
    "pathway_requirements",
    "pathway_steps",
    "school_entries",
    "school_entry_steps",
    "authority_figures",
    "goals",
    "measures",
    "contacts",
    "contact_drafts",
    "tasks",
    "domain_changes",
    "domain_change_items",
    "interpretings",
    "interpreting_steps",
    "inquiries",
    "inquiry_contents",
    "inquiry_figures",
    "conferences",
    "conference_participants",
    "conference_agreements",
    "referral_requests",
    "referrals",
    "referral_packages",
    "referral_events",
    "referral_answers",
    "referral_messages",
    "referral_recalls",
    "case_linkings",
    "disclosure_log",
    "retentions",
    "barrier_reports",
    "barrier_persons",
    "barrier_figures",
    "observations",
    "observation_sources",
    "barrier_proposals",
    "obstacles",
    "obstacle_links",
    "obstacle_measures",
    "obstacle_members",
    "steering_meetings",
    "steering_agenda_items",
    "obstacle_decisions",
    "obstacle_steps",
    "populations",
    "cooperation_contracts",
)
"""Parents before children: every foreign key is checked as it is loaded."""


class Ids:
    """Identifiers that depend on the seed alone."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def at(self, moment: datetime) -> UUID:
        """Return a UUIDv7 of that moment."""
        milliseconds = int(moment.timestamp() * 1000)
        bits = self._random.getrandbits(74)
        return _uuid(milliseconds << 80 | 0x7 << 76 | (bits >> 62) << 64 | 0b10 << 62 | bits & (1 << 62) - 1)

    def any(self) -> UUID:
        """Return a UUIDv4, which tells no time."""
        front, back = self._random.getrandbits(60), self._random.getrandbits(62)
        return _uuid(front >> 12 << 80 | 0x4 << 76 | (front & 0xFFF) << 64 | 0b10 << 62 | back)


def _uuid(number: int) -> UUID:
    """Return the identifier as the driver's own kind of UUID, which is made and sent in half the time."""
    identifier: UUID = pgproto.UUID(number.to_bytes(16, "big"))
    return identifier


class Rows:
    """Rows that wait for their COPY, grouped by table and columns."""

    def __init__(self) -> None:
        self._waiting: dict[str, dict[tuple[str, ...], list[tuple[Any, ...]]]] = defaultdict(
            lambda: defaultdict(list)
        )
        self.count = 0

    def add(self, table: str, **values: Any) -> None:
        """Add one row."""
        self._waiting[table][tuple(values)].append(tuple(values.values()))
        self.count += 1

    def take(self) -> Iterator[tuple[str, tuple[str, ...], list[tuple[Any, ...]]]]:
        """Yield what waits, parents first, and forget it; KeyError for a table without a place."""
        unknown = set(self._waiting) - set(TABLE_ORDER)
        if unknown:
            raise KeyError(sorted(unknown))
        for table in TABLE_ORDER:
            for columns, records in self._waiting.pop(table, {}).items():
                yield table, columns, records
        self.count = 0


async def copy(connection: asyncpg.Connection, rows: Rows) -> int:
    """Load what waits; return how many rows that were."""
    loaded = 0
    for table, columns, records in rows.take():
        await connection.copy_records_to_table(table, columns=columns, records=records)
        loaded += len(records)
    return loaded
