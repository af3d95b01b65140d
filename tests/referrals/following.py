"""A partner's program for tests: it holds what the feed told, and comes back with its cursor."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from tests.world import Person, World


@dataclass
class Follower:
    """What one program holds of its institution's referrals, by id."""

    person: Person
    cursor: str = ""
    limit: int = 200
    held: dict[str, dict[str, Any]] = field(default_factory=dict)
    told: list[dict[str, Any]] = field(default_factory=list)
    path: str = "/v1/partner/referrals"

    async def page(self) -> bool:
        """Take one page; True while there is more."""
        answer = await self.person.get(self.path, since=self.cursor, limit=self.limit)
        assert answer.status_code == 200, answer.text
        body = answer.json()
        assert len(body["items"]) <= self.limit
        for item in body["items"]:
            self.told.append(item)
            if item.get("lost"):
                self.held.pop(item["id"], None)
            else:
                self.held[item["id"]] = item
        self.cursor = body["next"]
        return bool(body["more"])

    async def catch_up(self) -> list[dict[str, Any]]:
        """Take all pages; return what was told."""
        self.told = []
        while await self.page():
            pass
        return self.told


_MANY = """INSERT INTO referral_requests (municipal_area_id, id, institution_id, unit_id, client_pseudonym,
    channel, urgency, state, delivery, requested_at, deadline_at, answer_days)
SELECT $1, gen_random_uuid(), $2, $3, gen_random_uuid(), 'platform', 'normal', $5, 'offered', now(),
    now() + interval '14 days', 14 FROM generate_series(1, $4::int)"""
_PACKAGES = """INSERT INTO referral_packages (municipal_area_id, id, institution_id, is_on_platform, content,
    sha256, frozen_at)
SELECT municipal_area_id, id, institution_id, true, $2, 'x', now() FROM referral_requests q
WHERE municipal_area_id = $1 AND NOT EXISTS (SELECT FROM referral_packages p
    WHERE p.municipal_area_id = q.municipal_area_id AND p.id = q.id)"""
CONTENT = (
    '{"concern":{"code":null,"text":"Hilfe beim Antrag"},"data":{"master_data":{"name":{"given":"Amina",'
    '"family":"Al-Hadi"},"birth_date":"1990-05-17"}},"disputed":{}}'
)


async def many(world: World, institution_id: UUID, count: int, state: str = "requested") -> None:
    """Put so many referrals before an institution, behind the API."""
    unit = await world.unit()
    await world.admin.execute(_MANY, world.area, institution_id, unit, count, state)
    await world.admin.execute(_PACKAGES, world.area, CONTENT)
