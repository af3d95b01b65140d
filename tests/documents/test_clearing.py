"""What the worker clears: bytes of what was removed, what is kept no longer, bytes that belong to nobody."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import pytest

from app.access.roles import Role
from app.documents.clearing import ORPHAN_AGE, end_keeping, sweep
from app.documents.rotation import DOCUMENT_KEYS
from app.documents.store import FolderStore
from app.kit.clock import local_date, months_later, utc_now
from app.kit.database import Database
from app.kit.roles import with_role
from app.kit.sealing import FieldKeys, load_field_keys, with_new_keys
from app.upkeep import Job
from app.wiring import wire
from app.worker import run_once
from tests import database
from tests.cases.arrange import etag
from tests.consents.arrange import consent_body
from tests.documents.arrange import Office, an_office, another_shelf, filed_long_ago, folder_of
from tests.documents.files import TEXT
from tests.world import World


@pytest.fixture
async def office(world: World) -> Office:
    return await an_office(world)


async def work(office: Office, worker: Database, *jobs: Job, later: timedelta = timedelta()) -> None:
    """Let the worker run, so much later."""
    store = FolderStore(folder_of(office.world.app))
    await run_once(worker, wire(store=store), lambda: utc_now() + later, jobs, [office.world.area])


@pytest.fixture
def renewed(field_keys: Path) -> FieldKeys:
    return load_field_keys(with_new_keys(field_keys.read_text()))


def sweeping(office: Office) -> Job:
    return Job("sweep_documents", timedelta(hours=6), sweep(FolderStore(folder_of(office.world.app))))


async def test_bytes_of_a_removed_document_are_deleted(office: Office, worker_database: Database) -> None:
    made, kept = await office.put(), await office.put()
    await office.lead.post(f"/v1/documents/{made['id']}/remove", {"reason": "duplicate"})
    await work(office, worker_database)
    assert office.blobs() == [await office.stored(kept["id"])]


async def test_bytes_without_a_document_are_swept_when_they_are_old(
    office: Office, worker_database: Database
) -> None:
    kept = await office.put()
    folder = (await office.stored(kept["id"])).parent
    young, old, partial = folder / str(uuid4()), folder / str(uuid4()), folder / ".partial-x"
    for path in (young, old, partial):
        path.write_bytes(b"KIM1 of an upload that came to nothing")
    long_ago = (datetime.now(UTC) - ORPHAN_AGE - timedelta(minutes=1)).timestamp()
    for path in (old, partial, await office.stored(kept["id"])):
        os.utime(path, (long_ago, long_ago))
    await work(office, worker_database, sweeping(office))
    assert set(office.blobs()) == {young, await office.stored(kept["id"])}


async def test_a_crash_between_store_and_commit_loses_nothing_that_was_acknowledged(
    office: Office, worker_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    acknowledged = await office.put()
    monkeypatch.setattr("app.documents.store.FolderStore.delete", _dies)  # the process cannot tidy up either
    await office.world.admin.execute(
        "CREATE FUNCTION no_commit() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION USING errcode = '57P01'; END $$;"
        " CREATE CONSTRAINT TRIGGER no_commit AFTER INSERT ON documents DEFERRABLE INITIALLY DEFERRED"
        f" FOR EACH ROW WHEN (NEW.municipal_area_id = '{office.world.area}') EXECUTE FUNCTION no_commit()"
    )
    try:
        answer = await office.lead.http.post(office.path, content=TEXT)
    finally:
        await office.world.admin.execute("DROP TRIGGER no_commit ON documents; DROP FUNCTION no_commit()")
    monkeypatch.undo()
    assert answer.status_code == 503
    assert len((await office.lead.get(office.path)).json()["items"]) == 1
    assert len(office.blobs()) == 2
    for path in office.blobs():
        os.utime(path, (0, 0))
    await work(office, worker_database, sweeping(office))
    assert office.blobs() == [await office.stored(acknowledged["id"])]
    again = await office.lead.get(f"/v1/documents/{acknowledged['id']}/content")
    assert again.content == TEXT


async def _dies(self: FolderStore, name: str) -> None:
    raise OSError


async def test_bytes_of_an_erased_person_are_swept(office: Office, worker_database: Database) -> None:
    await office.put()
    for table in ("case_contents", "case_phases", "assignments"):
        key = "id" if table == "case_contents" else "case_id"
        await office.world.admin.execute(f"DELETE FROM {table} WHERE {key} = $1", UUID(office.case_id))
    await office.world.admin.execute("DELETE FROM cases WHERE id = $1", UUID(office.case_id))
    for path in office.blobs():
        os.utime(path, (0, 0))
    await work(office, worker_database, sweeping(office))
    assert office.blobs() == []


async def test_what_is_kept_no_longer_becomes_a_tombstone_unless_something_rests_on_it(
    office: Office, worker_database: Database
) -> None:
    over, evidence, kept = await office.put(), await office.put(), await office.put()
    for made in (over, evidence):
        await filed_long_ago(office, made["id"])
    body = consent_body(office.client_id, None, evidence_document_id=evidence["id"])
    assert (await office.lead.post("/v1/consents", body)).status_code == 201
    await work(office, worker_database, Job("end", timedelta(hours=1), end_keeping))
    read = [(await office.lead.get(f"/v1/documents/{each['id']}")).json() for each in (over, evidence, kept)]
    assert [each["removal_reason"] for each in read] == ["retention", None, None]
    assert (read[0]["title"], read[0]["removed_by"]) == (None, None)


@pytest.mark.parametrize(
    ("category", "months"), [("identity", 12), ("residence", 24), ("medical", 12), ("certificate", 60)]
)
async def test_an_old_paper_is_kept_from_the_day_it_came_in(
    office: Office, worker_database: Database, category: str, months: int
) -> None:
    made = await office.put()
    said = {"category": category, "dated_on": "2015-03-01", "title": "Geburtsurkunde"}
    named = (await office.lead.patch(f"/v1/documents/{made['id']}", said, if_match='"1"')).json()
    assert named["keep_until"] == str(months_later(local_date(utc_now()), months))
    await work(office, worker_database, Job("end", timedelta(hours=1), end_keeping))
    assert (await office.lead.get(f"/v1/documents/{made['id']}")).json()["removal_reason"] is None


async def test_what_was_filed_long_ago_is_still_there_a_month_after_it_was_sorted(office: Office) -> None:
    made = await office.put()
    await office.world.admin.execute(
        "UPDATE documents SET created_at = '2019-06-01', dated_on = '2019-06-01' WHERE id = $1", made["id"]
    )
    path = f"/v1/documents/{made['id']}"
    sorted_now = await office.lead.patch(
        path, {"category": "identity"}, if_match=await etag(office.lead, path)
    )
    assert sorted_now.json()["keep_until"] == str(months_later(local_date(utc_now()), 1))


async def test_nothing_is_over_on_the_day_it_comes_in_whoever_writes(office: Office) -> None:
    made = await office.put()
    with pytest.raises(asyncpg.CheckViolationError, match="kept_after_filing"):
        await office.world.admin.execute(
            "UPDATE documents SET dated_on = '2015-03-01', keep_until = '2016-03-01' WHERE id = $1",
            made["id"],
        )


async def test_the_worker_reads_no_title_and_no_key(office: Office, worker_database: Database) -> None:
    from app.kit.database import System

    for column in ("title", "sealed_key", "sha256"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with worker_database.transaction(System(office.world.area)) as db:
                await (await db.driver()).fetch(f"SELECT {column} FROM documents")


async def test_a_tombstone_does_not_come_back_whoever_writes(office: Office) -> None:
    made = await office.put()
    await office.lead.post(f"/v1/documents/{made['id']}/remove", {"reason": "duplicate"})
    with pytest.raises(asyncpg.CheckViolationError):
        await office.world.admin.execute(
            """UPDATE documents SET removed_at = NULL, removal_reason = NULL, title = 'x', sealed_key = 'x',
            sha256 = 'x' WHERE id = $1""", made["id"],
        )  # fmt: skip


async def test_after_a_change_of_keys_documents_open_without_the_old_ones(
    office: Office, renewed: FieldKeys, database_url: str
) -> None:
    made = await office.put()
    url = with_role(database_url, "kim_migrate", database.PASSWORD)
    assert await DOCUMENT_KEYS.left(url, renewed) > 0
    done, unopened = await DOCUMENT_KEYS.rotate(url, renewed)
    assert (done > 0, unopened) == (True, [])
    assert await DOCUMENT_KEYS.left(url, renewed) == 0
    with another_shelf(office.world.app, keys=renewed):
        answer = await office.lead.get(f"/v1/documents/{made['id']}/content")
    assert answer.content == TEXT
    with_old = await office.lead.get(f"/v1/documents/{made['id']}/content")
    assert with_old.status_code == 503


ASK = """INSERT INTO outbox (municipal_area_id, id, event, handler, payload)
VALUES (ctx_area(), $1, 'document.removed', 'delete_bytes', jsonb_build_object('blob_id', $2::text))"""


async def test_bytes_of_a_document_that_is_there_stay_whoever_asks(
    office: Office, worker_database: Database
) -> None:
    kept, unknown = await office.put(), uuid4()
    stored = await office.stored(kept["id"])
    stray = stored.parent / str(unknown)
    stray.write_bytes(b"x")
    async with office.world.sql(office.lead) as db:
        for blob in (stored.name, str(unknown)):
            await (await db.driver()).execute(ASK, uuid4(), blob)
    await work(office, worker_database)
    assert office.blobs() == [stored]
    assert not stray.exists()


async def test_institutions_ask_for_no_bytes_to_be_deleted(office: Office) -> None:
    kept = await office.put()
    partner = await office.world.person(Role.PARTNER_USER)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with office.world.sql(partner) as db:
            await (await db.driver()).execute(ASK, uuid4(), (await office.stored(kept["id"])).name)
