"""What the people of an institution do with their webhooks, and nobody else."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI

from app.access.roles import Role
from app.webhooks.addresses import Addresses
from app.webhooks.rules import KINDS, TEST
from tests.referrals.arrange import a_scene
from tests.webhooks.arrange import ELSEWHERE, body, made
from tests.world import World

GUIDE = Path(__file__).parents[2] / "docs" / "webhooks.md"


@pytest.fixture(autouse=True)
def _addresses_stay(app: FastAPI) -> Iterator[None]:
    before = app.state.webhook_addresses
    yield
    app.state.webhook_addresses = before


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"url": "http://office.example/"}, "address_scheme"),
        ({"url": "https://127.0.0.1/"}, "address_host"),
        ({"url": "https://office.example:22/"}, "address_port"),
        ({"url": "https://me:word@office.example/"}, "address_form"),
        ({"url": ""}, "string_too_short"),
        ({"kinds": []}, "too_short"),
        ({"kinds": ["webhook.test"]}, "literal_error"),
        ({"signature": "none"}, "literal_error"),
        ({"secret": "whsec_mine"}, "extra_forbidden"),
    ],
)
async def test_what_cannot_be_a_webhook_is_refused(world: World, fields: dict[str, Any], kind: str) -> None:
    scene = await a_scene(world)
    answer = await scene.partner.post("/v1/partner/webhooks", body(scene, **fields))
    assert (answer.status_code, answer.json()["errors"][0]["kind"]) == (422, kind)
    assert (await scene.partner.get("/v1/partner/webhooks")).json()["items"] == []


@pytest.mark.parametrize("numbers", [["10.1.2.3"], ["93.184.215.14", "::1"], []])
async def test_name_of_a_private_network_or_of_nobody_is_refused_when_given_and_when_changed(
    world: World, app: FastAPI, numbers: list[str]
) -> None:
    scene = await a_scene(world)
    webhook = await made(scene)

    async def resolve(_host: str, _port: int) -> list[str]:
        return numbers

    app.state.webhook_addresses = Addresses(resolve=resolve)
    kind = "address_private" if numbers else "address_unresolved"
    given = await scene.partner.post("/v1/partner/webhooks", body(scene))
    changed = await scene.partner.patch(webhook.path, {"url": "https://b.example/"}, if_match='"1"')
    for answer in (given, changed):
        assert (answer.status_code, answer.json()["errors"][0]["kind"]) == (422, kind)
    assert (await webhook.read())["url"] == ELSEWHERE


async def test_webhook_is_told_of_everything_that_the_guide_lists(world: World) -> None:
    listed = re.findall(r"^\| `([a-z._]+)` \|", GUIDE.read_text("utf-8"), re.MULTILINE)
    kinds = [each for each in listed if each != TEST and "." in each]
    assert kinds == list(KINDS)
    webhook = await made(await a_scene(world), kinds=kinds)
    read = (await webhook.person.get(webhook.path)).json()
    assert read["kinds"] == sorted(KINDS)


async def test_only_people_of_the_institution_see_and_change_it(world: World) -> None:
    scene = await a_scene(world)
    webhook = await made(scene)
    colleague = await world.person(Role.PARTNER_USER)
    stranger = await world.person(Role.PARTNER_USER, institution="jugendamt")
    assert (await colleague.get(webhook.path)).status_code == 200
    assert (await stranger.get(webhook.path)).status_code == 404
    assert (await stranger.get(f"{webhook.path}/deliveries")).status_code == 404
    assert (await stranger.delete(webhook.path, if_match='"1"')).status_code == 404
    assert (await stranger.post("/v1/partner/webhooks", body(scene))).status_code == 404
    for role in (Role.PARTNER_SYSTEM, Role.AUTHORITY_OFFICER, Role.CASE_MANAGER, Role.ADMIN):
        person = await world.person(role)
        assert (await person.get(webhook.path)).status_code == 403
        assert (await person.post("/v1/partner/webhooks", body(scene))).status_code == 403


async def test_eleventh_webhook_is_refused_also_when_two_come_at_once(world: World) -> None:
    scene = await a_scene(world)
    for _ in range(9):
        await made(scene)
    answers = await asyncio.gather(
        *(scene.partner.post("/v1/partner/webhooks", body(scene)) for _ in range(3))
    )
    assert sorted(each.status_code for each in answers) == [201, 409, 409]
    (refused, _) = [each for each in answers if each.status_code == 409]
    assert refused.json()["code"] == "too_many_webhooks"


async def test_change_needs_the_version_and_is_journalled_without_values(world: World) -> None:
    scene = await a_scene(world)
    webhook = await made(scene)
    assert (await scene.partner.patch(webhook.path, {"label": "Neu"})).status_code == 428
    changed = await scene.partner.patch(
        webhook.path, {"label": "Neu", "kinds": ["referral.revoked"]}, if_match='"1"'
    )
    assert (changed.status_code, changed.json()["label"]) == (200, "Neu")
    assert (await scene.partner.patch(webhook.path, {"label": "Alt"}, if_match='"1"')).status_code == 412
    rows = await world.admin.fetch(
        "SELECT action, changed FROM audit_journal WHERE object_id = $1 ORDER BY position", UUID(webhook.id)
    )
    assert [(row["action"], row["changed"]) for row in rows] == [
        ("webhook.create", ["institution_id", "kinds", "label", "signature", "url"]),
        ("webhook.change", ["kinds", "label"]),
    ]


async def test_steps_from_the_wrong_state_are_refused_with_those_that_lead_on(world: World) -> None:
    scene = await a_scene(world)
    webhook = await made(scene)
    again = await scene.partner.post(f"{webhook.path}/resume")
    assert (again.status_code, again.json()["allowed"]) == (409, ["pause"])
    assert (await scene.partner.post(f"{webhook.path}/pause")).status_code == 200
    test = await scene.partner.post(f"{webhook.path}/test")
    assert (test.status_code, test.json()["allowed"]) == (409, ["resume"])


async def test_one_test_at_a_time(world: World) -> None:
    scene = await a_scene(world)
    webhook = await made(scene)
    first = await webhook.test()
    assert (first["kind"], first["referral_id"], first["state"]) == ("webhook.test", None, "pending")
    second = await scene.partner.post(f"{webhook.path}/test")
    assert (second.status_code, second.json()["code"]) == (409, "test_under_way")
    resend = await scene.partner.post(f"{webhook.path}/deliveries/{first['id']}/resend")
    assert (resend.status_code, resend.json()["state"], resend.json()["allowed"]) == (409, "pending", [])
    unknown = await scene.partner.post(f"{webhook.path}/deliveries/{uuid4()}/resend")
    assert unknown.status_code == 404


async def test_delivery_is_read_under_its_own_webhook_only(world: World) -> None:
    scene = await a_scene(world)
    webhook, other = await made(scene), await made(scene)
    delivery = await webhook.test()
    assert (await scene.partner.get(f"{webhook.path}/deliveries/{delivery['id']}")).status_code == 200
    assert (await scene.partner.get(f"{other.path}/deliveries/{delivery['id']}")).status_code == 404
    assert (await scene.partner.post(f"{other.path}/deliveries/{delivery['id']}/resend")).status_code == 404


async def test_removed_webhook_is_gone_with_all_that_hangs_on_it(world: World) -> None:
    scene = await a_scene(world)
    webhook = await made(scene)
    await webhook.test()
    assert (await scene.partner.delete(webhook.path, if_match='"1"')).status_code == 204
    assert (await scene.partner.get(webhook.path)).status_code == 404
    for table in ("webhook_secrets", "webhook_deliveries"):
        left = await world.admin.fetchval(
            f"SELECT count(*) FROM {table} WHERE webhook_id = $1", UUID(webhook.id)
        )
        assert left == 0
