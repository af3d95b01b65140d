"""Documents through the API: put in, named, downloaded, removed, and who sees what of it."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from app.kit.clock import local_date, months_later, utc_now
from tests.consents.arrange import give_consent, withdraw
from tests.documents.arrange import Office, an_office, another_shelf, upload
from tests.documents.files import TEXT, pdf
from tests.world import World

MIB = 1024 * 1024


@pytest.fixture
async def office(world: World) -> Office:
    return await an_office(world)


async def test_an_upload_is_found_again_as_it_was(office: Office) -> None:
    made = await office.put(TEXT)
    assert (made["kind"], made["size_bytes"], made["source"]) == ("text", len(TEXT), "upload")
    assert made["sha256"] == hashlib.sha256(TEXT).hexdigest()
    assert (made["title"], made["category"], made["is_scanned"]) == ("Dokument", "other", False)
    answer = await office.lead.get(f"/v1/documents/{made['id']}/content")
    assert (answer.status_code, answer.content) == (200, TEXT)


async def test_a_file_of_the_largest_size_comes_back_whole(office: Office) -> None:
    content = pdf(body=b"% " + b"x" * (25 * MIB - len(pdf(body=b"% \n"))) + b"\n")
    assert len(content) == 25 * MIB
    made = await office.put(content)
    answer = await office.lead.get(f"/v1/documents/{made['id']}/content")
    assert hashlib.sha256(answer.content).hexdigest() == made["sha256"]


@pytest.mark.parametrize(
    "kind",
    [
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
        "text/plain, multipart/form-data",
        "multipart/mixed",
        "application/octet-stream, multipart/form-data",
        "application/pdf",
        " ",
    ],
)
async def test_only_the_file_itself_is_taken_and_nothing_else_leaves_a_trace(
    office: Office, kind: str
) -> None:
    answer = await upload(office.lead, office.path, pdf(), Content_Type=kind)
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")
    assert office.blobs() == []


async def test_a_file_may_come_without_a_word_on_what_it_is(office: Office) -> None:
    answer = await office.lead.http.post(office.path, content=pdf())
    assert (answer.status_code, answer.json()["kind"]) == (201, "pdf")


async def test_a_byte_more_is_refused_while_it_streams(office: Office) -> None:
    sent = 0

    async def pieces() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(60):
            sent += MIB
            yield b"x" * MIB

    answer = await upload(office.lead, office.path, pieces())
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert sent <= 27 * MIB
    assert office.blobs() == []


async def test_other_addresses_keep_their_limit(office: Office) -> None:
    body = {"note": "x" * (2 * MIB)}
    answer = await office.lead.post(f"/v1/cases/{office.case_id}/contacts", body)
    assert answer.status_code == 413


@pytest.mark.asvs("14.2.6")
async def test_what_lies_in_the_store_tells_nothing(office: Office) -> None:
    made = await office.put(TEXT * 4000)
    stored = (await office.stored(made["id"])).read_bytes()
    assert b"Bescheinigung" not in stored
    assert made["id"] not in str(await office.stored(made["id"]))


async def test_a_download_is_to_be_saved_and_never_shown(office: Office) -> None:
    made = await office.put()
    path = f"/v1/documents/{made['id']}"
    said = {"title": 'Bescheid "Müller"\r\nX-Evil: 1/../Привіт', "category": "notice"}
    assert (await office.lead.patch(path, said, if_match='"1"')).status_code == 200
    answer = await office.lead.get(f"{path}/content")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["cache-control"] == "no-store"
    assert "x-evil" not in answer.headers
    disposition = answer.headers["content-disposition"]
    assert disposition.startswith('attachment; filename="Bescheid Muller X-Evil 1 .. Privit.txt"; ')
    assert disposition.endswith("%D0%9F%D1%80%D0%B8%D0%B2%D1%96%D1%82.txt")


async def test_a_download_stands_in_the_journal_with_the_person(office: Office) -> None:
    made = await office.put()
    await office.lead.get(f"/v1/documents/{made['id']}/content")
    rows = await office.world.admin.fetch(
        "SELECT action, cardinality(client_pseudonyms) AS persons FROM audit_journal WHERE object_id = $1"
        " ORDER BY position", UUID(made["id"]),
    )  # fmt: skip
    assert [tuple(row) for row in rows] == [
        ("document.add", 1),
        ("document.read", 1),
        ("document.download", 1),
    ]


async def test_nothing_is_sent_when_the_journal_cannot_be_written(office: Office) -> None:
    made = await office.put()
    admin = office.world.admin
    await admin.execute(
        "CREATE FUNCTION no_journal() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION USING errcode = '53100'; END $$;"
        f" CREATE TRIGGER full_disk BEFORE INSERT ON audit_journal FOR EACH ROW"
        f" WHEN (NEW.municipal_area_id = '{office.world.area}') EXECUTE FUNCTION no_journal()"
    )
    try:
        answer = await office.lead.get(f"/v1/documents/{made['id']}/content")
    finally:
        await admin.execute("DROP TRIGGER full_disk ON audit_journal; DROP FUNCTION no_journal()")
    assert answer.status_code == 503
    assert TEXT not in answer.content


async def test_saying_what_it_is_sets_how_long_it_is_kept(office: Office) -> None:
    made = await office.put()
    path = f"/v1/documents/{made['id']}"
    said = {"title": "Attest", "category": "medical", "dated_on": "2026-03-31"}
    named = (await office.lead.patch(path, said, if_match='"1"')).json()
    in_a_year = str(months_later(local_date(utc_now()), 12))
    assert (named["title"], named["keep_until"], named["version"]) == ("Attest", in_a_year, 2)
    longer = await office.lead.patch(path, {"keep_until": None}, if_match='"2"')
    assert longer.json()["keep_until"] is None


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ({"category": "gossip"}, "body.category"),
        ({"dated_on": "2199-01-01"}, "body.dated_on"),
        ({"keep_until": "1999-01-01"}, "body.keep_until"),
        ({"dated_on": "2015-03-01", "keep_until": "2016-03-01"}, "body.keep_until"),
        ({"title": None}, "body.title"),
        ({"title": "  "}, "body.title"),
        ({"kind": "pdf"}, "body.unknown_field"),
    ],
)
async def test_what_cannot_be_is_refused(office: Office, said: dict[str, str], place: str) -> None:
    made = await office.put()
    answer = await office.lead.patch(f"/v1/documents/{made['id']}", said, if_match='"1"')
    assert (answer.status_code, answer.json()["errors"][0]["place"]) == (422, place)


async def test_a_change_needs_the_version_that_was_read(office: Office) -> None:
    path = f"/v1/documents/{(await office.put())['id']}"
    assert (await office.lead.patch(path, {"title": "A"})).status_code == 428
    first, second = await asyncio.gather(
        office.lead.patch(path, {"title": "A"}, if_match='"1"'),
        office.lead.patch(path, {"title": "B"}, if_match='"1"'),
    )
    assert sorted((first.status_code, second.status_code)) == [200, 412]


async def test_a_removed_document_is_a_tombstone(office: Office) -> None:
    made = await office.put()
    path = f"/v1/documents/{made['id']}"
    gone = (await office.lead.post(f"{path}/remove", {"reason": "wrong_person"}, if_match='"1"')).json()
    assert (gone["title"], gone["sha256"], gone["removal_reason"]) == (None, None, "wrong_person")
    assert gone["removed_by"] == str(office.lead.user_id)
    key = await office.world.admin.fetchval("SELECT sealed_key FROM documents WHERE id = $1", made["id"])
    assert key is None
    for answer in (
        await office.lead.get(f"{path}/content"),
        await office.lead.patch(path, {"title": "Doch"}, if_match='"2"'),
        await office.lead.post(f"{path}/remove", {"reason": "duplicate"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state")
    assert [each["id"] for each in (await office.lead.get(office.path)).json()["items"]] == [made["id"]]


async def test_a_removal_by_the_system_cannot_be_claimed(office: Office) -> None:
    path = f"/v1/documents/{(await office.put())['id']}/remove"
    assert (await office.lead.post(path, {"reason": "retention"})).status_code == 422


async def test_the_same_submit_twice_makes_one_document(office: Office) -> None:
    first, second = await asyncio.gather(
        upload(office.lead, office.path, TEXT, Idempotency_Key="upload-0001"),
        upload(office.lead, office.path, TEXT, Idempotency_Key="upload-0001"),
    )
    codes = {first.status_code, second.status_code}
    assert codes <= {201, 409}
    again = await upload(office.lead, office.path, TEXT, Idempotency_Key="upload-0001")
    assert again.status_code == 201
    assert len((await office.lead.get(office.path)).json()["items"]) == 1
    assert len(office.blobs()) == 1
    other = await upload(office.lead, office.path, b"Etwas anderes", Idempotency_Key="upload-0001")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert len(office.blobs()) == 1


async def test_a_refused_upload_leaves_neither_row_nor_bytes(office: Office) -> None:
    await office.world.admin.execute(
        "UPDATE cases SET phase = 'closed', closed_on = current_date WHERE id = $1", UUID(office.case_id)
    )
    answer = await upload(office.lead, office.path)
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state")
    assert office.blobs() == []
    assert await office.world.admin.fetchval(
        "SELECT count(*) FROM documents WHERE municipal_area_id = $1", office.world.area
    ) == 0  # fmt: skip


async def test_nothing_is_added_changed_or_removed_where_data_are_only_kept(office: Office) -> None:
    made = await office.put()
    consent = await give_consent(office.lead, office.client_id)
    await withdraw(office.lead, consent)
    path = f"/v1/documents/{made['id']}"
    for answer in (
        await upload(office.lead, f"/v1/clients/{office.client_id}/documents"),
        await office.lead.patch(path, {"title": "Attest"}, if_match='"1"'),
        await office.lead.post(f"{path}/remove", {"reason": "duplicate"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "processing_restricted")
    assert (await office.lead.get(f"{path}/content")).status_code == 200


async def test_the_story_of_the_case_tells_of_documents(office: Office) -> None:
    made = await office.put()
    await office.lead.post(f"/v1/documents/{made['id']}/remove", {"reason": "wrong_file"})
    answer = await office.lead.get(f"/v1/cases/{office.case_id}/timeline", kinds="document")
    told = [(each["what"], each["details"]["is_removed"]) for each in answer.json()["items"]]
    assert told == [("removed", True), ("added", True)], answer.text


async def test_a_server_without_a_store_says_so(office: Office) -> None:
    shelf, office.world.app.state.shelf = office.world.app.state.shelf, None
    try:
        answer = await upload(office.lead, office.path)
    finally:
        office.world.app.state.shelf = shelf
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "3600")


async def test_an_upload_waits_for_room_and_is_sent_away_when_there_is_none(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.documents.receiving.WAIT_SECONDS", 0.0)
    with another_shelf(office.world.app, room=asyncio.Semaphore(0)):
        answer = await upload(office.lead, office.path)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
