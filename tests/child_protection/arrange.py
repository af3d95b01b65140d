"""Child protection for tests, through the API."""

from typing import Any

import httpx

from tests.referrals.arrange import Scene, a_scene, draft
from tests.world import Person, World

INDICATIONS = "Wiederholt allein angetroffen, blaue Flecken am Arm (gesehen am 3. März)"
SAYS: dict[str, dict[str, Any]] = {
    "counsel": {"counsellor": "Frau Sommer, Kinderschutzbund", "is_pseudonymised": True, "is_danger": True},
    "discuss": {"with_guardians": True, "with_child": True},
    "offer_help": {"is_accepted": False},
    "decide_to_inform": {"family_told": True},
    "decide_at_once": {"family_told": False, "why_not": "Es würde das Kind gefährden"},
    "answer": {},
    "end": {"outcome": "taken_over"},
}
"""What each step says beside its note; both decisions name a draft too."""


async def a_family(world: World, **client: Any) -> Scene:
    """Return the case of a child (born in 2015, or as these fields say) and the youth welfare office."""
    return await a_scene(world, "jugendamt", **{"birth_date": "2015-05-17", **client})


async def noted(scene: Scene, person: Person | None = None, **fields: Any) -> dict[str, Any]:
    """Note weighty indications and return the course."""
    body = {"indications": INDICATIONS, "look_again_on": "2030-01-01", **fields}
    answer = await (person or scene.manager).post(f"/v1/cases/{scene.case_id}/child-protections", body)
    assert answer.status_code == 201, answer.text
    course: dict[str, Any] = answer.json()
    return course


async def a_draft(scene: Scene) -> str:
    """Draft the information of the youth welfare office."""
    return await draft(scene, legal_basis="kkg_4", data_categories=["master_data", "contact"])


async def try_step(
    scene: Scene, course: dict[str, Any], step: str, person: Person | None = None, **fields: Any
) -> httpx.Response:
    """Take a step as it should be, with these changes; None leaves something out."""
    body = {"step": step, "note": "Besprochen", **SAYS[step], **fields}
    if step.startswith("decide") and "referral_id" not in fields:
        body["referral_id"] = await a_draft(scene)
    path = f"/v1/cases/{scene.case_id}/child-protections/{course['id']}/step"
    sent = {name: value for name, value in body.items() if value is not None}
    return await (person or scene.manager).post(path, sent)


async def take(scene: Scene, course: dict[str, Any], *steps: str, **fields: Any) -> dict[str, Any]:
    """Take steps one after the other and return the course."""
    for step in steps:
        answer = await try_step(scene, course, step, **fields)
        assert answer.status_code == 200, answer.text
        course = answer.json()
    return course


async def read(scene: Scene, course: dict[str, Any]) -> dict[str, Any]:
    answer = await scene.manager.get(f"/v1/cases/{scene.case_id}/child-protections/{course['id']}")
    assert answer.status_code == 200, answer.text
    seen: dict[str, Any] = answer.json()
    return seen
