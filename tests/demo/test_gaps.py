"""The demonstration shows where offers are missing: needs that may be told, and offers beside them."""

import asyncpg
import orjson

from app.protection import Rules
from app.reporting.beside import protect_subject
from app.reporting.gaps.composing import gaps
from app.reporting.material import Material
from app.reporting.open_tables.offers import FREE_IN_TOWNS, FREE_PLACES, OFFERS, OFFERS_IN_TOWNS
from app.reporting.open_tables.rendering import open_tables
from app.reporting.parts import Figures
from app.reporting.rendering import render
from app.reporting.rules import Quarter, Size
from app.reporting.subjects import needs
from tests.reporting.frozen import RELEASE

QUARTER, WESEL, CLIENTS = Quarter.parse("2026Q2"), "KIM-05170", 360
OF_OFFERS = (OFFERS, FREE_PLACES, OFFERS_IN_TOWNS, FREE_IN_TOWNS)


async def test_gaps_of_the_last_quarter_are_not_empty(demo: asyncpg.Connection) -> None:
    async with demo.transaction():
        await demo.execute("SET LOCAL ROLE kim_reporting")
        await demo.execute("SELECT set_config('kim.area', $1, true)", WESEL)
        further = await needs.read(demo, QUARTER)
        read = {each.table.name: await each.read(demo, QUARTER) for each in OF_OFFERS}
    figures = Figures((), Size(CLIENTS, 0), (), "unknown", {"needs": further})
    material = Material("x", WESEL, "Kreis Wesel", QUARTER, None, figures, (), Rules(effort=50))
    told = protect_subject(needs.NEEDS, further, material, [])
    assert told is not None
    offered = {name: found for name, found in read.items() if found is not None}
    opened = [each.rendered for each in open_tables(RELEASE, offered)]
    protected = [
        render(RELEASE, table, shown, told.every)
        for table, shown in zip(told.tables, told.shown, strict=True)
    ]
    tables = [orjson.loads(each.json_de) for each in (*protected, *opened)]
    release = {
        "language": "de", "quarter": str(QUARTER), "sha256": "0" * 64, "content": {"area": "Kreis Wesel"},
        "tables": tables,
    }  # fmt: skip
    found = {line["gap"] for line in gaps(release)["lines"] if line["region"] == "total"}
    assert "no_offer" in found
    assert {"no_free_place", "fewer_places_than_persons", "places_for_all"} & found
    assert "need_not_known" in found
