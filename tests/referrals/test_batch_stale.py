"""A stale item of a batch brings what stands there now, to whoever may read it."""

from typing import Any

from app.access.scopes import Scope
from tests.identity.partner_systems.arrange import a_machine, bearer, token
from tests.referrals.arrange import a_scene, sent, step
from tests.world import World

PATH = "/v1/partner/referrals/batch"


def stale(referral_id: str) -> dict[str, Any]:
    return {"items": [{"id": referral_id, "version": 1, "step": "start"}]}


async def test_stale_item_shows_what_its_own_address_shows(world: World) -> None:
    scene = await a_scene(world)
    referral = await sent(scene)
    await step(scene, referral, "accept")
    (told,) = (await scene.partner.post(PATH, stale(referral))).json()["items"]
    now = (await scene.partner.get(f"/v1/partner/referrals/{referral}")).json()
    assert (told["status"], told["problem"]["code"]) == (412, "version_stale")
    assert (told["problem"]["current"], told["problem"]["current_version"]) == (now, now["version"])


async def test_machine_that_may_answer_and_not_read_is_shown_nothing(world: World) -> None:
    scene = await a_scene(world)
    referral = await sent(scene)
    await step(scene, referral, "accept")
    shown = {}
    for scopes in ((Scope.REFERRALS_ANSWER,), (Scope.REFERRALS_ANSWER, Scope.REFERRALS_READ)):
        machine = await a_machine(world, *scopes, name=" ".join(scopes))
        async with world.http() as http:
            headers = {**bearer(await token(http, machine)), "Idempotency-Key": f"stale-of-{len(scopes)}"}
            answer = await http.post(PATH, json=stale(referral), headers=headers)
        (told,) = answer.json()["items"]
        assert told["status"] == 412, told
        shown[scopes] = told["problem"]["current"]
    nothing, whole = shown.values()
    assert nothing is None
    assert whole["id"] == referral
