"""What protects a person comes along also when the receiver knows them already."""

from contextlib import nullcontext
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from tests.cases.arrange import journal, open_case
from tests.clients.arrange import etag_of, new_client
from tests.refusals import places
from tests.transfers.arrange import Scene, a_scene, accepted, receive, state_of
from tests.world import World


async def kept(scene: Scene, **known: Any) -> dict[str, Any]:
    """Return the client whom the receiver knew, as they are after the receipt."""
    client_id = await new_client(scene.colleague, **known)
    await receive(scene, await accepted(scene), client_id=client_id)
    client: dict[str, Any] = (await scene.colleague.get(f"/v1/clients/{client_id}")).json()
    return client


@pytest.mark.parametrize(
    "name", ["no_post", "no_voicemail", "no_interpreter_of_same_circle", "is_restricted"]
)
async def test_a_warning_of_either_side_holds(world: World, name: str) -> None:
    assert (await kept(await a_scene(world, **{name: True})))[name] is True
    assert (await kept(await a_scene(world), **{name: True}))[name] is True


@pytest.mark.parametrize(
    ("sent", "known", "after"),
    [
        (["phone"], None, ["phone"]),
        (None, ["post"], ["post"]),
        (["phone", "email"], ["email", "post"], ["email"]),
        (["phone"], ["post"], []),
        ([], None, []),
        (None, None, None),
    ],
)
async def test_ways_of_contact_are_those_that_both_allow(
    world: World, sent: list[str] | None, known: list[str] | None, after: list[str] | None
) -> None:
    scene = await a_scene(world, contact_channels=sent)
    assert (await kept(scene, contact_channels=known))["contact_channels"] == after


async def test_nobody_learns_whom_either_side_named(world: World) -> None:
    scene = await a_scene(world, must_not_learn="der Ehemann\ndie Schwester")
    client = await kept(scene, must_not_learn="der Bruder\nder Ehemann")
    assert client["must_not_learn"] == "der Bruder\nder Ehemann\ndie Schwester"


async def test_who_is_hidden_at_the_sender_is_hidden_with_their_cases(world: World) -> None:
    scene = await a_scene(world, is_restricted=True, no_post=True, must_not_learn="der Ehemann")
    client_id = await new_client(scene.colleague)
    other = await scene.hagen.case_manager("KI Hagen")
    transfer_id = await accepted(scene)
    case_id = (await receive(scene, transfer_id, client_id=client_id))["case_id"]
    client = (await scene.colleague.get(f"/v1/clients/{client_id}")).json()
    assert (client["is_restricted"], client["no_post"]) == (True, True)
    assert client["must_not_learn"] == "der Ehemann"
    assert await scene.hagen.admin.fetchval(
        "SELECT is_restricted FROM cases WHERE id = $1::text::uuid", case_id
    )
    assert (await other.get(f"/v1/clients/{client_id}")).status_code == 404
    (entry,) = await journal(scene.hagen, "client.change")
    assert str(entry["object_id"]) == client_id
    assert sorted(entry["changed"]) == ["is_restricted", "must_not_learn", "no_post"]


async def test_nothing_is_written_where_nothing_is_stricter(world: World) -> None:
    scene = await a_scene(world, no_post=True)
    client_id = await new_client(scene.colleague, no_post=True, no_voicemail=True)
    before = await etag_of(scene.colleague, f"/v1/clients/{client_id}")
    await receive(scene, await accepted(scene), client_id=client_id)
    assert await etag_of(scene.colleague, f"/v1/clients/{client_id}") == before


async def test_what_no_longer_fits_is_refused_and_not_cut(world: World) -> None:
    scene = await a_scene(world, must_not_learn="a" * 4000)
    client_id = await new_client(scene.colleague, must_not_learn="b" * 4000)
    transfer_id = await accepted(scene)
    refused = await scene.colleague.post(f"/v1/transfers/{transfer_id}/receive", {"client_id": client_id})
    assert places(refused) == [{"place": "body.client_id", "kind": "too_long"}]
    assert await state_of(scene, transfer_id) == ("accepted", "accepted")


async def test_of_data_that_are_only_kept_nothing_but_hiding_changes(world: World) -> None:
    for fields, status in (({"no_post": True}, 409), ({}, 200)):
        scene = await a_scene(world, is_restricted=True, **fields)
        client_id = await new_client(scene.colleague)
        path = f"/v1/clients/{client_id}"
        kept_only = await scene.colleague.post(f"{path}/restrictions", {"ground": "accuracy_contested"})
        assert kept_only.status_code == 201, kept_only.text
        use = {"purpose": "public_interest", "reason": "Umzug"}
        used = await scene.colleague.post(f"{path}/processing-uses", use)
        assert used.status_code == 201, used.text
        transfer_id = await accepted(scene)
        answer = await scene.colleague.post(f"/v1/transfers/{transfer_id}/receive", {"client_id": client_id})
        assert answer.status_code == status, answer.text


@pytest.mark.parametrize("is_planted", [False, True])
async def test_database_takes_nobody_hidden_into_the_case_of_somebody_who_is_not(
    world: World, is_planted: bool
) -> None:
    scene = await a_scene(world, is_restricted=True)
    client_id = await new_client(scene.colleague)
    transfer_id = UUID(await accepted(scene))
    case_id = UUID(await open_case(scene.colleague, client_id))
    take = "UPDATE received_packages SET case_id = $2 WHERE id = $1"
    switch = "ALTER TABLE received_packages {} TRIGGER hidden"
    if is_planted:
        await world.admin.execute(switch.format("DISABLE"))
    try:
        refused = (
            nullcontext() if is_planted else pytest.raises(asyncpg.CheckViolationError, match="as hidden")
        )
        with refused:
            async with scene.hagen.sql(scene.colleague) as db:
                await (await db.driver()).execute(take, transfer_id, case_id)
    finally:
        await world.admin.execute(switch.format("ENABLE"))
    kept_in = await world.admin.fetchval("SELECT case_id FROM received_packages WHERE id = $1", transfer_id)
    assert (kept_in == case_id) is is_planted
