"""Both stores keep, give, name and forget; the bucket against a real server that speaks S3."""

import os
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from app.documents.store import BucketStore, BytesGone, FolderStore, Store, StoreAway
from tests.documents.arrange import an_office, another_shelf, upload
from tests.documents.files import TEXT
from tests.world import World

BIG = os.urandom(3 * 1024 * 1024)


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    made = boto3.client(
        "s3",
        endpoint_url=address,
        region_name="eu-central-1",
        aws_access_key_id="k",
        aws_secret_access_key="s",
    )
    made.create_bucket(Bucket="kim", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    made.close()
    yield address
    server.stop()


def bucket(address: str, name: str = "kim") -> BucketStore:
    return BucketStore.at(name, endpoint=address, region="eu-central-1", key_id="k", secret="s")


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "folder":
        return FolderStore(tmp_path / "documents")
    return bucket(request.getfixturevalue("s3_server"))


async def whole(pieces: AsyncIterator[bytes]) -> bytes:
    return b"".join([piece async for piece in pieces])


async def test_what_is_put_is_given_back(store: Store) -> None:
    await store.put("KIM-1/one", BIG)
    assert await whole(await store.open("KIM-1/one")) == BIG


async def test_what_is_deleted_is_gone(store: Store) -> None:
    await store.put("KIM-2/one", b"x")
    await store.delete("KIM-2/one")
    await store.delete("KIM-2/one")
    with pytest.raises(BytesGone):
        await store.open("KIM-2/one")


async def test_names_are_those_of_the_area_with_their_moment(store: Store) -> None:
    for name in ("KIM-3/one", "KIM-3/two", "KIM-33/other"):
        await store.put(name, b"x")
    named = {name: put_at async for name, put_at in store.names("KIM-3")}
    assert set(named) == {"KIM-3/one", "KIM-3/two"}
    assert all(abs(datetime.now(UTC) - put_at) < timedelta(minutes=5) for put_at in named.values())
    assert [each async for each in store.names("KIM-4")] == []


async def test_a_folder_is_for_nobody_else(tmp_path: Path) -> None:
    await FolderStore(tmp_path / "documents").put("KIM-1/one", b"x")
    for path, mode in (("documents/KIM-1", 0o700), ("documents/KIM-1/one", 0o600), ("documents", 0o700)):
        assert (tmp_path / path).stat().st_mode & 0o777 == mode


async def test_a_folder_that_cannot_be_written_is_away(tmp_path: Path) -> None:
    (tmp_path / "documents").write_text("a file where the folder should be")
    for act in (FolderStore(tmp_path / "documents").put("KIM-1/one", b"x"),):
        with pytest.raises(StoreAway):
            await act


async def test_a_bucket_that_is_not_there_is_away(s3_server: str) -> None:
    with pytest.raises(StoreAway):
        await bucket(s3_server, "nowhere").put("KIM-1/one", b"x")


async def test_documents_lie_in_a_bucket_as_well(world: World, s3_server: str) -> None:
    office = await an_office(world)
    with another_shelf(world.app, store=bucket(s3_server)):
        made = await office.put(TEXT)
        answer = await office.lead.get(f"/v1/documents/{made['id']}/content")
    assert answer.content == TEXT
    assert office.blobs() == []


class Broken:
    """A store whose disk is full, whose network is cut."""

    async def put(self, name: str, content: bytes) -> None:
        raise StoreAway

    async def open(self, name: str) -> AsyncIterator[bytes]:
        raise StoreAway

    async def delete(self, name: str) -> None:
        raise StoreAway


async def test_without_the_store_nothing_is_acknowledged(world: World) -> None:
    office = await an_office(world)
    made = await office.put()
    with another_shelf(world.app, store=Broken()):
        answer = await upload(office.lead, office.path)
        again = await office.lead.get(f"/v1/documents/{made['id']}/content")
    assert (answer.status_code, answer.json()["code"]) == (503, "document_store_unavailable")
    assert (again.status_code, again.json()["code"]) == (503, "document_store_unavailable")
    assert len((await office.lead.get(office.path)).json()["items"]) == 1


async def test_bytes_that_were_changed_or_lost_are_an_error_and_not_a_document(world: World) -> None:
    office = await an_office(world)
    made, other = await office.put(), await office.put()
    path = await office.stored(made["id"])
    path.write_bytes((await office.stored(other["id"])).read_bytes())
    swapped = await office.lead.get(f"/v1/documents/{made['id']}/content")
    path.unlink()
    lost = await office.lead.get(f"/v1/documents/{made['id']}/content")
    assert {answer.status_code for answer in (swapped, lost)} == {503}
    assert TEXT not in swapped.content + lost.content
