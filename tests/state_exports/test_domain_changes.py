"""Changes of what a person lives on: while they are disputed or only kept, none leaves by any way."""

from typing import Any
from uuid import UUID

import pytest

from tests.clients.arrange import add_period
from tests.state_exports.arrange import Office

OLD = {
    "strand": "livelihood",
    "legal_domain": "ASYLBLG",
    "valid_from": "2024-01-01",
    "valid_until": "2025-08-31",
}
NEW = {"strand": "livelihood", "legal_domain": "SGB_II", "valid_from": "2025-09-11"}


async def changed(office: Office, client: UUID, old: Any = OLD, new: Any = NEW) -> tuple[str, str]:
    """Let a client change from one benefit to another, and return the ids of both periods."""
    before = await add_period(office.manager, str(client), "legal-domains", **old)
    return before, await add_period(office.manager, str(client), "legal-domains", **new)


async def line_of_the_changed(office: Office) -> dict[str, Any]:
    """Return the one line that says something of a change or of what somebody lives on, or is disputed."""
    lines = await office.lines(await office.ready())
    told = [
        line
        for line in lines
        if line["livelihoods"] or line["disputed"] or any(each["domain_changes"] for each in line["cases"])
    ]
    return told[0] if told else {"livelihoods": [], "disputed": [], "cases": [{"domain_changes": []}]}


async def test_change_is_told_in_codes_quarters_and_bands(office: Office) -> None:
    client, *_ = await office.persons(10)
    await changed(office, client)
    line = await line_of_the_changed(office)
    assert line["cases"][0]["domain_changes"] == [
        {"from": "ASYLBLG", "to": "SGB_II", "changed_in": "2025Q3", "days_without": "up_to_30"}
    ]
    assert line["livelihoods"] == ["SGB_II"]


@pytest.mark.parametrize("side", [0, 1])
async def test_disputed_side_takes_every_change_out_and_is_named(office: Office, side: int) -> None:
    client, *_ = await office.persons(10)
    entry = (await changed(office, client))[side]
    says = {
        "entry": "legal-domains",
        "entry_id": entry,
        "says": "Das war anders",
        "disputed_on": "2025-12-01",
    }
    assert (await office.manager.post(f"/v1/clients/{client}/disputes", says)).status_code == 201
    line = await line_of_the_changed(office)
    assert line["disputed"] == ["livelihoods", "domain_changes"]
    assert (line["livelihoods"], line["cases"][0]["domain_changes"]) == (None, None)


@pytest.mark.parametrize("side", [0, 1])
async def test_side_that_is_only_kept_takes_every_change_out(office: Office, side: int) -> None:
    client, *_ = await office.persons(10)
    entry = (await changed(office, client))[side]
    kept = {"ground": "accuracy_contested", "entry": "legal-domains", "entry_id": entry, "asked_by": "client"}
    answer = await office.manager.post(f"/v1/clients/{client}/restrictions", kept)
    assert answer.status_code == 201, answer.text
    line = await line_of_the_changed(office)
    assert line["cases"][0]["domain_changes"] == []


@pytest.mark.parametrize("side", [0, 1])
async def test_change_goes_with_a_side_that_was_entered_in_error(office: Office, side: int) -> None:
    client, *_ = await office.persons(10)
    entry = (await changed(office, client))[side]
    path = f"/v1/clients/{client}/legal-domains/{entry}"
    gone = await office.manager.post(f"{path}/withdraw")
    assert gone.status_code == 200, gone.text
    line = await line_of_the_changed(office)
    assert line["cases"][0]["domain_changes"] == []
