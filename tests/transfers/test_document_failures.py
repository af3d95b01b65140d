"""A receipt that fails leaves no half: neither a document nor bytes that nobody sweeps."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID

import pytest

from app.documents import receiving as uploads
from app.documents.clearing import sweep
from app.documents.store import FolderStore
from app.kit.clock import utc_now
from app.kit.database import Database
from app.upkeep import Job
from app.wiring import wire
from app.worker import run_once
from tests.clients.arrange import new_client
from tests.documents.arrange import another_shelf, folder_of
from tests.transfers.arrange import (
    a_scene,
    receive,
    state_of,
)
from tests.transfers.carrying import (
    BIG,
    accepted_with,
    blobs,
    careless,
    put,
    rows,
)
from tests.world import World


async def test_a_refused_receipt_leaves_neither_row_nor_bytes(world: World) -> None:
    scene = await a_scene(world)
    transfer_id = await accepted_with(scene, await put(scene))
    await new_client(scene.colleague)
    path = f"/v1/transfers/{transfer_id}/receive"
    answer = await scene.colleague.post(path, {})
    assert (answer.status_code, answer.json()["code"]) == (409, "possible_duplicate")
    assert (blobs(scene, scene.hagen), await rows(scene.hagen)) == ([], 0)
    await receive(scene, transfer_id, confirm_new=True)
    assert (len(blobs(scene, scene.hagen)), await rows(scene.hagen)) == (1, 1)


@asynccontextmanager
async def failing(world: World, table: str) -> AsyncIterator[None]:
    """Let every row of a table of this area fail at the commit."""
    await world.admin.execute(
        "CREATE FUNCTION no_commit() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION USING errcode = '57P01'; END $$;"
        f" CREATE CONSTRAINT TRIGGER no_commit AFTER INSERT ON {table} DEFERRABLE INITIALLY DEFERRED"
        f" FOR EACH ROW WHEN (NEW.municipal_area_id = '{world.area}') EXECUTE FUNCTION no_commit()"
    )
    try:
        yield
    finally:
        await world.admin.execute(f"DROP TRIGGER no_commit ON {table}; DROP FUNCTION no_commit()")


async def test_a_receipt_that_fails_at_its_end_leaves_only_what_is_swept(
    world: World, worker_database: Database
) -> None:
    scene = await a_scene(world)
    transfer_id = await accepted_with(scene, await put(scene))
    async with failing(scene.hagen, "documents"):
        answer = await scene.colleague.post(f"/v1/transfers/{transfer_id}/receive", {})
    assert answer.status_code == 503
    assert (await rows(scene.hagen), await state_of(scene, transfer_id)) == (0, ("accepted", "accepted"))
    assert len(blobs(scene, scene.hagen)) == 1  # whether it was committed is not known, so it is not deleted
    await receive(scene, transfer_id)
    for path in blobs(scene, scene.hagen):
        os.utime(path, (0, 0))
    store = FolderStore(folder_of(world.app))
    job = Job("sweep_documents", timedelta(hours=6), sweep(store))
    await run_once(worker_database, wire(store=store), utc_now, [job], [scene.hagen.area])
    (left,) = blobs(scene, scene.hagen)
    kept = "SELECT blob_id FROM documents WHERE municipal_area_id = $1"
    assert left.name == str(await world.admin.fetchval(kept, scene.hagen.area))


async def test_a_receipt_that_fails_before_its_end_deletes_what_it_copied(world: World) -> None:
    scene = await a_scene(world)
    transfer_id = await accepted_with(scene, await put(scene), await put(scene, BIG))
    async with careless(world, "complete_transfer", "t.state = 'accepted'", "t.state = 'drafted'"):
        answer = await scene.colleague.post(f"/v1/transfers/{transfer_id}/receive", {})
    assert answer.status_code == 404
    assert (blobs(scene, scene.hagen), await rows(scene.hagen)) == ([], 0)
    assert await state_of(scene, transfer_id) == ("accepted", "accepted")


@pytest.mark.parametrize("what", ["changed", "lost"])
async def test_a_file_that_does_not_open_is_not_received_and_neither_is_the_other(
    world: World, what: str
) -> None:
    scene = await a_scene(world)
    transfer_id = await accepted_with(scene, await put(scene), await put(scene, BIG))
    path = max(blobs(scene, world), key=lambda each: each.stat().st_size)
    if what == "changed":
        path.write_bytes(path.read_bytes()[:-1] + b"\x00")
    else:
        path.unlink()
    answer = await scene.colleague.post(f"/v1/transfers/{transfer_id}/receive", {})
    assert (answer.status_code, answer.json()["code"]) == (503, "document_store_unavailable")
    assert (blobs(scene, scene.hagen), await rows(scene.hagen)) == ([], 0)
    assert await state_of(scene, transfer_id) == ("accepted", "accepted")


async def test_a_file_with_another_digest_than_was_shown_is_not_received(world: World) -> None:
    scene = await a_scene(world)
    chosen = await put(scene)
    promised = "0" * 64
    await world.admin.execute("UPDATE documents SET sha256 = $2 WHERE id = $1", UUID(chosen), promised)
    transfer_id = await accepted_with(scene, chosen)
    answer = await scene.colleague.post(f"/v1/transfers/{transfer_id}/receive", {})
    assert answer.status_code == 503
    assert blobs(scene, scene.hagen) == []


async def test_copying_waits_for_the_room_that_uploads_have(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = await a_scene(world)
    transfer_id = await accepted_with(scene, await put(scene))
    monkeypatch.setattr(uploads, "WAIT_SECONDS", 0.01)
    with another_shelf(world.app, room=asyncio.Semaphore(0)):
        answer = await scene.colleague.post(f"/v1/transfers/{transfer_id}/receive", {})
    assert (answer.status_code, blobs(scene, scene.hagen)) == (503, [])


async def test_a_case_without_documents_needs_no_store(world: World) -> None:
    scene = await a_scene(world)
    transfer_id = await accepted_with(scene)
    kept = world.app.state.shelf
    world.app.state.shelf = None
    try:
        await receive(scene, transfer_id)
    finally:
        world.app.state.shelf = kept


async def test_the_same_key_copies_once(world: World) -> None:
    scene = await a_scene(world)
    transfer_id = await accepted_with(scene, await put(scene))
    path = f"/v1/transfers/{transfer_id}/receive"
    for _ in range(2):
        answer = await scene.colleague.post(path, {}, idempotency_key="with-documents")
        assert answer.status_code == 200, answer.text
    assert (len(blobs(scene, scene.hagen)), await rows(scene.hagen)) == (1, 1)
