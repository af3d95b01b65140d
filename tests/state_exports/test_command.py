"""`kim state export`: the dry run of the API from a terminal, with the rights of who signs in."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from typer.testing import CliRunner, Result

from app.cli import app as command
from app.state_exports.dry_run import LEFT_OUT
from app.state_exports.handlers import check_now
from app.state_exports.rules import LABELS, Refusal
from tests.identity.arrange import PASSWORD
from tests.reporting.test_release_command import mail
from tests.serving import serving
from tests.state_exports.arrange import PATH, QUARTER, Office
from tests.world import Person


@pytest.fixture
async def address(office: Office) -> AsyncIterator[str]:
    """The application behind a port."""
    async with serving(office.world.app) as where:
        yield where


async def kim(office: Office, address: str, who: Person, *words: str) -> Result:
    name = await mail(office.world, who)
    asked = [
        "state", "export", "--unit", str(office.unit), "--recipient", str(office.database),
        "--quarter", QUARTER,
        "--as", name, *words,
    ]  # fmt: skip
    given = {"KIM_PASSWORD": PASSWORD, "KIM_SERVER": address}
    return await asyncio.to_thread(CliRunner().invoke, command, asked, env=given)


async def _worker(office: Office) -> None:
    """Look at what is asked for as soon as it is there."""
    while True:
        for export in (await office.admin.get(PATH)).json()["items"]:
            if export["state"] == "requested":
                await office.in_work(check_now, export["id"])
                return


async def test_dry_run_says_what_would_leave_and_puts_it_aside(office: Office, address: str) -> None:
    await office.persons()
    working = asyncio.create_task(_worker(office))
    told = await kim(office, address, office.admin, "--dry-run")
    await working
    assert told.exit_code == 0, told.output
    assert "persons (Personen): 10 to 19" in told.output
    assert "left out, never_consented (nie eingewilligt): 0 to 9" in told.output
    assert [each["state"] for each in (await office.admin.get(PATH)).json()["items"]] == ["discarded"]


async def test_without_it_the_export_waits_for_its_release(office: Office, address: str) -> None:
    await office.persons()
    working = asyncio.create_task(_worker(office))
    told = await kim(office, address, office.admin)
    await working
    assert "waits until a team lead" in told.output
    (export,) = (await office.admin.get(PATH)).json()["items"]
    assert export["state"] == "checked"
    taken = await kim(office, address, office.admin)
    assert (taken.exit_code, "Another export of this unit is open" in taken.output) == (1, True)


async def test_too_few_are_said_to_be_too_few(office: Office, address: str) -> None:
    working = asyncio.create_task(_worker(office))
    told = await kim(office, address, office.admin, "--dry-run")
    await working
    assert (told.exit_code, "refused: too_few (weniger als 10 Personen)" in told.output) == (0, True)


def test_every_code_that_a_dry_run_can_print_has_a_german_label() -> None:
    assert {"persons", "withdrawals", *LEFT_OUT, *Refusal} == LABELS.keys()
    assert all(label and label != code for code, label in LABELS.items())


async def test_of_withdrawals_alone_no_count_is_said(office: Office, address: str) -> None:
    await office.persons()
    export = await office.ready()
    await office.lines(export)
    await office.acknowledge(export)
    working = asyncio.create_task(_worker(office))
    told = await kim(office, address, office.admin)
    await working
    assert told.exit_code == 0, told.output
    assert ("withdrawals alone" in told.output, "persons" in told.output) == (True, False)


async def test_command_waits_no_longer_than_it_is_told_and_others_may_not_ask(
    office: Office, address: str
) -> None:
    late = await kim(office, address, office.admin, "--wait-seconds", "0")
    assert (late.exit_code, "has not looked yet" in late.output) == (1, True)
    assert (await kim(office, address, office.lead)).exit_code == 1
