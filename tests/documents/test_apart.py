"""Looking into a file happens in a process that is ended when it takes too much; that is a refusal."""

import asyncio
import os
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from app.documents.inspection import Reason, Refused, apart
from app.documents.inspection.apart import Limits, kind_apart
from app.kit import apart as processes
from app.kit.errors import Unavailable
from tests.documents import files
from tests.documents.arrange import an_office, upload
from tests.hurry import NO_HURRY
from tests.world import World

UNHURRIED = Limits(cpu_seconds=600, patience_seconds=NO_HURRY)
SOON = Limits(cpu_seconds=2, patience_seconds=NO_HURRY)
"""For what would go on for ever."""


@pytest.fixture
def astray(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "_MODULE", "tests.documents.astray")


async def reason_of(content: bytes, limits: Limits = UNHURRIED) -> Reason | None:
    """Return why a file is refused; None for one that is kept."""
    try:
        await kind_apart(content, limits)
    except Refused as refused:
        return refused.reason
    return None


@pytest.mark.parametrize(
    ("content", "code"),
    [(files.TEXT, "text"), (files.pdf(), "pdf"), (files.picture(), "png"), (files.word(), "docx")],
)
async def test_the_answer_is_the_same_apart(content: bytes, code: str) -> None:
    assert (await kind_apart(content)).code == code


async def test_a_refusal_keeps_its_reason_apart() -> None:
    assert await reason_of(b"MZ\x90\x00\x03") is Reason.KIND


async def test_a_file_larger_than_any_pipe_is_looked_into() -> None:
    assert await reason_of(b"x" * (25 * 1024 * 1024)) is None


@pytest.mark.usefixtures("astray")
@pytest.mark.parametrize("what", ["search", "hoard", "burst", "killed", "raise", "chatter", "lie", "claim"])
async def test_a_process_that_goes_wrong_means_a_refusal(what: str) -> None:
    assert await reason_of(what.encode(), SOON) is Reason.LOST


@pytest.mark.usefixtures("astray")
async def test_a_process_that_dies_before_it_has_read_everything_means_a_refusal() -> None:
    assert await reason_of(b"burst " + bytes(20 * 1024 * 1024)) is Reason.LOST
    assert await reason_of(bytes(20 * 1024 * 1024), Limits(memory_bytes=1)) is Reason.LOST


@pytest.mark.usefixtures("astray")
async def test_a_process_that_never_answers_is_ended() -> None:
    assert await reason_of(b"wait", Limits(patience_seconds=0.0)) is Reason.LOST


@pytest.mark.usefixtures("astray")
async def test_a_process_cannot_write_a_file(tmp_path: Path) -> None:
    written = tmp_path / "written"
    assert await reason_of(f"write {written}".encode()) is Reason.LOST
    assert not written.exists() or written.stat().st_size == 0


@pytest.mark.usefixtures("astray")
async def test_a_process_is_told_nothing_of_the_application(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIM_DATABASE_URL", "postgresql://secret")
    assert await reason_of(b"tell") is None


@pytest.mark.usefixtures("astray")
async def test_what_a_process_said_of_a_file_is_in_no_log() -> None:
    with capture_logs() as logs:
        assert await reason_of(b"raise Amina") is Reason.LOST
    assert [(each["event"], each["kind"]) for each in logs] == [("inspection_lost", "LookupError")]
    assert "Amina" not in str(logs)


@pytest.mark.usefixtures("astray")
async def test_whoever_stops_waiting_ends_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    started: asyncio.Queue[asyncio.subprocess.Process] = asyncio.Queue()
    start = asyncio.create_subprocess_exec

    async def watched(*args: str, **kwargs: object) -> asyncio.subprocess.Process:
        process = await start(*args, **kwargs)  # type: ignore[arg-type]  # passed on as it came
        await started.put(process)
        return process

    monkeypatch.setattr(processes.asyncio, "create_subprocess_exec", watched)
    waiting = asyncio.create_task(kind_apart(b"wait"))
    process = await started.get()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    with pytest.raises(ProcessLookupError):
        os.kill(process.pid, 0)


async def test_a_machine_that_starts_no_process_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes.sys, "executable", "/nonexistent/python")
    with pytest.raises(Unavailable):
        await kind_apart(files.TEXT)


@pytest.mark.usefixtures("astray")
async def test_an_upload_that_is_not_looked_into_is_no_fault_of_the_server(world: World) -> None:
    office = await an_office(world)
    answer = await upload(office.lead, office.path, b"burst")
    assert (answer.status_code, answer.json()["code"]) == (422, "document_not_inspected")
    assert office.blobs() == []


def many_relations() -> bytes:
    """Return less than ten kilobytes, of which a search for relations once made hours."""
    return files.word({"_rels/.rels": b"<Relationship " * (1_000_000 // 14)})


def many_spelled_names() -> bytes:
    """Return twelve kilobytes whose names once took 360 MB to spell out."""
    return files.pdf(body=files.object_stream(b"4 0 " + b"/#41 " * 1_600_000))


@pytest.mark.parametrize(
    ("content", "expected"), [(many_relations(), Reason.DAMAGED), (many_spelled_names(), None)]
)
async def test_what_once_took_hours_is_decided_at_once(content: bytes, expected: Reason | None) -> None:
    assert len(content) < 16_000
    assert await reason_of(content) is expected


async def test_a_long_sheet_is_read_within_the_memory_one_may_use() -> None:
    rows = b"".join(b"<c><v>%d</v><f>SUM(A%d:A9)</f></c>" % (each * 7919, each) for each in range(100_000))
    sheet = b'<worksheet xmlns="urn:x">' + rows + b"</worksheet>"
    assert await reason_of(files.excel({"xl/worksheets/sheet1.xml": sheet})) is None


async def test_a_pdf_that_needs_more_memory_than_one_may_is_refused() -> None:
    objects = b"".join(b"%d 0 obj [0 0 0 0] endobj\n" % number for number in range(10, 200_000))
    assert await reason_of(files.pdf(body=objects), Limits(memory_bytes=96 * 1024 * 1024)) is Reason.LOST
