"""Signals: a protected count, or that there was something, or nothing; for coordinators alone."""

from typing import Any

from app.access.roles import Role
from tests.reporting.arrange import Office, figures
from tests.reporting.population import Population


async def signals(office: Office, **query: Any) -> list[dict[str, Any]]:
    """Return all lines, page by page."""
    lines: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await office.first.get("/v1/signals", limit=200, **query, **cursor)).json()
        lines += page["items"]
        if page["next"] is None:
            return lines
        cursor = {"cursor": page["next"]}


async def test_no_signals_before_a_quarter_was_computed(office: Office) -> None:
    await figures(office.world)
    assert await signals(office) == []


async def test_there_is_one_line_for_all_that_was_reported_and_none_for_the_rest(office: Office) -> None:
    await figures(office.world)
    release_id = await office.computed()
    lines = await signals(office)
    told = {(line["barrier_type"], line["institution_group"]) for line in lines}
    rows = await office.world.admin.fetch(
        "SELECT DISTINCT barrier_type, institution_group FROM barrier_figures WHERE municipal_area_id = $1",
        office.world.area,
    )
    assert told == {(row[0], row[1]) for row in rows}
    assert len(told) == len(lines)
    assert {line["release_id"] for line in lines} == {release_id}


async def test_line_is_exactly_the_protected_cell_of_the_release(office: Office) -> None:
    await figures(office.world, population=Population(persons=900), reports=1200)
    table = await office.table(await office.computed(detail="small"), "signals")
    cells = {tuple(cell["codes"]): cell for cell in table["cells"]}
    lines = await signals(office)
    assert {line["status"] for line in lines} == {"count", "signal"}
    for line in lines:
        cell = cells[line["barrier_type"], line["institution_group"]]
        assert (line["status"], line["count"]) == (
            ("count", cell["value"]) if cell["status"] == "published" else ("signal", None)
        )


async def test_signal_does_not_tell_why_a_cell_is_suppressed(office: Office) -> None:
    await figures(office.world)
    await office.computed()
    hidden = [line for line in await signals(office) if line["status"] == "signal"]
    assert hidden
    assert {frozenset(line) for line in hidden} == {frozenset(hidden[0])}
    assert all(line["count"] is None for line in hidden)


async def test_interfaces_without_an_institution_have_a_line_of_their_own(office: Office) -> None:
    await figures(office.world)
    await office.world.admin.execute(
        """UPDATE barrier_figures SET institution_id = NULL, institution_type = NULL,
            institution_group = NULL, interface_from = 'ASYLBLG', interface_to = 'SGB_II'
        WHERE municipal_area_id = $1 AND interface_from IS NOT NULL""",
        office.world.area,
    )
    await office.computed()
    alone = [line for line in await signals(office) if line["institution_group"] is None]
    assert {line["institution_group_label"] for line in alone} == {"Schnittstelle ohne Einrichtung"}


async def test_discarded_release_has_no_signals(office: Office) -> None:
    await figures(office.world)
    release_id = await office.computed()
    await office.first.post(f"/v1/releases/{release_id}/discard")
    assert await signals(office) == []


async def test_one_quarter_can_be_asked_for(office: Office) -> None:
    population = await figures(office.world, "2025Q2")
    await office.published("2025Q2")
    await figures(office.world, "2025Q3", population=population)
    await office.computed("2025Q3")
    assert {line["quarter"] for line in await signals(office)} == {"2025Q2", "2025Q3"}
    assert {line["quarter"] for line in await signals(office, quarter="2025Q2")} == {"2025Q2"}
    assert (await office.first.get("/v1/signals", quarter="2025")).status_code == 422


async def test_steering_group_gets_no_signals(office: Office) -> None:
    steering = await office.world.person(Role.STEERING_MEMBER)
    assert (await steering.get("/v1/signals")).status_code == 403
