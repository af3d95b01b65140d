"""Referrals for tests, through the API; the institution's people with them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.access.roles import Role
from app.kit.ids import new_id
from tests.cases.arrange import open_case
from tests.clients.arrange import new_client
from tests.consents.arrange import give_consent
from tests.world import Person, World

AUTHORITIES = ("auslaenderbehoerde", "zentrale_abh", "einbuergerungsbehoerde")


@dataclass
class Scene:
    """A case with its manager and client, and an institution with somebody who answers."""

    world: World
    manager: Person
    partner: Person
    client_id: str
    case_id: str
    institution_id: str
    institution_type: str

    @property
    def concern(self) -> dict[str, str]:
        """Return a concern as this kind of institution may read it."""
        if self.institution_type in AUTHORITIES:
            return {"concern_code": "extension"}
        return {"concern_text": "Hilfe beim Antrag"}


async def a_scene(world: World, institution_type: str = "jobcenter", **client: Any) -> Scene:
    """Return a new client's case and an institution on the platform."""
    manager = await world.case_manager()
    client_id = await new_client(manager, **client)
    role = Role.AUTHORITY_OFFICER if institution_type in AUTHORITIES else Role.PARTNER_USER
    return Scene(
        world=world,
        manager=manager,
        partner=await world.person(role, institution=institution_type),
        client_id=client_id,
        case_id=await open_case(manager, client_id),
        institution_id=str(await world.institution(institution_type)),
        institution_type=institution_type,
    )


async def assign(world: World, person: Person, client_id: str, case_id: str, kind: str = "member") -> None:
    """Put somebody on the team of a case."""
    await world.admin.execute(
        """INSERT INTO assignments (municipal_area_id, id, user_id, client_id, case_id, unit_id, kind,
            created_by, reason)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $3, CASE WHEN $7 = 'break_glass' THEN 'Notfall am Abend' END)""",
        world.area, new_id(), person.user_id, UUID(client_id), UUID(case_id), await world.unit(), kind,
    )  # fmt: skip


async def draft(scene: Scene, **fields: Any) -> str:
    """Draft a referral over the platform with name and contact, with these changes, and return its id."""
    body = {
        "case_id": scene.case_id,
        "institution_id": scene.institution_id,
        "channel": "platform",
        "data_categories": ["master_data"]
        if scene.institution_type in AUTHORITIES
        else ["master_data", "contact"],
        **scene.concern,
        **fields,
    }
    answer = await scene.manager.post("/v1/referrals", body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def agreed(scene: Scene, **fields: Any) -> str:
    """Record the client's consent to this institution and return its id."""
    return await give_consent(scene.manager, scene.client_id, scene.institution_id, **fields)


async def send(scene: Scene, referral_id: str) -> dict[str, Any]:
    """Send a draft and return the referral."""
    answer = await scene.manager.post(f"/v1/referrals/{referral_id}/send")
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def sent(scene: Scene, *, consent: dict[str, Any] | None = None, **fields: Any) -> str:
    """Return a referral that was sent on a consent (`consent` changes it)."""
    await agreed(scene, **(consent or {}))
    referral_id = await draft(scene, **fields)
    await send(scene, referral_id)
    return referral_id


async def step(scene: Scene, referral_id: str, name: str, **body: Any) -> dict[str, Any]:
    """Take a step as the institution and return what it sees."""
    answer = await scene.partner.post(f"/v1/partner/referrals/{referral_id}/{name}", body or None)
    assert answer.status_code == 200, answer.text
    seen: dict[str, Any] = answer.json()
    return seen


async def put_in_state(world: World, referral_id: str, state: str) -> None:
    """Put a referral that was sent into a state, behind the API."""
    unsent = state == "draft"
    await world.admin.execute(
        """UPDATE referral_requests SET state = $2, sent_back_at = NULL, outcome = NULL,
            requested_at = CASE WHEN $3 THEN NULL ELSE coalesce(requested_at, now()) END,
            delivery = CASE WHEN $3 THEN NULL ELSE coalesce(delivery, 'offered') END WHERE id = $1""",
        UUID(referral_id), state, unsent,
    )  # fmt: skip
    if unsent:
        await world.admin.execute("DELETE FROM referral_packages WHERE id = $1", UUID(referral_id))
    else:
        await world.admin.execute(
            """INSERT INTO referral_packages (municipal_area_id, id, institution_id, is_on_platform, content,
                sha256, frozen_at)
            SELECT municipal_area_id, id, institution_id, true, '{}', 'x', now() FROM referral_requests
            WHERE id = $1
            ON CONFLICT (municipal_area_id, id) DO UPDATE SET withheld_at = NULL""",
            UUID(referral_id),
        )
