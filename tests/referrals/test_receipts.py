"""Signed receipts: each step leaves one, both sides read the same and verify it without the server."""

import base64
import re
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from app.access.roles import Role
from tests.consents.arrange import withdraw
from tests.referrals.arrange import Scene, a_scene, agreed, draft, send, sent, step
from tests.world import Person, World

GUIDE = Path(__file__).parents[2] / "docs" / "receipts.md"
STEPS = [
    ("send", "requested", "sender"),
    ("fetched", "requested", "recipient"),
    ("accept", "accepted", "recipient"),
    ("start", "in_progress", "recipient"),
    ("hold", "on_hold", "recipient"),
    ("resume", "in_progress", "recipient"),
    ("complete", "completed", "recipient"),
]


def documented() -> Any:
    """Return the function of the guide, as whoever reads it would copy it."""
    (code,) = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    found: dict[str, Any] = {}
    exec(code, found)  # noqa: S102 - what stands in our own guide
    return found["read_receipt"]


async def keys_of(person: Person) -> list[dict[str, Any]]:
    keys: list[dict[str, Any]] = (await person.get("/v1/keys")).json()["keys"]
    return keys


async def verified(scene: Scene, receipt: str, side: str | None = None) -> dict[str, Any]:
    """Return the claims of a receipt as one side verifies it."""
    settings = scene.world.app.state.settings
    claims: dict[str, Any] = documented()(
        receipt, await keys_of(scene.partner), issuer=settings.public_url, side=side or scene.institution_id
    )
    return claims


async def receipts(person: Person, path: str) -> list[dict[str, Any]]:
    answer = await person.get(f"{path}/receipts")
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def ours(referral_id: str) -> str:
    return f"/v1/referrals/{referral_id}"


def theirs(referral_id: str) -> str:
    return f"/v1/partner/referrals/{referral_id}"


async def through_every_step(scene: Scene) -> tuple[str, list[dict[str, Any]]]:
    """Return a referral that was completed, and what each step of the recipient answered."""
    referral_id = await sent(scene)
    bodies = {"hold": {"reason": "waiting_for_client"}, "complete": {"outcome": "helped"}}
    answers = [await step(scene, referral_id, name, **bodies.get(name, {})) for name, _, _ in STEPS[1:]]
    return referral_id, answers


async def just_sent(scene: Scene) -> tuple[str, str]:
    """Return a consent and a referral on it that was sent."""
    consent_id = await agreed(scene)
    referral_id = await draft(scene)
    await send(scene, referral_id)
    return consent_id, referral_id


async def test_every_step_leaves_a_receipt_that_is_verified_offline(world: World) -> None:
    scene = await a_scene(world)
    referral_id, answers = await through_every_step(scene)
    said = [
        await verified(scene, each["receipt"]) for each in await receipts(scene.partner, theirs(referral_id))
    ]
    assert [(each["step"], each["state"], each["by"]["side"]) for each in said] == STEPS
    assert [each["number"] for each in said] == list(range(1, len(STEPS) + 1))
    answered = [await verified(scene, each["receipt"]) for each in answers]
    assert answered == said[1:]


