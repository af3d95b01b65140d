"""A machine that may answer and not read: each step works, and tells it nothing of what it may not read."""

from typing import Any

from fastapi import FastAPI

from app.access.scopes import SCOPES, Scope
from app.contract import operations
from tests.identity.partner_systems.arrange import a_machine, bearer, token
from tests.referrals.arrange import Scene, a_scene, sent
from tests.referrals.talking import TEXT, asked, own, said, theirs, wide
from tests.world import World

PARTNER = "/v1/partner/referrals"
BOTH = (Scope.REFERRALS_READ, Scope.REFERRALS_ANSWER)
TOLD = {"id", "state", "version", "not_kept"}


class Machine:
    """A machine of the scene's institution, with a token for some of its scopes."""

    def __init__(self, scene: Scene, *scopes: Scope) -> None:
        self.scene, self.scopes = scene, scopes
        self.known: Any = None

    async def post(self, path: str, body: Any = None) -> Any:
        self.known = self.known or await a_machine(self.scene.world, *BOTH)
        async with self.scene.world.http() as http:
            access = await token(http, self.known, scope=" ".join(self.scopes))
            headers = {**bearer(access), "Idempotency-Key": path.replace("/", ".")}
            answer = await http.post(path, json=body, headers=headers)
        assert answer.status_code < 300, answer.text
        return answer

    async def step(self, referral_id: str, name: str, **body: Any) -> dict[str, Any]:
        answer: dict[str, Any] = (await self.post(f"{PARTNER}/{referral_id}/{name}", body or None)).json()
        return answer


async def test_each_step_answers_that_it_was_taken_and_nothing_of_the_package(world: World) -> None:
    scene = await a_scene(world)
    machine = Machine(scene, Scope.REFERRALS_ANSWER)
    first, failed, rejected, returned, given_back = [await sent(scene) for _ in range(5)]
    for referral_id, name, body, state in (
        (first, "fetched", {}, "requested"), (first, "accept", {}, "accepted"),
        (first, "start", {}, "in_progress"), (first, "hold", {"reason": "capacity"}, "on_hold"),
        (first, "resume", {}, "in_progress"), (first, "complete", {"outcome": "helped"}, "completed"),
        (failed, "accept", {}, "accepted"), (failed, "fail", {"outcome": "did_not_come"}, "failed"),
        (rejected, "reject", {"reason": "no_capacity"}, "rejected"),
        (given_back, "cancel", {"reason": "wrong_recipient"}, "cancelled"),
    ):  # fmt: skip
        told = await machine.step(referral_id, name, **body)
        assert set(told) == TOLD | {"receipt"}, name
        assert (told["id"], told["state"]) == (referral_id, state)
    assert set(await machine.step(returned, "return", suggested_type="jugendamt")) == TOLD | {"receipt"}


async def test_repeat_of_a_step_is_answered_by_what_the_machine_may_now(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    machine = Machine(scene, *BOTH)
    assert (await machine.step(referral_id, "fetched"))["package"]["data"]
    machine.scopes = (Scope.REFERRALS_ANSWER,)
    assert set(await machine.step(referral_id, "fetched")) == TOLD | {"receipt"}


async def test_people_and_machines_that_may_read_are_shown_the_referral(world: World) -> None:
    scene = await a_scene(world)
    for one in (scene.partner, Machine(scene, *BOTH)):
        referral_id = await sent(scene)
        seen = (await one.post(f"{PARTNER}/{referral_id}/fetched")).json()
        assert seen["package"]["data"]


async def test_what_others_said_is_marked_and_not_shown(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await wide(scene)
    message = (await said(scene.manager, own(referral_id), TEXT))["id"]
    request = await asked(scene, referral_id, "benefits")
    machine = Machine(scene, Scope.REFERRALS_ANSWER)
    for path, state in (
        (theirs(referral_id, message, "read"), None), (theirs(referral_id, request, "withdraw"), "withdrawn"),
    ):  # fmt: skip
        told = (await machine.post(path)).json()
        assert set(told) == {"id", "referral_id", "state", "read_at"}
        assert told["state"] == state


async def test_what_it_says_itself_is_answered_as_it_was_said(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await wide(scene)
    machine = Machine(scene, Scope.REFERRALS_ANSWER)
    told = (await machine.post(theirs(referral_id), {"kind": "message", "code": "takes_longer"})).json()
    assert (told["code"], told["side"], told["text"]) == ("takes_longer", "recipient", None)


OF_ONE_SCOPE = {
    "write_partner_message", "send_partner_file",  # what the machine has just said itself
    "answer_recall",  # what became of the data: it tells of nobody
    "answer_referrals",
}  # fmt: skip
"""What a step answers without the other scope too."""


def _whole(app: FastAPI) -> set[str]:
    """Return the operations of `referrals:answer` whose contract has no narrower answer."""
    contract = app.openapi()
    found = set()
    for method, path, _, permission in operations(app):
        if permission not in SCOPES[Scope.REFERRALS_ANSWER]:
            continue
        operation = contract["paths"][path][method.lower()]
        answers = [each for status, each in operation["responses"].items() if status.startswith("2")]
        shapes = [each["content"]["application/json"]["schema"] for each in answers if "content" in each]
        if not any("anyOf" in each for each in shapes):
            found.add(operation["operationId"])
    return found


def test_contract_says_of_each_operation_what_is_answered_without_the_right_to_read(app: FastAPI) -> None:
    assert _whole(app) == OF_ONE_SCOPE
