"""Cases, inquiries, referrals and changes of legal domain as rows, without all that they would belong to."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID, uuid4

from tests.reporting.arrange import insert
from tests.world import World

FIRST, IN_BETWEEN, LAST = date(2025, 7, 1), date(2025, 8, 11), date(2025, 9, 30)


def at(day: date) -> datetime:
    """Return the noon of a day."""
    return datetime.combine(day, time(12), UTC)


@dataclass
class Casework:
    """Rows of one area; `lay` writes them down."""

    world: World
    leads: list[UUID] = field(default_factory=lambda: [uuid4() for _ in range(5)])
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    _number: int = 0

    def _row(self, table: str, **values: Any) -> UUID:
        row = {"municipal_area_id": self.world.area, "id": uuid4(), **values}
        self.rows.setdefault(table, []).append(row)
        return UUID(str(row["id"]))

    def client(self, **more: Any) -> UUID:
        return self._row(
            "clients", pseudonym=uuid4(), unit_id=self.leads[0], created_by=self.leads[0], given_name="K",
            family_name="K", birth_precision="unknown", sort_key="k", name_forms=["k"], name_keys=["k"],
            household_key=uuid4(), **more,
        )  # fmt: skip

    def case(
        self,
        client: UUID | None = None,
        *moves: tuple[str, date],
        route: str = "school",
        reason: str | None = None,
        unit: UUID | None = None,
    ) -> UUID:
        """Add a case that came into these phases on these days; intake in spring unless told otherwise."""
        self._number += 1
        moves = moves or (("intake", date(2025, 4, 1)),)
        phase, day = moves[-1]
        case = self._row(
            "cases", client_id=client or self.client(), unit_id=unit or self.leads[0],
            number=str(self._number), kind="counselling" if self._number % 2 else "case_management",
            phase=phase, lead_user_id=self.leads[self._number % 5], opened_on=moves[0][1],
            closed_on=day if phase == "closed" else None,
        )  # fmt: skip
        self._row("case_contents", access_route=route, closing_reason=reason)
        self.rows["case_contents"][-1]["id"] = case
        for target, when in moves:
            self._row("case_phases", case_id=case, at=at(when), target=target)
        return case

    def staff(self, unit: UUID, since: date = date(2025, 1, 1), until: date | None = None) -> None:
        """Add a case manager of a unit."""
        self._row(
            "memberships", user_id=uuid4(), role="case_manager", unit_id=unit, started_at=at(since),
            ended_at=until and at(until),
        )  # fmt: skip

    def inquiry(self, state: str, finished_on: date | None = IN_BETWEEN, **more: Any) -> UUID:
        """Add an inquiry; with a `unit` on whose list it waits since a day, with the case that it became."""
        self._number += 1
        since = more.get("since")
        lead = None if state == "lapsed" else more.get("lead", self.leads[self._number % 5])
        inquiry = self._row(
            "inquiries", unit_id=more.get("unit", self.leads[0]), responsible_id=lead, state=state,
            language="ar", waiting_since=since,
        )  # fmt: skip
        self._row(
            "inquiry_contents", received_on=since or date(2025, 6, 2), access_route=more.get("route", "self"),
            concerns=[], finished_on=finished_on, case_id=more.get("case"),
            forgotten_at=more.get("forgotten"),
        )  # fmt: skip
        self.rows["inquiry_contents"][-1]["id"] = inquiry
        if "sender" in more:
            self._row(
                "incoming_referrals", institution_id=more["sender"], unit_id=self.leads[0],
                created_by=self.leads[0], urgency="normal", legal_basis="consent", state="accepted",
                requested_at=at(IN_BETWEEN), waits_since=at(IN_BETWEEN), sha256="0" * 64,
            )  # fmt: skip
            self.rows["incoming_referrals"][-1]["id"] = inquiry
        return inquiry

    def referral(self, case: UUID, state: str, institution: UUID, days: int | None = 5, **more: Any) -> None:
        """Add a referral of June that was answered after so many days and ended in August."""
        sent = at(more.get("sent", date(2025, 8, 1)))
        client = next(each["client_id"] for each in reversed(self.rows["cases"]) if each["id"] == case)
        ended = state not in {"rejected", "expired", "requested", "accepted"}
        referral = self._row(
            "referral_requests", institution_id=institution, unit_id=self.leads[0], client_pseudonym=uuid4(),
            channel="platform", urgency="normal", state=state, delivery="offered", requested_at=sent,
            deadline_at=at(more.get("deadline", date(2025, 8, 15))), answer_days=14,
            answered_at=None if days is None else at(date.fromordinal(sent.date().toordinal() + days)),
            closed_at=at(more.get("closed", date(2025, 8, 20))) if ended else None,
            outcome=more.get("outcome"),
        )  # fmt: skip
        self._row(
            "referrals", case_id=case, client_id=client, legal_basis=more.get("basis", "consent"),
            data_categories=["name"], created_by=self.leads[0], concern_text="x",
        )  # fmt: skip
        self.rows["referrals"][-1]["id"] = referral

    def change(self, case: UUID, before: str, after: str, days: int, **more: Any) -> None:
        """Add a change of legal domain."""
        self._row(
            "domain_changes", case_id=case, before=before, after=after, days_without=days,
            changed_on=more.get("on", IN_BETWEEN), between_domains=True,
            opened_at=at(more.get("written", IN_BETWEEN)),
        )  # fmt: skip

    def waits(self, case: UUID) -> None:
        """Add that the person of a case has waited for a place at school since August."""
        self._row(
            "school_entries", case_id=case, stage="primary", state="registered", registered_on=IN_BETWEEN,
            waiting_since=IN_BETWEEN, created_by=self.leads[0],
        )  # fmt: skip

    async def lay(self) -> None:
        """Write down what was added since the last time."""
        for table, rows in self.rows.items():
            names = list(dict.fromkeys(name for row in rows for name in row))
            await insert(self.world.admin, table, _filled(rows, names))
        self.rows = {}

    async def change_client(self, case: UUID, sets: str) -> None:
        """Change the client of a case as an owner would."""
        async with self.world.admin.transaction():
            await self.world.admin.execute("SET LOCAL session_replication_role = replica")
            await self.world.admin.execute(
                f"UPDATE clients SET {sets} WHERE id = (SELECT client_id FROM cases WHERE id = $1)", case
            )


def _filled(rows: list[dict[str, Any]], names: list[str]) -> Iterator[dict[str, Any]]:
    for row in rows:
        yield {name: row.get(name) for name in names}
