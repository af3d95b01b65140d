"""Arrangement for tests about incoming referrals: a job centre refers somebody to the KI."""

from dataclasses import dataclass
from itertools import count
from typing import Any

import httpx

from app.access.roles import Role
from app.kit.clock import utc_now
from app.kit.database import Database
from app.wiring import wire
from app.worker import run_once
from tests.world import Person, World

SENT = "/v1/partner/incoming-referrals"
HERE = "/v1/incoming-referrals"
RECEIPT = """INSERT INTO incoming_receipts
    (municipal_area_id, id, client_id, case_id, accepted_by, accepted_at)
VALUES ($1, $2, $3, $4, $5, now())"""
_keys = count(1)

CONSENT: dict[str, Any] = {
    "obtained_by": "Petra Lang", "obtained_on": "2026-01-07", "form": "written", "language": "ara",
    "covers": ["master_data", "contact", "housing", "work"], "was_told_how_to_withdraw": True,
}  # fmt: skip
PERSON: dict[str, Any] = {
    "given_name": "Samira", "family_name": "Haddad", "birth_date": "1991-04-12", "language": "ara",
}  # fmt: skip
BODY: dict[str, Any] = {
    "person": PERSON,
    "contact": {"phone": "0151 2345678", "no_voicemail": True},
    "concerns": ["housing", "work"],
    "text": "Sucht Wohnung und Arbeit",
    "consent": CONSENT,
}

REFERRED = {**BODY, "person": {**PERSON, "given_name": "Rosa", "family_name": "Karaman"}}
"""Somebody whose name nobody else has."""


@dataclass
class Desk:
    """A unit that takes referrals, its people, and the institution that refers."""

    world: World
    partner: Person
    manager: Person
    lead: Person
    unit_id: str

    def body(self, **changes: Any) -> dict[str, Any]:
        """Return what a referral says, with these changes."""
        return {"unit_id": self.unit_id, **BODY, **changes}

    async def refer(self, **changes: Any) -> str:
        """Refer somebody and return the id."""
        made = await send(self.partner, SENT, self.body(**changes))
        assert made.status_code == 201, made.text
        return str(made.json()["id"])

    async def taken(self, **changes: Any) -> str:
        """Return a referral whose inquiry the case manager has taken."""
        incoming_id = await self.refer(**changes)
        taken = await self.manager.post(f"/v1/inquiries/{incoming_id}/take")
        assert taken.status_code == 200, taken.text
        return incoming_id

    async def accept(self, incoming_id: str, **body: Any) -> dict[str, Any]:
        """Accept as the case manager and return what they see."""
        answer = await self.manager.post(f"{HERE}/{incoming_id}/accept", body)
        assert answer.status_code == 200, answer.text
        accepted: dict[str, Any] = answer.json()
        return accepted


async def a_desk(world: World) -> Desk:
    """Return a unit with a case manager and a team lead, and somebody of the job centre."""
    unit_id = await world.unit()
    await world.admin.execute("UPDATE units SET takes_referrals = true WHERE id = $1", unit_id)
    return Desk(
        world=world,
        partner=await world.person(Role.PARTNER_USER, name="Petra Lang"),
        manager=await world.person(Role.CASE_MANAGER, name="Amira Yilmaz"),
        lead=await world.person(Role.TEAM_LEAD, name="Lea Brandt"),
        unit_id=str(unit_id),
    )


async def send(person: Person, path: str, body: Any = None, *, key: str | None = None) -> httpx.Response:
    """Post as an institution does: always with a key."""
    return await person.post(path, body, idempotency_key=key or f"incoming-{next(_keys):06}")


async def kinds_told(world: World, person: Person) -> list[str]:
    """Return the kinds of what somebody was told about incoming referrals, oldest first."""
    rows = await world.admin.fetch(
        """SELECT kind FROM notifications WHERE user_id = $1 AND object_type = 'incoming_referral'
        ORDER BY created_at, kind""",
        person.user_id,
    )
    return [row["kind"] for row in rows]


async def deliver(world: World, worker: Database) -> None:
    """Deliver what waits in the outbox."""
    await run_once(worker, wire(), utc_now, jobs=(), areas=[world.area])


async def state_of(world: World, incoming_id: str) -> tuple[str, str, str | None]:
    """Return where the referral stands, where its inquiry, and who is responsible, as in the tables."""
    row = await world.admin.fetchrow(
        """SELECT r.state, i.state AS inquiry, i.responsible_id::text AS responsible
        FROM incoming_referrals r JOIN inquiries i USING (municipal_area_id, id)
        WHERE r.id = $1::text::uuid""",
        incoming_id,
    )
    return row["state"], row["inquiry"], row["responsible"]
