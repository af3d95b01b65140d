"""Whether somebody of a household is surely of full age: what is for children is not for their parents."""

from uuid import UUID

from app.access.context import Context
from app.clients.guardians.rules import AGE_OF_MAJORITY
from app.clients.rules import latest_birth
from app.kit.clock import local_date, months_later

# The client in person, a member who is a client, or whoever of the household bears the name.
_BORN = """SELECT k.birth_date, k.birth_precision FROM clients k
    WHERE k.id = coalesce($2::uuid, CASE WHEN $3::text IS NULL THEN $1::uuid END)
UNION ALL SELECT make_date(m.birth_year, 1, 1), 'year' FROM household_members m
    WHERE $2::uuid IS NULL AND m.client_id = $1 AND m.name = $3"""


async def is_surely_of_full_age(
    ctx: Context, client_id: UUID, member_client_id: UUID | None, member_name: str | None
) -> bool:
    """Return whether somebody is of full age today on the latest day on which they can have been born.

    Of whom nothing is known, it is not sure.
    """
    driver = await ctx.db.driver()
    rows = await driver.fetch(_BORN, client_id, member_client_id, member_name)
    born = [latest_birth(row["birth_date"], row["birth_precision"]) for row in rows]
    return bool(born) and all(
        each is not None and months_later(each, 12 * AGE_OF_MAJORITY) <= local_date(ctx.now) for each in born
    )
