"""The first person of an area, created by the operator in the migration role; the API does the rest."""

from uuid import UUID

import asyncpg
from email_validator import EmailNotValidError, validate_email

from app.access.roles import AT_AN_INSTITUTION, Role
from app.identity.account_rules import normal_email, not_of_this_area
from app.identity.password_acceptance import accepted_hash
from app.identity.password_rules import SHORTEST_PASSWORD
from app.kit.errors import Conflict, Invalid
from app.kit.ids import new_id

_PROVISION = "SELECT provision_user($1, $2, $3, $4, $5, $6, $7)"


async def create_user(
    connection: asyncpg.Connection,
    *,
    email: str,
    name: str,
    area: str,
    unit: str,
    role: str,
    password: str,
) -> UUID:
    """Create a user at a unit of an area, with an initial password, and return their id.

    The unit is created (as a KI) when its name is new; an account that exists keeps its password. The
    connection is of the migration role. Raises `Invalid` for a weak password, what is no e-mail address, an
    unknown area or a role that no unit has, and `Conflict` for somebody who is a user of the area already.
    """
    if role not in set(Role) - AT_AN_INSTITUTION or not_of_this_area({Role(role)}, area):
        raise Invalid("No unit of this area has such a role.", code="role_elsewhere")
    address = normal_email(email)
    try:
        validate_email(address, check_deliverability=False)
    except EmailNotValidError:
        raise Invalid("This is no e-mail address.") from None
    hashed = await accepted_hash(
        password, place="password", shortest=SHORTEST_PASSWORD, forbidden_words=(address, name)
    )
    ids = [new_id() for _ in range(4)]
    try:
        async with connection.transaction():
            await connection.execute("SET LOCAL ROLE kim_owner")
            user_id: UUID = await connection.fetchval(
                _PROVISION, ids, area, address, hashed, name, role, unit
            )
    except asyncpg.ForeignKeyViolationError:
        raise Invalid("There is no such municipal area.", code="unknown_reference") from None
    except asyncpg.UniqueViolationError:
        raise Conflict("This person is a user of the area already.", code="duplicate") from None
    return user_id


async def provision_user(url: str, **person: str) -> UUID:
    """Do the same on a connection of its own (`create_user` says what a person has)."""
    connection = await asyncpg.connect(url)
    try:
        return await create_user(connection, **person)
    finally:
        await connection.close()