async def test_receipt_names_both_sides_the_package_and_the_time_and_nothing_else(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    accepted = await step(scene, referral_id, "accept")
    claims = await verified(scene, accepted["receipt"])
    unit, institution = f"urn:uuid:{await world.unit()}", f"urn:uuid:{scene.institution_id}"
    (line,) = [
        each for each in await receipts(scene.partner, theirs(referral_id)) if each["step"] == "accept"
    ]
    assert claims == {
        "iss": world.app.state.settings.public_url,
        "aud": [unit, institution],
        "jti": line["id"],
        "sub": f"urn:uuid:{referral_id}",
        "toe": int(datetime.fromisoformat(line["at"]).timestamp()),
        "number": 2,
        "step": "accept",
        "state": "accepted",
        "by": {"side": "recipient", "id": institution},
        "package_sha256": accepted["package_sha256"],
    }


async def test_both_sides_read_the_same_receipts(world: World) -> None:
    scene = await a_scene(world)
    referral_id, _ = await through_every_step(scene)
    unit = str(await world.unit())
    one = [
        await verified(scene, each["receipt"], unit)
        for each in await receipts(scene.manager, ours(referral_id))
    ]
    other = [
        await verified(scene, each["receipt"]) for each in await receipts(scene.partner, theirs(referral_id))
    ]
    assert one == other


async def test_revocation_and_its_acknowledgement_have_receipts_when_nothing_else_is_seen(
    world: World,
) -> None:
    scene = await a_scene(world)
    consent_id, referral_id = await just_sent(scene)
    await withdraw(scene.manager, consent_id)
    acknowledged = await step(scene, referral_id, "acknowledge-revocation")
    said = [
        await verified(scene, each["receipt"]) for each in await receipts(scene.partner, theirs(referral_id))
    ]
    assert [(each["step"], each["by"]["side"]) for each in said] == [
        ("send", "sender"), ("revoke", "system"), ("acknowledge-revocation", "recipient"),
    ]  # fmt: skip
    assert said[1]["by"]["id"] == world.app.state.settings.public_url
    assert await verified(scene, acknowledged["receipt"]) == said[2]
    assert [each["package_sha256"] for each in said] == [None, None, None]


@pytest.mark.parametrize(
    ("ending", "body"), [("cancel", {"reason": "solved_otherwise"}), ("enter-in-error", None)]
)
async def test_what_the_sender_ends_has_its_receipt(
    world: World, ending: str, body: dict[str, str] | None
) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    await scene.manager.post(f"{ours(referral_id)}/{ending}", body)
    last = (await receipts(scene.partner, theirs(referral_id)))[-1]
    claims = await verified(scene, last["receipt"])
    assert (claims["step"], claims["by"]) == (
        ending, {"side": "sender", "id": f"urn:uuid:{await world.unit()}"},
    )  # fmt: skip


async def test_fetching_twice_or_after_an_answer_gives_the_receipt_of_the_first(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    first, second = [await step(scene, referral_id, "fetched") for _ in range(2)]
    assert await verified(scene, first["receipt"]) == await verified(scene, second["receipt"])
    other = await draft(scene)
    await send(scene, other)
    accepted = await step(scene, other, "accept")
    fetched = await step(scene, other, "fetched")
    assert await verified(scene, fetched["receipt"]) == await verified(scene, accepted["receipt"])


async def test_what_was_taken_over_before_there_were_receipts_gets_one(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    await step(scene, referral_id, "fetched")
    await world.admin.execute("DELETE FROM referral_receipts WHERE referral_id = $1", UUID(referral_id))
    first, second = [await step(scene, referral_id, "fetched") for _ in range(2)]
    assert await verified(scene, first["receipt"]) == await verified(scene, second["receipt"])


async def test_replayed_step_gives_its_own_receipt_and_not_that_of_a_later_one(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    for name in ("accept", "start"):
        await step(scene, referral_id, name)
    path, body = theirs(referral_id), {"reason": "capacity"}
    first = await scene.partner.post(f"{path}/hold", body, Idempotency_Key="hold-for-the-first-time")
    await step(scene, referral_id, "resume")
    await step(scene, referral_id, "hold", reason="other")
    replayed = await scene.partner.post(f"{path}/hold", body, Idempotency_Key="hold-for-the-first-time")
    said = [await verified(scene, each.json()["receipt"]) for each in (first, replayed)]
    assert said[0] == said[1]
    assert said[0]["number"] == 4


async def test_draft_and_what_goes_off_the_platform_leave_none(world: World) -> None:
    scene = await a_scene(world)
    drafted = await draft(scene)
    assert await receipts(scene.manager, ours(drafted)) == []
    await scene.manager.post(f"{ours(drafted)}/cancel", {"reason": "no_longer_wanted"})
    assert await receipts(scene.manager, ours(drafted)) == []
    by_letter = await sent(scene, channel="letter")
    assert await receipts(scene.manager, ours(by_letter)) == []


async def test_receipts_of_another_referral_are_not_found(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    stranger = await world.person(Role.PARTNER_USER, institution="sozialamt")
    neighbour = await (await world.neighbour()).person(Role.PARTNER_USER)
    for person, path in (
        (stranger, theirs(referral_id)),
        (neighbour, theirs(referral_id)),
        (await world.case_manager(), ours(referral_id)),
        (scene.partner, theirs(scene.case_id)),
    ):
        assert (await person.get(f"{path}/receipts")).status_code == 404
    assert (await scene.partner.get(f"{theirs(await draft(scene))}/receipts")).status_code == 404


async def test_no_person_is_in_a_receipt(world: World) -> None:
    scene = await a_scene(world)
    referral_id, _ = await through_every_step(scene)
    names = await world.admin.fetch(
        "SELECT id::text, display_name FROM users WHERE municipal_area_id = $1", world.area
    )
    secrets = {value for row in names for value in row} | {scene.case_id, scene.client_id, "Amina"}
    for each in await receipts(scene.partner, theirs(referral_id)):
        inside = base64.urlsafe_b64decode(each["receipt"].split(".")[1] + "==").decode()
        assert not [secret for secret in secrets if secret in inside]


async def test_reading_receipts_is_journalled_on_both_sides(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    await receipts(scene.partner, theirs(referral_id))
    await receipts(scene.manager, ours(referral_id))
    rows = await world.admin.fetch(
        """SELECT action FROM audit_journal j, clients c WHERE c.id = $1
            AND j.client_pseudonyms = ARRAY[c.pseudonym] AND action LIKE '%.receipts' ORDER BY position""",
        UUID(scene.client_id),
    )
    assert [row["action"] for row in rows] == ["partner_referral.receipts", "referral.receipts"]
