"""The age band of a line: who can still be a minor is one."""

from datetime import date

import pytest

from tests.state_exports.arrange import Office, planted

_BORN = "UPDATE clients SET birth_date = $2, birth_precision = $3 WHERE id = $1"
QUARTER = "2025Q3"


async def bands(office: Office) -> list[str]:
    return sorted(line["age_band"] for line in await office.lines(await office.ready(QUARTER)))


@pytest.mark.parametrize(
    ("born", "precision", "band"),
    [
        (date(2007, 1, 1), "year", "16-17"), (date(2007, 1, 1), "day", "18-26"),
        (date(2007, 10, 1), "month", "16-17"), (date(2007, 9, 1), "month", "18-26"),
    ],
)  # fmt: skip
async def test_who_can_still_be_a_minor_is_one(office: Office, born: date, precision: str, band: str) -> None:
    first, *_ = await office.persons(10)
    await office.world.admin.execute(_BORN, first, born, precision)
    assert await bands(office) == sorted([band, *["27-39"] * 9])


async def test_year_of_birth_would_make_an_adult_if_it_began_with_its_first_day(office: Office) -> None:
    first, *_ = await office.persons(10)
    await office.world.admin.execute(_BORN, first, date(2007, 1, 1), "year")
    async with planted(office.world, "age_at_least", "'year'::text", "'never'::text"):
        assert await bands(office) == sorted(["18-26", *["27-39"] * 9])
