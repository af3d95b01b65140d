"""Transfers for tests: a case at Wesel with its manager, and at Hagen a team lead and a case manager."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.access.roles import Role
from tests.cases.arrange import open_case, record_intake
from tests.clients.arrange import new_client
from tests.consents.arrange import consent_body
from tests.world import Person, World

CATEGORIES = ["master_data", "contact", "residence", "education_language", "household", "case_record"]


@dataclass
class Scene:
    """Two units, by default of two areas: who hands over, and who takes over."""

    wesel: World
    hagen: World
    manager: Person
    lead: Person
    colleague: Person
    client_id: str
    case_id: str
    unit_id: str

    @property
    def path(self) -> str:
        return f"/v1/cases/{self.case_id}/transfers"


async def a_scene(
    wesel: World, hagen: World | None = None, *, unit: str = "KI Hagen", **client: Any
) -> Scene:
    """Return a new client's case, and another unit (in another area, unless one is given)."""
    there = hagen or await wesel.neighbour()
    manager = await wesel.case_manager()
    client_id = await new_client(manager, **client)
    case_id = await open_case(manager, client_id, concern="Arbeit finden")
    await record_intake(manager, case_id)
    return Scene(
        wesel=wesel,
        hagen=there,
        manager=manager,
        lead=await there.person(Role.TEAM_LEAD, unit=unit),
        colleague=await there.case_manager(unit),
        client_id=client_id,
        case_id=case_id,
        unit_id=str(await there.unit(unit)),
    )


async def agree(scene: Scene, **fields: Any) -> str:
    """Record the client's consent to the transfer and return its id."""
    body = consent_body(
        scene.client_id, None,
        **{"purpose": "transfer", "receiving_unit_id": scene.unit_id, "data_categories": CATEGORIES,
           "direction": "to", **fields},
    )  # fmt: skip
    answer = await scene.manager.post("/v1/consents", body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def draft_body(scene: Scene, **fields: Any) -> dict[str, Any]:
    """Return what a draft says, with these changes."""
    return {
        "receiving_unit_id": scene.unit_id,
        "reason": "moved",
        "language": "ara",
        "target_group": "refugees",
        "data_categories": CATEGORIES,
        **fields,
    }


async def draft(scene: Scene, **fields: Any) -> str:
    """Draft a transfer and return its id."""
    answer = await scene.manager.post(scene.path, draft_body(scene, **fields))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def offer(scene: Scene, transfer_id: str) -> dict[str, Any]:
    """Offer a draft and return it."""
    answer = await scene.manager.post(f"{scene.path}/{transfer_id}/offer")
    assert answer.status_code == 200, answer.text
    offered: dict[str, Any] = answer.json()
    return offered


async def offered(scene: Scene, **fields: Any) -> str:
    """Return a transfer that was offered on a consent."""
    await agree(scene)
    transfer_id = await draft(scene, **fields)
    await offer(scene, transfer_id)
    return transfer_id


async def accept(scene: Scene, transfer_id: str) -> dict[str, Any]:
    """Accept it as the team lead, for the colleague."""
    body = {"case_manager_id": str(scene.colleague.user_id)}
    answer = await scene.lead.post(f"/v1/transfers/{transfer_id}/accept", body)
    assert answer.status_code == 200, answer.text
    accepted: dict[str, Any] = answer.json()
    return accepted


async def accepted(scene: Scene, **fields: Any) -> str:
    """Return a transfer that was accepted."""
    transfer_id = await offered(scene, **fields)
    await accept(scene, transfer_id)
    return transfer_id


async def receive(scene: Scene, transfer_id: str, **body: Any) -> dict[str, Any]:
    """Receive it as the colleague and return the package with its case."""
    answer = await scene.colleague.post(f"/v1/transfers/{transfer_id}/receive", body)
    assert answer.status_code == 200, answer.text
    received: dict[str, Any] = answer.json()
    return received


async def received(scene: Scene, **fields: Any) -> str:
    """Return a transfer that was received."""
    transfer_id = await accepted(scene, **fields)
    await receive(scene, transfer_id)
    return transfer_id


async def receiving_units(person: Person) -> list[dict[str, Any]]:
    """Return every unit that takes cases over, of however many areas there are."""
    units: list[dict[str, Any]] = []
    query: dict[str, Any] = {}
    while True:
        page = (await person.get("/v1/receiving-units", limit=200, **query)).json()
        units += page["items"]
        if page["next"] is None:
            return units
        query = {"cursor": page["next"]}


async def told(world: World, person: Person) -> list[str]:
    """Return the kinds of what somebody was told about transfers, oldest first."""
    rows = await world.admin.fetch(
        """SELECT kind FROM notifications WHERE user_id = $1 AND object_type = 'transfer'
        ORDER BY created_at, kind""",
        person.user_id,
    )
    return [row["kind"] for row in rows]


async def state_of(scene: Scene, transfer_id: str) -> tuple[str | None, str | None]:
    """Return the states on both sides, as they stand in the tables."""
    sides = [
        await scene.wesel.admin.fetchval(f"SELECT state FROM {table} WHERE id = $1", UUID(transfer_id))
        for table in ("case_transfers", "transfer_offers")
    ]
    return sides[0], sides[1]


async def copies(scene: Scene, transfer_id: str) -> int:
    """Return how many copies of the package lie at the receiver."""
    count = "SELECT count(*) FROM received_packages WHERE id = $1"
    return int(await scene.wesel.admin.fetchval(count, UUID(transfer_id)))
