"""Too few persons: nothing is sent of them, and nobody is told whether somebody withdrew."""

import pytest

from app.state_exports.handlers import compose_now
from tests.state_exports.arrange import PATH, Office
from tests.state_exports.test_exports import persons_in, withdrawn_in


async def test_too_few_persons_are_not_sent_but_a_withdrawal_is(office: Office) -> None:
    few = await office.persons(9)
    export = await office.checked()
    told = await office.read(export)
    assert (told["state"], told["refusal"], told["dry_run"]["is_enough"]) == ("refused", "too_few", False)
    await office.persons(3)
    assert len(await office.lines(await office.ready())) == 12
    for client in few[:3]:
        assert (await office.withdraw(client)).status_code == 200
    lines = await office.lines(await office.ready("2026Q1"))
    assert (len(withdrawn_in(lines)), persons_in(lines)) == (3, set())


@pytest.mark.parametrize("withdrawing", [0, 1])
async def test_too_few_after_a_file_look_alike_with_a_withdrawal_and_without(
    office: Office, withdrawing: int
) -> None:
    clients = await office.persons(10)
    first = await office.ready()
    await office.lines(first)
    await office.acknowledge(first)
    for client in clients[1:]:
        assert (await office.withdraw(client)).status_code == 200
    second = await office.ready("2026Q1")
    await office.lines(second)
    await office.acknowledge(second)
    for client in clients[:withdrawing]:
        assert (await office.withdraw(client)).status_code == 200
    export = await office.checked("2026Q2")
    told = await office.read(export)
    assert (told["state"], told["refusal"]) == ("checked", None)
    assert told["dry_run"]["withdrawals"] == {"at_least": 0, "at_most": 9}
    assert (await office.lead.post(f"{PATH}/{export}/release")).status_code == 200
    await office.in_work(compose_now, export)
    assert len(withdrawn_in(await office.lines(export))) == withdrawing
