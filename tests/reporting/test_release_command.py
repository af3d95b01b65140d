"""`kim release`: the same answers as over HTTP, written to a file, with the rights of who signs in."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.access.roles import Role
from app.cli import app as command
from tests.identity.arrange import PASSWORD, hashed
from tests.reporting.arrange import Office, figures, lay_published
from tests.serving import serving
from tests.world import Person, World


@pytest.fixture
async def address(office: Office) -> AsyncIterator[str]:
    """The application behind a port."""
    async with serving(office.world.app) as where:
        yield where


async def mail(world: World, person: Person) -> str:
    """Give somebody an address and a password."""
    name = f"{person.user_id}@kim.example"
    await world.admin.execute(
        "UPDATE accounts SET email = $2, password_hash = $3 WHERE id = $1",
        person.account_id, name, hashed(PASSWORD),
    )  # fmt: skip
    return name


async def kim(address: str, who: str, *words: str, password: str = PASSWORD) -> Result:
    given = {"KIM_PASSWORD": password, "KIM_SERVER": address}
    asked = ["release", *words, "--as", who]
    return await asyncio.to_thread(CliRunner().invoke, command, asked, env=given)


async def test_report_and_workbook_of_the_last_published_release_are_written(
    office: Office, address: str, tmp_path: Path
) -> None:
    release_id = await lay_published(office.world)
    who = await mail(office.world, await office.world.person(Role.STEERING_MEMBER))
    listed = await kim(address, who, "list")
    assert (listed.exit_code, release_id in listed.output) == (0, True)
    pdf, book = tmp_path / "bericht.pdf", tmp_path / "bericht.xlsx"
    for file, begins in ((pdf, b"%PDF"), (book, b"PK")):
        written = await kim(address, who, "report", str(file), "--quarter", "2025Q3")
        assert written.exit_code == 0, written.output
        assert file.read_bytes().startswith(begins)
    stated = (await office.first.get(f"/v1/releases/{release_id}")).json()
    assert stated["sha256"] in written.output
    again = await kim(address, who, "report", str(pdf))
    assert again.exit_code == 2
    assert (await kim(address, who, "report", str(pdf), "--force")).exit_code == 0


async def test_what_is_not_published_is_written_for_nobody(
    office: Office, address: str, tmp_path: Path
) -> None:
    await figures(office.world, reports=12)
    await office.computed()
    who = await mail(office.world, office.first)
    refused = await kim(address, who, "report", str(tmp_path / "bericht.pdf"))
    assert (refused.exit_code, "No release is published" in refused.output) == (1, True)
    assert not (tmp_path / "bericht.pdf").exists()


async def test_command_has_no_other_rights_than_who_signs_in(
    office: Office, address: str, tmp_path: Path
) -> None:
    await lay_published(office.world)
    assistant = await mail(office.world, await office.world.person(Role.ASSISTANT))
    assert (await kim(address, assistant, "report", str(tmp_path / "a.pdf"))).exit_code == 1
    assert (await kim(address, assistant, "report", str(tmp_path / "a.xlsx"))).exit_code == 0
    manager = await mail(office.world, await office.world.case_manager())
    assert (await kim(address, manager, "list")).exit_code == 1
    assert (await kim(address, manager, "list", password="wrong")).exit_code == 1
    assert not (tmp_path / "a.pdf").exists()


async def test_other_kinds_of_files_are_refused_before_anything_is_asked(tmp_path: Path) -> None:
    refused = await kim("http://127.0.0.1:9", "a@kim.example", "report", str(tmp_path / "bericht.doc"))
    assert refused.exit_code == 2
    unreachable = await kim("http://127.0.0.1:9", "a@kim.example", "list")
    assert (unreachable.exit_code, "cannot be reached" in unreachable.output) == (1, True)
