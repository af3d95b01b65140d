"""The virus scanner: clean is kept, found is refused, no clear answer is refused too."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.documents import scanning
from app.documents.scanning import scanner_at
from app.settings import Settings
from tests.documents.arrange import Office, an_office, another_shelf, upload
from tests.documents.files import EICAR_LIKE, TEXT, pdf
from tests.documents.scanners import CLAMD, clamd, icap, real_clamd, serving
from tests.world import World


@pytest.fixture
async def office(world: World) -> Office:
    return await an_office(world)


@pytest.fixture
async def clamd_address(tmp_path: Path) -> AsyncIterator[str]:
    """A real clamd, as CI has it; where none is installed, a server that speaks its protocol."""
    if CLAMD is None:
        async with serving(clamd()) as port:
            yield f"clamd://127.0.0.1:{port}"
    else:
        with real_clamd(tmp_path) as address:
            yield address


async def answer_with(office: Office, address: str, content: bytes = TEXT) -> tuple[int, str | bool]:
    """Upload with a scanner; return the status, and the code or whether it was scanned."""
    with another_shelf(office.world.app, scanner=scanner_at(address)):
        answer = await upload(office.lead, office.path, content)
    body = answer.json()
    return answer.status_code, body["is_scanned"] if answer.status_code == 201 else body["code"]


async def test_clamd_lets_a_clean_file_pass(office: Office, clamd_address: str) -> None:
    large = pdf(body=b"% " + b"x" * (20 * 1024 * 1024) + b"\n")
    assert await answer_with(office, clamd_address) == (201, True)
    assert await answer_with(office, clamd_address, large) == (201, True)


async def test_clamd_finds_what_it_knows(office: Office, clamd_address: str) -> None:
    assert await answer_with(office, clamd_address, EICAR_LIKE) == (422, "virus_found")
    assert office.blobs() == []


async def test_an_icap_server_is_handed_the_whole_file_and_believed(office: Office) -> None:
    handed: list[bytes] = []
    large = TEXT * 4000
    async with serving(icap(handed)) as port:
        address = f"icap://127.0.0.1:{port}/avscan"
        assert await answer_with(office, address, large) == (201, True)
        assert await answer_with(office, address, EICAR_LIKE) == (422, "virus_found")
    assert handed == [large, EICAR_LIKE]


@pytest.mark.parametrize(
    "said",
    [
        b"INSTREAM size limit exceeded. ERROR\0",
        b"stream: Kim.Test ERROR\0",
        b"stream: NOT OK\0",
        b"OK\0",
        b"",
        b"\0",
    ],
)
async def test_a_clamd_without_a_clear_word_keeps_the_file_out(office: Office, said: bytes) -> None:
    async with serving(clamd(said)) as port:
        assert await answer_with(office, f"clamd://127.0.0.1:{port}") == (503, "scanner_unavailable")
    assert office.blobs() == []


@pytest.mark.parametrize(
    "said",
    [
        b"ICAP/1.0 200 OK\r\nEncapsulated: res-hdr=0, res-body=40\r\n\r\n",
        b"ICAP/1.0 404 Service not found\r\n\r\n",
        b"ICAP/1.0 500 Server error\r\n\r\n",
        b"HTTP/1.1 204 No Content\r\n\r\n",
        b"ICAP/1.0 204 No Con",
    ],
)
async def test_an_icap_server_without_a_clear_word_keeps_the_file_out(office: Office, said: bytes) -> None:
    async with serving(icap([], clean=said)) as port:
        assert await answer_with(office, f"icap://127.0.0.1:{port}/x") == (503, "scanner_unavailable")


async def test_a_scanner_that_is_away_keeps_the_file_out(office: Office) -> None:
    async with serving(clamd(b"")) as port:
        pass
    assert await answer_with(office, f"clamd://127.0.0.1:{port}") == (503, "scanner_unavailable")
    assert await answer_with(office, "clamd:///nowhere/clamd.sock") == (503, "scanner_unavailable")


async def test_a_scanner_that_never_answers_keeps_the_file_out(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "SECONDS", 0.05)

    async def silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with serving(silence) as port:
        assert await answer_with(office, f"clamd://127.0.0.1:{port}") == (503, "scanner_unavailable")


@pytest.mark.parametrize(
    "address", ["clamd", "http://host/x", "clamd://host:x", "icap://host", "clamd:relative"]
)
def test_an_address_that_is_none_is_refused_at_the_start(settings: Settings, address: str) -> None:
    with pytest.raises(ValueError, match="clamd"):
        Settings(**{**settings.model_dump(), "scanner_address": address})


def test_a_server_scans_when_it_was_told_to(settings: Settings, field_keys: Path) -> None:
    from app.documents.shelf import shelf_of
    from app.kit.sealing import load_field_keys

    told = settings.model_copy(update={"scanner_address": "clamd://127.0.0.1:3310"})
    shelf = shelf_of(told, load_field_keys(field_keys.read_text()))
    assert shelf is not None
    assert shelf.scanner is not None


async def test_the_server_without_clamd_speaks_its_protocol(office: Office) -> None:
    async with serving(clamd()) as port:
        address = f"clamd://127.0.0.1:{port}"
        assert await answer_with(office, address) == (201, True)
        assert await answer_with(office, address, EICAR_LIKE) == (422, "virus_found")
