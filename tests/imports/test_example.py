"""The sheet of docs/examples, as docs/import.md tells of it."""

import json
from pathlib import Path

from tests.imports.arrange import an_importer
from tests.world import World

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


async def test_of_thirty_persons_of_the_example_one_is_bad(world: World) -> None:
    importer = await an_importer(world)
    mapping = json.loads((EXAMPLES / "personen.mapping.json").read_text(encoding="utf-8"))

    found = await importer.read("clients", (EXAMPLES / "personen.csv").read_bytes(), mapping=mapping)

    assert await importer.findings(found["id"]) == [(29, "birth_date", "not_a_date")]
    done = await importer.take(found["id"], skip_bad=True)
    assert (done["rows"]["taken"], done["rows"]["bad"]) == (29, 1)
